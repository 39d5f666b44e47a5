import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, expect, test } from '@jest/globals';
import { items } from '../../../lambdas/adapters/dynamo/keys.ts';
import { openLeases } from '../../../lambdas/adapters/dynamo/leases.ts';
import { rowOf } from '../../../lambdas/adapters/dynamo/ledger.ts';
import { dynamoMeter } from '../../../lambdas/adapters/dynamo/meter.ts';
import { getItem } from '../../../lambdas/adapters/dynamo/read.ts';
import { marshal } from '../../../lambdas/adapters/dynamo/table.ts';
import type { Claim } from '../../../lambdas/domain/metering/claim.ts';
import type { LedgerRow } from '../../../lambdas/domain/metering/ledger.ts';
import { windowOf } from '../../../lambdas/domain/metering/window.ts';
import { aLedgerRow } from '../../support/ledger.ts';
import { tableOfFile, testOnEmulator } from '../../support/table.ts';

const it = tableOfFile();
const now = Date.now();
const at = new Date(now).toISOString();
const meter = () => dynamoMeter(it.table, () => now);

let count = 0;
/** A row of its own org each time, so that no test sees another's counters. */
const aRow = (given: Partial<LedgerRow> = {}): LedgerRow =>
  aLedgerRow({ id: `call_${String(++count).padStart(12, '0')}`, org_id: `org_${count}`, at, ...given });
const calls = (limit: number, given: Partial<Claim> = {}): Claim => ({
  kind: 'calls',
  counter: ['CALLS', at.slice(0, 10)],
  slot: 'h09',
  take: 1,
  limit,
  window: windowOf('day', now),
  of: 'the org',
  ...given,
});
const rate = (limit: number): Claim =>
  calls(limit, { kind: 'rate', counter: ['RATE', 'key', 'Key000000001', 'now'], window: windowOf('minute', now) });
const counter = (org: string, claim: Claim) => getItem(it.table, items.counter(org, claim.counter));
const row = async ({ org_id, at: when, id }: LedgerRow) => {
  const item = await getItem(it.table, items.ledgerRow(org_id, when, id));
  return item && rowOf(item);
};
const done = { state: 'DONE', status: 'done', duration_ms: 12.6 } as const;
const unsent = { state: 'RELEASED', status: 'upstream_refused', duration_ms: 1 } as const;

afterEach(() => it.emulator?.faults.clear());

test('a reserved call is a row and what each counter then has used', async () => {
  const mine = aRow({ team_id: 'team_web', price: 300, charged: ['SPEND#key#Key000000001#total'] });
  expect(await meter().reserve(mine, [calls(100), rate(5)])).toEqual({ ok: true, value: [1, 1] });
  expect(await row(mine)).toEqual({ ...mine, state: 'RESERVED' });
  expect(await counter(mine.org_id, calls(100))).toMatchObject({ used: 1, h09: 1, ttl: expect.any(Number) });
  await meter().settle(mine, done);
  expect(await row(mine)).toEqual({ ...mine, ...done, duration_ms: 13, settled_at: at });
});

test('QU-01 of 200 calls, 40 at once, past a limit of 25 exactly 25 are reserved, each with its row', async () => {
  const { org_id } = aRow();
  const rows = Array.from({ length: 200 }, () => aRow({ org_id }));
  const environments = Array.from({ length: 4 }, meter);
  const left = [...rows];
  const worker = async (n: number) => {
    const reserved: boolean[] = [];
    for (let one = left.pop(); one; one = left.pop())
      reserved.push((await environments[n % 4]!.reserve(one, [calls(25)])).ok);
    return reserved;
  };
  const all = (await Promise.all(Array.from({ length: 40 }, (_, n) => worker(n)))).flat();
  expect(all.filter(Boolean)).toHaveLength(25);
  expect(await counter(org_id, calls(25))).toMatchObject({ used: 25, h09: 25 });
  const states = await Promise.all(rows.map(row));
  expect(states.filter((one) => one?.state === 'RESERVED')).toHaveLength(25);
  expect(states.filter((one) => one?.state === 'RELEASED').length).toBeLessThanOrEqual(175);
});

test('where one limit refuses, what was taken of the others is given back and the row is RELEASED', async () => {
  const first = aRow();
  const second = aRow({ org_id: first.org_id });
  await meter().reserve(first, [calls(10), rate(1)]);
  const refused = await meter().reserve(second, [calls(10), rate(1)]);
  expect(refused).toMatchObject({ ok: false, refusal: { claim: { kind: 'rate' }, used: 1 } });
  expect(await counter(first.org_id, calls(10))).toMatchObject({ used: 1, h09: 1 });
  expect(await row(second)).toMatchObject({ state: 'RELEASED', status: 'refused' });
});

test('a take larger than the whole limit is refused without a counter', async () => {
  const mine = aRow();
  const dear = calls(100, { kind: 'spend', counter: ['SPEND', 'key', 'k', 'total'], take: 101 });
  expect(await meter().reserve(mine, [dear])).toMatchObject({ ok: false, refusal: { used: 0 } });
  expect(await counter(mine.org_id, dear)).toBeUndefined();
});

testOnEmulator(
  'an environment that was refused asks the counter first: no row is written for what it refuses again',
  async () => {
    const one = meter();
    const { org_id } = aRow();
    await one.reserve(aRow({ org_id }), [calls(1)]);
    await one.reserve(aRow({ org_id }), [calls(1)]);
    const refused = aRow({ org_id });
    const before = await it.emulator.counts();
    expect(await one.reserve(refused, [calls(1)])).toMatchObject({ ok: false });
    const after = await it.emulator.counts();
    expect((after['UpdateItem'] ?? 0) - (before['UpdateItem'] ?? 0)).toBe(1);
    expect(after['PutItem']).toBe(before['PutItem']);
    expect(await one.reserve(aRow({ org_id }), [calls(2)])).toMatchObject({ ok: true });
  },
);

