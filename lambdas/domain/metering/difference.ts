import { type Counter, slotSum, type Tally } from './books.ts';
import { nameOfRollup, noSums, type Rollup, type Sums } from './rollup.ts';

/** A place where the books do not agree: what the ledger says, and what the counter or the roll-up has. */
export interface Difference {
  readonly org_id: string;
  readonly day: string;
  /** `calls`, `calls h09`, a budget counter's name, or a roll-up: `team team_x price`. */
  readonly what: string;
  readonly ledger: number;
  readonly counter?: number;
  readonly rollup?: number;
}

/** The books of an org's day. */
export interface DayBooks {
  readonly org_id: string;
  readonly day: string;
  /** No environment can use a lease of the day any more. */
  readonly over: boolean;
  readonly tally: Tally;
  /** What the ledger's rows add up to. */
  readonly due: readonly Rollup[];
  readonly calls: Counter;
  readonly budgets: readonly Counter[];
  readonly rollups: readonly Rollup[];
}

type Check = Omit<Difference, 'org_id' | 'day'>;
const differs = ({ ledger, counter = ledger, rollup = ledger }: Check): boolean =>
  counter !== ledger || rollup !== ledger;

/** Every difference between ledger, counters and roll-ups of a day; empty is the proof that they agree. */
export function differencesOf(books: DayBooks): readonly Difference[] {
  const { org_id, day } = books;
  const checks = [...callsChecks(books), ...budgetChecks(books), ...rollupChecks(books)];
  return checks.filter(differs).map((check) => ({ org_id, day, ...check }));
}

function callsChecks({ over, tally, calls, rollups }: DayBooks): readonly Check[] {
  // Until the day is over, units that leases took may be unused.
  const unused = over ? 0 : Math.max(0, (calls.slots['leased'] ?? 0) - (tally.calls.get('leased') ?? 0));
  const ledger = [...tally.calls.values()].reduce((one, other) => one + other, 0);
  const slots = new Set([...tally.calls.keys(), ...Object.keys(calls.slots)]);
  return [
    {
      what: 'calls',
      ledger,
      counter: calls.used - unused,
      rollup: (rollups.find(({ by }) => by === 'org') ?? noSums).calls,
    },
    ...[...slots].map((slot) => ({
      what: `calls ${slot}`,
      ledger: tally.calls.get(slot) ?? 0,
      counter: (calls.slots[slot] ?? 0) - (slot === 'leased' ? unused : 0),
    })),
  ];
}

function budgetChecks({ day, tally, budgets }: DayBooks): readonly Check[] {
  const byName = new Map(budgets.map((counter) => [counter.name, counter]));
  const slot = `d${day}`;
  const named = new Set([
    ...tally.spend.keys(),
    ...budgets.filter(({ slots }) => slot in slots).map(({ name }) => name),
  ]);
  return [...named].flatMap((name) => {
    const counter = byName.get(name);
    return [
      { what: name, ledger: tally.spend.get(name) ?? 0, counter: counter?.slots[slot] ?? 0 },
      ...(counter ? [{ what: `${name} used`, ledger: slotSum(counter), counter: counter.used }] : []),
    ];
  });
}

function rollupChecks({ due, rollups }: DayBooks): readonly Check[] {
  const byName = (of: readonly Rollup[]) => new Map(of.map((rollup) => [nameOfRollup(rollup), rollup]));
  const [wanted, stored] = [byName(due), byName(rollups)];
  return [...new Map([...wanted, ...stored])].flatMap(([name, { by, of }]) =>
    (Object.keys(noSums) as (keyof Sums)[]).map((field) => ({
      what: `${by} ${of.join(' ')} ${field}`,
      ledger: (wanted.get(name) ?? noSums)[field],
      rollup: (stored.get(name) ?? noSums)[field],
    })),
  );
}
