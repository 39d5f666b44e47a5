import { expect, test } from '@jest/globals';
import { emptyCounter, openTally } from '../../../lambdas/domain/metering/books.ts';
import { type DayBooks, differencesOf } from '../../../lambdas/domain/metering/difference.ts';
import { rollUp } from '../../../lambdas/domain/metering/rollup.ts';
import { aSettledRow } from '../../support/ledger.ts';

const budget = 'SPEND#team#team_web#2026-11';
const rows = [1, 2, 3].map((n) => aSettledRow({ id: `call_${n}`, charged: [budget] }));

/** Books that agree: three calls, a budget. */
function books(given: Partial<DayBooks> = {}): DayBooks {
  const tally = openTally();
  for (const row of rows) tally.add(row);
  return {
    org_id: 'default',
    day: '2026-11-24',
    over: true,
    tally,
    due: rollUp(rows),
    calls: { ...emptyCounter('CALLS#2026-11-24'), used: 3, slots: { h09: 3 } },
    budgets: [{ ...emptyCounter(budget), used: 9_000, slots: { 'd2026-11-23': 6_000, 'd2026-11-24': 3_000 } }],
    rollups: rollUp(rows),
    ...given,
  };
}
const differences = (given: Partial<DayBooks>) =>
  differencesOf(books(given)).map(({ what, ledger, counter, rollup }) => [what, ledger, counter ?? rollup]);

test('books that agree have no difference', () => {
  expect(differencesOf(books())).toEqual([]);
  expect(differencesOf(books({ over: false }))).toEqual([]);
});

test('QU-12 a deleted or negative counter is found, by what it should be', () => {
  expect(differencesOf(books({ calls: emptyCounter('CALLS#2026-11-24') }))).toEqual([
    { org_id: 'default', day: '2026-11-24', what: 'calls', ledger: 3, counter: 0, rollup: 3 },
    { org_id: 'default', day: '2026-11-24', what: 'calls h09', ledger: 3, counter: 0 },
  ]);
  const negative = { ...emptyCounter('CALLS#2026-11-24'), used: -5, slots: { h09: 3 } };
  expect(differences({ calls: negative })).toEqual([['calls', 3, -5]]);
});

test('a budget that is gone, wrong on the day or in sum, or charged for what no row says, is found', () => {
  expect(differences({ budgets: [] })).toEqual([[budget, 3_000, 0]]);
  const off = { ...emptyCounter(budget), used: 9_000, slots: { 'd2026-11-24': 2_000 } };
  expect(differences({ budgets: [off] })).toEqual([
    [budget, 3_000, 2_000],
    [`${budget} used`, 2_000, 9_000],
  ]);
  const stray = { ...emptyCounter('SPEND#org#default#total'), used: 7, slots: { 'd2026-11-24': 7 } };
  expect(differences({ budgets: [...books().budgets, stray] })).toEqual([['SPEND#org#default#total', 0, 7]]);
  const elsewhere = { ...stray, slots: { 'd2026-11-23': 7 } };
  expect(differences({ budgets: [...books().budgets, elsewhere] })).toEqual([]);
});

test('a roll-up that lacks a call, or has one that no row says, is found in every field', () => {
  expect(differences({ rollups: rollUp(rows).filter(({ by }) => by !== 'server') })).toEqual([
    ['server srv_docs calls', 3, 0],
    ['server srv_docs done', 3, 0],
    ['server srv_docs price', 3_000, 0],
  ]);
  const stray = rollUp([aSettledRow({ team_id: 'team_x', state: 'FAILED' })]).filter(({ by }) => by === 'team');
  expect(differences({ rollups: [...rollUp(rows), ...stray] })).toEqual([
    ['team team_x calls', 0, 1],
    ['team team_x failed', 0, 1],
    ['team team_x price', 0, 1_000],
  ]);
  expect(differences({ rollups: [] })[0]).toEqual(['calls', 3, 3]);
});

test('units of leases that nobody used are no difference until the day is over', () => {
  const leased = { ...emptyCounter('CALLS#2026-11-24'), used: 103, slots: { h09: 3, leased: 100 } };
  expect(differences({ calls: leased, over: false })).toEqual([]);
  expect(differences({ calls: leased })).toEqual([
    ['calls', 3, 103],
    ['calls leased', 0, 100],
  ]);
  const short = openTally();
  for (const row of rows) short.add({ ...row, slot: 'leased' });
  const calls = { ...emptyCounter('CALLS#2026-11-24'), used: 2, slots: { leased: 2 } };
  expect(differences({ calls, tally: short, over: false })).toEqual([
    ['calls', 3, 2],
    ['calls leased', 3, 2],
  ]);
});
