import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type Counter,
  correctionOf,
  emptyCounter,
  openTally,
  slotSum,
} from '../../../lambdas/domain/metering/books.ts';
import { aSettledRow } from '../../support/ledger.ts';

const calls: Counter = { ...emptyCounter('CALLS#2026-11-24'), used: 5, slots: { h09: 3, h10: 2 } };

test('a tally counts every row that was not released by its slot, and its price in each budget it was charged to', () => {
  const tally = openTally();
  const charged = ['SPEND#key#k#total', 'SPEND#org#default#2026-11'];
  for (const state of ['DONE', 'UNKNOWN', 'RESERVED', 'RELEASED'] as const) tally.add(aSettledRow({ state, charged }));
  tally.add(aSettledRow({ slot: 'leased' }));
  expect(tally.calls).toEqual(
    new Map([
      ['h09', 3],
      ['leased', 1],
    ]),
  );
  expect(tally.spend).toEqual(new Map(charged.map((name) => [name, 3_000])));
});

test('a counter that is what the ledger says needs no correction', () => {
  expect(correctionOf(calls, new Map([['h09', 3]]))).toBeUndefined();
  expect(correctionOf(calls, new Map([['h08', 0]]))).toBeUndefined();
});

test.each([
  ['counter taken, row never written', new Map([['h09', 2]]), { slots: { h09: 2 }, add: -1 }],
  ['row written, counter not taken', new Map([['h09', 4]]), { slots: { h09: 4 }, add: 1 }],
  ['a slot nobody took from', new Map([['h11', 1]]), { slots: { h11: 1 }, add: 1 }],
])('%s: the slot becomes the ledger’s and used follows', (_, ledger, correction) => {
  expect(correctionOf(calls, ledger)).toEqual({ ...correction, drop: [], wrong: true });
});

test('QU-12 a counter whose used was set by hand becomes the sum of its slots; a deleted one comes back', () => {
  expect(correctionOf({ ...calls, used: -7 }, new Map())).toEqual({ slots: {}, drop: [], add: 12, wrong: true });
  expect(correctionOf(emptyCounter(calls.name), new Map([['h09', 3]]))).toMatchObject({ slots: { h09: 3 }, add: 3 });
});

test('days of a budget that are long over become one slot, which changes nothing of what is used', () => {
  const budget = {
    ...emptyCounter('SPEND#org#default#total'),
    used: 60,
    slots: { 'd2026-01-01': 10, 'd2026-01-02': 20, 'd2026-11-24': 30 },
  };
  const folded = correctionOf(budget, new Map(), '2026-10-15');
  expect(folded).toEqual({ slots: { before: 30 }, drop: ['d2026-01-01', 'd2026-01-02'], add: 0, wrong: false });
  const again = { ...budget, slots: { before: 30, 'd2026-10-14': 0, 'd2026-11-24': 30 } };
  expect(correctionOf(again, new Map([['d2026-10-14', 5]]), '2026-10-15')).toEqual({
    slots: { before: 35 },
    drop: ['d2026-10-14'],
    add: 5,
    wrong: true,
  });
});

test('whatever a counter holds, once corrected its slots are the ledger’s, used is their sum, and nothing is left to do', () => {
  const slot = fc.constantFrom('h00', 'h09', 'leased', 'd2026-01-01', 'd2026-11-24', 'before');
  const slots = fc.dictionary(slot, fc.integer({ min: -50, max: 50 }), { noNullPrototype: true });
  const ledger = fc.dictionary(
    slot.filter((one) => one !== 'before'),
    fc.nat(50),
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(slots, fc.integer({ min: -200, max: 200 }), ledger, (were, used, says) => {
      const counter = { ...emptyCounter('SPEND#org#default#total'), slots: were, used };
      const due = new Map(Object.entries(says));
      const correction = correctionOf(counter, due, '2026-10-15');
      const kept = Object.entries({ ...were, ...correction?.slots }).filter(
        ([name]) => !correction?.drop.includes(name),
      );
      const after = { ...counter, slots: Object.fromEntries(kept), used: used + (correction?.add ?? 0) };
      expect(slotSum(after)).toBe(after.used);
      for (const [name, n] of due) if (name !== 'd2026-01-01') expect(after.slots[name] ?? 0).toBe(n);
      expect(after.slots['d2026-01-01']).toBeUndefined();
      due.delete('d2026-01-01');
      expect(correctionOf(after, due, '2026-10-15')).toBeUndefined();
    }),
    { seed: 20_261_124, numRuns: 300 },
  );
});