testOnEmulator(
  'a call with a quota and no budget writes three times, two of them before it is sent, in one round trip',
  async () => {
    const before = await it.emulator.counts();
    const mine = aRow();
    await meter().reserve(mine, [calls(100)]);
    await meter().settle(mine, done);
    const after = await it.emulator.counts();
    const made = Object.keys(after).map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)] as const);
    expect(Object.fromEntries(made.filter(([, times]) => times > 0))).toEqual({ PutItem: 1, UpdateItem: 2 });
  },
);

test('a released call gives everything back, once, however often it is released', async () => {
  const mine = aRow();
  const claims = [calls(10), rate(5)];
  await meter().reserve(mine, claims);
  await Promise.all([1, 2, 3].map(() => meter().release(mine, claims, unsent)));
  expect(await counter(mine.org_id, calls(10))).toMatchObject({ used: 0, h09: 0 });
  expect(await row(mine)).toMatchObject({ state: 'RELEASED', status: 'upstream_refused' });
});

test('rows only move forward: what is settled is not settled again, and not released', async () => {
  const mine = aRow();
  await meter().reserve(mine, [calls(10)]);
  await meter().settle(mine, { state: 'UNKNOWN', status: 'swept', duration_ms: 0 });
  await meter().settle(mine, done);
  await meter().release(mine, [calls(10)], unsent);
  expect(await row(mine)).toMatchObject({ state: 'UNKNOWN', status: 'swept' });
  expect(await counter(mine.org_id, calls(10))).toMatchObject({ used: 1 });
});

test('each continuation of a call is used once, of 20 at once by one, and its end changes the status alone', async () => {
  const mine = aRow();
  await meter().reserve(mine, [calls(10)]);
  await meter().settle(mine, { ...done, status: 'input_required' });
  const resumed = await Promise.all(Array.from({ length: 20 }, () => meter().resume(mine, 0)));
  expect(resumed.filter(Boolean)).toHaveLength(1);
  expect(await meter().resume(mine, 2)).toBe(false);
  await meter().settle(mine, { state: 'FAILED', status: 'x', duration_ms: 0 });
  expect(await row(mine)).toMatchObject({ state: 'DONE', status: 'input_required' });
  await meter().settle(mine, done);
  expect(await row(mine)).toMatchObject({ state: 'DONE', status: 'done' });
  const gone = aRow();
  await meter().reserve(gone, [calls(10)]);
  await meter().release(gone, [calls(10)], unsent);
  expect([await meter().resume(gone, 0), await meter().resume(aRow(), 0)]).toEqual([false, false]);
});

testOnEmulator('a table that does not answer admits nobody, and what was taken is given back', async () => {
  const mine = aRow();
  await it.emulator.faults.failNext('PutItem', 'InternalServerError', 3);
  await expect(meter().reserve(mine, [calls(10)])).rejects.toThrow();
  expect(await counter(mine.org_id, calls(10))).toMatchObject({ used: 0 });
});

test('QU-12 a counter deleted or set below zero by hand neither crashes nor comes back below zero', async () => {
  const mine = aRow();
  await meter().reserve(mine, [calls(10)]);
  const Key = marshal({ ...items.counter(mine.org_id, calls(10).counter) });
  await it.table.client.send(new DeleteItemCommand({ TableName: it.table.name, Key }));
  await meter().release(mine, [calls(10)], unsent);
  expect(await counter(mine.org_id, calls(10))).toBeUndefined();
});

test('environments that hold blocks never admit more than the limit, and leave at most a block each unused', async () => {
  const block = 7;
  const limit = 100;
  const claim = calls(limit, { block });
  const { org_id } = aRow();
  const environments = Array.from({ length: 4 }, () => openLeases(it.table));
  const all = await Promise.all(Array.from({ length: 300 }, (_, n) => environments[n % 4]!.take(org_id, claim, block)));
  const admitted = all.filter(({ ok }) => ok).length;
  expect(admitted).toBeLessThanOrEqual(limit);
  expect(admitted).toBeGreaterThan(limit - 4 * block);
  expect((await counter(org_id, claim))?.['used']).toBe(limit);
});

testOnEmulator(
  'an environment takes a block by one write for all that wait, and hands back what was not sent',
  async () => {
    const claim = calls(100, { block: 10 });
    const { org_id } = aRow();
    const lease = openLeases(it.table);
    const before = (await it.emulator.counts())['UpdateItem'] ?? 0;
    const used = await Promise.all(Array.from({ length: 10 }, () => lease.take(org_id, claim, 10)));
    expect(used.map((one) => one.ok && one.value)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    lease.giveBack(org_id, claim);
    await lease.take(org_id, claim, 10);
    expect(((await it.emulator.counts())['UpdateItem'] ?? 0) - before).toBe(1);
  },
);

test('a block that no longer fits shrinks to what is left, and a lowered limit voids what is held', async () => {
  const claim = calls(12, { block: 10 });
  const { org_id } = aRow();
  const [one, other] = [openLeases(it.table), openLeases(it.table)];
  await one.take(org_id, claim, 10);
  for (const left of [11, 12]) expect(await other.take(org_id, claim, 10)).toEqual({ ok: true, value: left });
  expect(await other.take(org_id, claim, 10)).toMatchObject({ ok: false, refusal: { used: 12 } });
  expect(await one.take(org_id, calls(5, { block: 5 }), 5)).toMatchObject({ ok: false });
});
