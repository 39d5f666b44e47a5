/** The figures that functions publish (CloudWatch embedded metric format), each with its unit; without dimensions, so that each costs once. */
export const figures = {
  /** Calls refused because the org's calls of the day were used up. */
  QuotaRefusals: 'Count',
  /** Calls refused because a budget did not hold their price. */
  BudgetRefusals: 'Count',
  /** Calls refused by a rate a minute. */
  RateRefusals: 'Count',
  /** Between the end of a call and its place in the roll-ups; the oldest of a batch. */
  LedgerLag: 'Milliseconds',
  /** Counters that a sweep had to correct. */
  CountersCorrected: 'Count',
  /** Places where ledger, counters and roll-ups of a day do not agree. */
  ReconcileDifferences: 'Count',
} as const;
/** One of them. */
export type Figure = keyof typeof figures;

const byCode: ReadonlyMap<string, Figure> = new Map([
  ['quota_exceeded', 'QuotaRefusals'],
  ['budget_exceeded', 'BudgetRefusals'],
  ['rate_limited', 'RateRefusals'],
]);

/** The figure that counts a call which ended so; undefined where none does. */
export const figureOf = (status: string): Figure | undefined => byCode.get(status);
