import { emptyCounter, openTally } from '../../domain/metering/books.ts';
import { type Difference, differencesOf } from '../../domain/metering/difference.ts';
import { dimensions, mergeRollups, type Rollup, rollUp } from '../../domain/metering/rollup.ts';
import { closedHours, daysFrom } from '../../domain/metering/sweep.ts';
import type { Books } from '../../ports/books.ts';
import { rowsIn } from './rows.ts';

/** What a reconciliation found; no difference is the proof that the books agree. */
export interface Reconciled {
  readonly from: string;
  readonly to: string;
  readonly orgs: number;
  /** Rows that were read. */
  readonly rows: number;
  readonly differences: readonly Difference[];
}

/** Compares ledger, counters and roll-ups of every org from a day to a day. Reads only. */
export async function reconcile(
  books: Books,
  { from, to }: Pick<Reconciled, 'from' | 'to'>,
  now: number,
): Promise<Reconciled> {
  const differences: Difference[] = [];
  let [orgs, rows] = [0, 0];
  for await (const org of books.orgs(now)) {
    orgs += 1;
    for (const day of daysFrom(from > org.since ? from : org.since, to)) {
      const compared = await compareDay(books, org.id, day, now);
      rows += compared.rows;
      differences.push(...compared.differences);
    }
  }
  return { from, to, orgs, rows, differences };
}

async function compareDay(books: Books, org_id: string, day: string, now: number) {
  const tally = openTally();
  let due: readonly Rollup[] = [];
  let count = 0;
  for await (const rows of rowsIn(books, org_id, [day])) {
    count += rows.length;
    for (const row of rows) tally.add(row);
    due = mergeRollups([...due, ...rollUp(rows)]);
  }
  const [calls, budgets] = await Promise.all([books.counters(org_id, 'CALLS'), books.counters(org_id, 'SPEND')]);
  const rollups: Rollup[] = [];
  for (const by of dimensions) for await (const rollup of books.rollups(org_id, by, day, day)) rollups.push(rollup);
  const name = `CALLS#${day}`;
  const differences = differencesOf({
    org_id,
    day,
    over: closedHours(day, now) === 24,
    tally,
    due,
    calls: calls.find((counter) => counter.name === name) ?? emptyCounter(name),
    budgets,
    rollups,
  });
  return { rows: count, differences };
}
