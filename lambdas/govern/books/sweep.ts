import {
  type Correction,
  type Counter,
  correctionOf,
  emptyCounter,
  keptDays,
  openTally,
  type Tally,
} from '../../domain/metering/books.ts';
import { callsDue, dayBefore, daysToSweep, type Plan, planOf } from '../../domain/metering/sweep.ts';
import type { BookedOrg, Books } from '../../ports/books.ts';
import { rowsIn } from './rows.ts';

/** What a sweep did. */
export interface Swept {
  orgs: number;
  /** Rows that were read. */
  rows: number;
  /** Rows that a crash left open, UNKNOWN now. */
  unknown: number;
  /** Rows that the stream had not rolled up. */
  rolled_up: number;
  /** Counters that were not what the ledger says. */
  corrected: number;
}

/**
 * Makes the books agree with the ledger for every hour that is closed: what a crash left RESERVED becomes UNKNOWN, what
 * the stream lost is rolled up, counters become what the rows add up to. `atRest` takes every hour for closed: only for
 * when nobody calls. May be repeated and run twice at once; what it did not finish the next one does. Throws at its end
 * where the books of an org could not be swept.
 */
export async function sweepBooks(books: Books, now: number, atRest: boolean): Promise<Swept> {
  const swept: Swept = { orgs: 0, rows: 0, unknown: 0, rolled_up: 0, corrected: 0 };
  const faults: [orgId: string, fault: unknown][] = [];
  for await (const org of books.orgs(now)) {
    swept.orgs += 1;
    await sweepOrg(books, org, now, atRest, swept).catch((fault: unknown) => faults.push([org.id, fault]));
  }
  if (faults[0]) throw new Error(`Not swept: ${faults.map(([id]) => id).join(', ')}.`, { cause: faults[0][1] });
  return swept;
}

async function sweepOrg(
  books: Books,
  { id, since }: BookedOrg,
  now: number,
  atRest: boolean,
  swept: Swept,
): Promise<void> {
  const counters = new Map((await books.counters(id, 'CALLS')).map((counter) => [counter.name, counter]));
  for (const day of daysToSweep(since, now)) {
    const name = `CALLS#${day}`;
    const known = counters.get(name);
    const plan = planOf(day, known?.checked, now, atRest);
    if (!plan) continue;
    const tally = await settleRows(books, id, plan, swept);
    const calls = known ?? emptyCounter(name);
    const corrected = [
      ...(plan.budgets ? await sweepBudgets(books, id, day, tally, swept) : []),
      await apply(books, id, calls, correctionOf(calls, callsDue(tally.calls, calls.slots, plan)), swept),
    ];
    if (corrected.every(Boolean)) await books.checked(id, day, plan.checked);
  }
}

/** Ends what a crash left open, rolls up what the stream lost, and answers what the rows add up to. */
async function settleRows(books: Books, orgId: string, plan: Plan, swept: Swept): Promise<Tally> {
  const tally = openTally();
  for await (const rows of rowsIn(books, orgId, plan.prefixes)) {
    swept.rows += rows.length;
    const open = rows.filter(({ state }) => state === 'RESERVED');
    const ended = await Promise.all(open.map((row) => books.sweep(row)));
    swept.unknown += ended.filter(({ status }) => status === 'swept').length;
    const settled = [...rows.filter(({ state }) => state !== 'RESERVED'), ...ended];
    for (const row of settled) tally.add(row);
    swept.rolled_up += await books.rollUp([
      ...rows.filter(({ state, rolled }) => state !== 'RESERVED' && !rolled),
      ...ended,
    ]);
  }
  return tally;
}

/** Compares the day's part of every budget; answers for each whether it is right now. */
async function sweepBudgets(
  books: Books,
  orgId: string,
  day: string,
  { spend }: Tally,
  swept: Swept,
): Promise<readonly boolean[]> {
  const slot = `d${day}`;
  const counters = new Map((await books.counters(orgId, 'SPEND')).map((counter) => [counter.name, counter]));
  for (const name of spend.keys()) if (!counters.has(name)) counters.set(name, emptyCounter(name));
  const right: boolean[] = [];
  for (const counter of counters.values()) {
    const due = spend.get(counter.name) ?? 0;
    const correction = correctionOf(counter, new Map([[slot, due]]), dayBefore(day, keptDays));
    right.push(await apply(books, orgId, counter, correction, swept));
  }
  return right;
}

async function apply(
  books: Books,
  orgId: string,
  counter: Counter,
  correction: Correction | undefined,
  swept: Swept,
): Promise<boolean> {
  if (!correction) return true;
  const done = await books.correct(orgId, counter, correction);
  if (done && correction.wrong) swept.corrected += 1;
  return done;
}
