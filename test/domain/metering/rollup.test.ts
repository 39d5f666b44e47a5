import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SettledRow } from '../../../lambdas/domain/metering/ledger.ts';
import {
  mergeRollups,
  nameOfRollup,
  noSums,
  partsOf,
  type Rollup,
  rollUp,
  rollupsOf,
} from '../../../lambdas/domain/metering/rollup.ts';
import { aSettledRow } from '../../support/ledger.ts';

const one = { ...noSums, calls: 1, done: 1, price: 1_000 };

test('a call is in the roll-ups of its key, org, server and tool, and of whatever else it is bound to', () => {
  const bound = aSettledRow({ team_id: 'team_web', user_id: 'usr_ann', agent_id: 'agt_bot' });
  expect(rollupsOf(aSettledRow()).map(({ by }) => by)).toEqual(['key', 'org', 'server', 'tool']);
  const name = { org_id: 'default', day: '2026-11-24' };
  expect(rollUp([bound])).toEqual([
    { ...name, by: 'key', of: ['Key000000001'], ...one },
    { ...name, by: 'team', of: ['team_web'], ...one },
    { ...name, by: 'user', of: ['usr_ann'], ...one },
    { ...name, by: 'org', of: ['default'], ...one },
    { ...name, by: 'agent', of: ['agt_bot'], ...one },
    { ...name, by: 'server', of: ['srv_docs'], server: 'docs', ...one },
    { ...name, by: 'tool', of: ['srv_docs', 'echo'], server: 'docs', ...one },
  ]);
});

test('what was released or is still open is rolled up by nobody; the others count and cost, by how they ended', () => {
  const states = ['DONE', 'FAILED', 'UNKNOWN', 'RELEASED', 'RESERVED'] as const;
  const rows = states.map((state) => aSettledRow({ id: state, state }));
  const [ofKey] = rollUp(rows);
  expect(ofKey).toMatchObject({ calls: 3, done: 1, failed: 1, unknown: 1, price: 3_000 });
});

test('a transaction’s rows and roll-ups together are at most 100 items', () => {
  const rows = Array.from({ length: 200 }, (_, n) => aSettledRow({ id: `call_${n}` }));
  expect(partsOf(rows, 100).map((part) => part.length)).toEqual([96, 96, 8]);
  const strangers = rows.map((row, n) => ({ ...row, key_id: `k${n}`, team_id: `t${n}`, tool: `tool${n}` }));
  for (const part of partsOf(strangers, 100)) expect(part.length + rollUp(part).length).toBeLessThanOrEqual(100);
  expect(partsOf([aSettledRow({ state: 'RELEASED' })], 100)).toEqual([]);
});

const aRow: fc.Arbitrary<SettledRow> = fc
  .record({
    id: fc.nat(30).map((n) => `call_${n}`),
    org_id: fc.constantFrom('default', 'org_b'),
    at: fc.constantFrom('2026-11-24T09:30:00.000Z', '2026-11-25T00:00:00.000Z'),
    key_id: fc.constantFrom('Key000000001', 'Key000000002'),
    tool: fc.constantFrom('echo', 'add'),
    price: fc.nat(5_000),
    state: fc.constantFrom('DONE' as const, 'FAILED' as const, 'UNKNOWN' as const, 'RELEASED' as const),
  })
  .map(aSettledRow);
const rows = fc.uniqueArray(aRow, { selector: ({ id }) => id });
const seed = { seed: 20_261_124, numRuns: 200 };
const sorted = (rollups: readonly Rollup[]) =>
  [...rollups].sort((a, b) => (nameOfRollup(a) < nameOfRollup(b) ? -1 : 1));

/** What the table does: a part is added whole, without the rows that were marked before. */
function deliver(batches: readonly (readonly SettledRow[])[]): readonly Rollup[] {
  const marked = new Set<string>();
  let stored: readonly Rollup[] = [];
  for (const part of batches.flatMap((batch) => partsOf(batch, 12))) {
    const fresh = part.filter(({ id }) => !marked.has(id));
    for (const { id } of fresh) marked.add(id);
    stored = mergeRollups([...stored, ...rollUp(fresh)]);
  }
  return stored;
}

test('RE-02 any order, any batches and any repeats of settled rows give the same roll-ups', () => {
  const delivery = rows.chain((all) =>
    fc.record({
      all: fc.constant(all),
      batches: fc.array(fc.shuffledSubarray([...all, ...all, ...all]), { maxLength: 6 }),
      last: fc.shuffledSubarray(all, { minLength: all.length }),
    }),
  );
  fc.assert(
    fc.property(delivery, ({ all, batches, last }) => {
      expect(sorted(deliver([...batches, last]))).toEqual(sorted(rollUp(all)));
    }),
    seed,
  );
});

test('the roll-ups of every dimension add up to the same calls and money, and to the ledger’s', () => {
  fc.assert(
    fc.property(rows, (all) => {
      const counted = all.filter(({ state }) => state !== 'RELEASED');
      const price = counted.reduce((sum, row) => sum + row.price, 0);
      for (const by of ['key', 'org', 'server', 'tool']) {
        const of = rollUp(all).filter((rollup) => rollup.by === by);
        expect(of.reduce((sum, { calls }) => sum + calls, 0)).toBe(counted.length);
        expect(of.reduce((sum, rollup) => sum + rollup.price, 0)).toBe(price);
      }
    }),
    seed,
  );
});
