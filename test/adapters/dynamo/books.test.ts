import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from '@jest/globals';
import { dynamoBooks } from '../../../lambdas/adapters/dynamo/books.ts';
import { takeFrom } from '../../../lambdas/adapters/dynamo/counters.ts';
import { items } from '../../../lambdas/adapters/dynamo/keys.ts';
import { putRow, settleRow } from '../../../lambdas/adapters/dynamo/ledger.ts';
import { itemOf } from '../../../lambdas/adapters/dynamo/stored.ts';
import { marshal, unmarshal } from '../../../lambdas/adapters/dynamo/table.ts';
import { correctionOf, emptyCounter } from '../../../lambdas/domain/metering/books.ts';
import type { Claim } from '../../../lambdas/domain/metering/claim.ts';
import { windowOf } from '../../../lambdas/domain/metering/window.ts';
import { aSettledRow } from '../../support/ledger.ts';
import { anOrg } from '../../support/records.ts';
import { tableOfFile } from '../../support/table.ts';

const it = tableOfFile();
const now = Date.now();
const day = new Date(now).toISOString().slice(0, 10);
const books = () => dynamoBooks(it.table, () => now);
let orgs = 0;
const anOrgId = () => `org_${++orgs}`;

const calls: Claim = {
  kind: 'calls',
  counter: ['CALLS', day],
  slot: 'h09',
  take: 1,
  limit: 1_000_000,
  window: windowOf('day', now),
  of: 'the org',
};
const spend: Claim = {
  ...calls,
  kind: 'spend',
  counter: ['SPEND', 'team', 'team_web', 'total'],
  slot: `d${day}`,
  take: 300,
};
const counter = async (org: string) => (await books().counters(org, 'CALLS'))[0]!;

test('counters are read with their slots, and nothing else of them is a slot', async () => {
  const org = anOrgId();
  await takeFrom(it.table, org, calls);
  await takeFrom(it.table, org, { ...calls, slot: 'leased' }, 100);
  await takeFrom(it.table, org, spend);
  await takeFrom(it.table, org, { ...calls, kind: 'rate', counter: ['RATE', 'org', org, '2026-11-24T09-30'] });
  await books().checked(org, day, 7);
  expect(await books().counters(org, 'CALLS')).toEqual([
    { name: `CALLS#${day}`, used: 101, slots: { h09: 1, leased: 100 }, corrections: 0, checked: 7 },
  ]);
  expect(await books().counters(org, 'SPEND')).toEqual([
    { ...emptyCounter('SPEND#team#team_web#total'), used: 300, slots: { [`d${day}`]: 300 } },
  ]);
});

test('a correction keeps what calls take meanwhile, and of two at once one is made', async () => {
  const org = anOrgId();
  for (let n = 0; n < 3; n += 1) await takeFrom(it.table, org, calls);
  const read = await counter(org);
  const correction = correctionOf(read, new Map([['h09', 1]]))!;
  await takeFrom(it.table, org, { ...calls, slot: 'h10' });
  const made = await Promise.all([1, 2].map(() => books().correct(org, read, correction)));
  expect(made.sort()).toEqual([false, true]);
  expect(await counter(org)).toMatchObject({ used: 2, slots: { h09: 1, h10: 1 }, corrections: 1 });
});

test('a slot that was taken from after it was read is not overwritten', async () => {
  const org = anOrgId();
  await takeFrom(it.table, org, calls);
  const read = await counter(org);
  await takeFrom(it.table, org, calls);
  expect(await books().correct(org, read, correctionOf(read, new Map([['h09', 0]]))!)).toBe(false);
  expect(await counter(org)).toMatchObject({ used: 2, slots: { h09: 2 } });
});

test.each([
  [`CALLS#${day}`, 41],
  [`SPEND#org#x#${day}`, 41],
  [`SPEND#org#x#${day.slice(0, 7)}`, 72],
  ['SPEND#org#x#total', undefined],
])('QU-12 %s that was deleted comes back with what the ledger says, and is forgotten in time', async (name, days) => {
  const org = anOrgId();
  const slot = name.startsWith('CALLS') ? 'h09' : `d${day}`;
  expect(await books().correct(org, emptyCounter(name), correctionOf(emptyCounter(name), new Map([[slot, 5]]))!)).toBe(
    true,
  );
  const { Item = {} } = await it.table.client.send(
    new GetItemCommand({ TableName: it.table.name, Key: marshal({ ...items.counter(org, name.split('#')) }) }),
  );
  const { ttl, ...item } = unmarshal(Item);
  expect(item).toMatchObject({ used: 5, [slot]: 5, corrections: 1 });
  if (days === undefined) expect(ttl).toBeUndefined();
  else expect((Number(ttl) * 1000 - now) / 86_400_000).toBeLessThanOrEqual(days);
});

test('days of a budget long ago become one slot', async () => {
  const org = anOrgId();
  const old = { ...spend, slot: 'd2026-01-01' };
  await takeFrom(it.table, org, old);
  await takeFrom(it.table, org, { ...spend, slot: 'd2026-01-02' });
  await takeFrom(it.table, org, spend);
  const [read] = await books().counters(org, 'SPEND');
  await books().correct(org, read!, correctionOf(read!, new Map(), '2026-02-01')!);
  expect(await books().counters(org, 'SPEND')).toEqual([
    { name: read!.name, used: 900, slots: { before: 600, [`d${day}`]: 300 }, corrections: 1, checked: 0 },
  ]);
});

test('a row that a crash left open is swept once; one that ended meanwhile stays what it is', async () => {
  const org_id = anOrgId();
  const {
    state: _,
    status: __,
    duration_ms: ___,
    settled_at: ____,
    ...open
  } = aSettledRow({ org_id, at: `${day}T00:00:00.000Z` });
  await putRow(it.table, open);
  const row = { ...open, state: 'RESERVED' as const };
  expect(await books().sweep(row)).toMatchObject({ state: 'UNKNOWN', status: 'swept', duration_ms: 0 });
  const other = { ...row, id: 'call_000000000002' };
  await putRow(it.table, { ...open, id: other.id });
  await settleRow(it.table, other, { state: 'DONE', status: 'done', duration_ms: 3 }, () => now);
  expect(await books().sweep(other)).toMatchObject({ state: 'DONE', status: 'done' });
  const rows: unknown[] = [];
  for await (const one of books().rows(org_id, day)) rows.push([one.id, one.state, one.rolled]);
  expect(rows.sort()).toEqual([
    [row.id, 'UNKNOWN', false],
    [other.id, 'DONE', false],
  ]);
  expect(await books().rollUp([{ ...row, state: 'UNKNOWN' }])).toBe(1);
  for await (const one of books().rows(org_id, day)) expect(one.rolled).toBe(one.id === row.id);
});

test('a deleted org keeps its books for three days', async () => {
  const ago = (days: number) => new Date(now - days * 86_400_000).toISOString();
  const ids = { live: 'org_live', late: 'org_late', gone: 'org_gone' };
  for (const [id, deleted_at] of [
    [ids.live, undefined],
    [ids.late, ago(1)],
    [ids.gone, ago(5)],
  ] as const)
    await it.table.client.send(
      new PutItemCommand({
        TableName: it.table.name,
        Item: marshal(itemOf('org', anOrg({ id, created_at: ago(9), ...(deleted_at && { deleted_at }) }))),
      }),
    );
  const found: unknown[] = [];
  for await (const org of books().orgs(now)) found.push(org);
  expect(found).toEqual([ids.late, ids.live].map((id) => ({ id, since: ago(9).slice(0, 10) })));
});
