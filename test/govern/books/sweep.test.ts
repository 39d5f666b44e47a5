import { DeleteItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from '@jest/globals';
import { dynamoBooks } from '../../../lambdas/adapters/dynamo/books.ts';
import { items } from '../../../lambdas/adapters/dynamo/keys.ts';
import { putRow } from '../../../lambdas/adapters/dynamo/ledger.ts';
import { dynamoMeter } from '../../../lambdas/adapters/dynamo/meter.ts';
import { itemOf } from '../../../lambdas/adapters/dynamo/stored.ts';
import { marshal } from '../../../lambdas/adapters/dynamo/table.ts';
import type { Claim } from '../../../lambdas/domain/metering/claim.ts';
import type { LedgerRow } from '../../../lambdas/domain/metering/ledger.ts';
import { windowOf } from '../../../lambdas/domain/metering/window.ts';
import { reconcile } from '../../../lambdas/govern/books/reconcile.ts';
import { sweepBooks } from '../../../lambdas/govern/books/sweep.ts';
import { aLedgerRow } from '../../support/ledger.ts';
import { anOrg } from '../../support/records.ts';
import { tableOfFile } from '../../support/table.ts';

const it = tableOfFile();
/** Yesterday, half past nine, and this morning: real days, since the store forgets by its own clock. */
const today = Math.floor(Date.now() / 86_400_000) * 86_400_000;
const called = today - 86_400_000 + 9.5 * 3_600_000;
const overnight = today + 30 * 60_000;
const day = new Date(called).toISOString().slice(0, 10);
const budget = ['SPEND', 'org', 'x', 'total'];

let orgs = 0;
/** An org of its own with what its calls do; `at` is when. */
async function anOrgWithCalls(at = called) {
  const org_id = `org_${String(++orgs).padStart(4, '0')}`;
  const record = anOrg({ id: org_id, created_at: new Date(called).toISOString() });
  await it.table.client.send(new PutItemCommand({ TableName: it.table.name, Item: marshal(itemOf('org', record)) }));
  const meter = dynamoMeter(it.table, () => at);
  const slot = `h${new Date(at).toISOString().slice(11, 13)}`;
  const claims = (leased = false): Claim[] => [
    {
      kind: 'calls',
      counter: ['CALLS', new Date(at).toISOString().slice(0, 10)],
      ...(leased ? { slot: 'leased', block: 100 } : { slot }),
      take: 1,
      limit: 1_000_000,
      window: windowOf('day', at),
      of: 'the org',
    },
    {
      kind: 'spend',
      counter: budget,
      slot: `d${new Date(at).toISOString().slice(0, 10)}`,
      take: 300,
      limit: 1_000_000_000,
      window: windowOf('total', at),
      of: 'the org',
    },
  ];
  let calls = 0;
  const row = (leased = false): LedgerRow =>
    aLedgerRow({
      id: `call_${org_id}_${++calls}`,
      org_id,
      at: new Date(at).toISOString(),
      slot: leased ? 'leased' : slot,
      price: 300,
      charged: [budget.join('#')],
      ttl: Math.floor(at / 1000) + 90 * 86_400,
    });
  return {
    org_id,
    claims,
    row,
    meter,
    call: async (leased = false) => {
      const one = row(leased);
      await meter.reserve(one, claims(leased));
      await meter.settle(one, { state: 'DONE', status: 'done', duration_ms: 5 });
    },
  };
}
const books = (now = overnight) => dynamoBooks(it.table, () => now);
const sweep = (now = overnight, atRest = false) => sweepBooks(books(now), now, atRest);
const differencesOf = async (org: string, now = overnight, on = day) =>
  (await reconcile(books(now), { from: on, to: on }, now)).differences.filter(({ org_id }) => org_id === org);
const countersOf = async (org: string) => [
  ...(await books().counters(org, 'CALLS')),
  ...(await books().counters(org, 'SPEND')),
];
const keyOf = (org: string, name: readonly string[]) => ({
  TableName: it.table.name,
  Key: marshal({ ...items.counter(org, name) }),
});

test('after a sweep the books agree, though the stream lost every call', async () => {
  const org = await anOrgWithCalls();
  await org.call();
  await org.call();
  expect((await differencesOf(org.org_id)).length).toBeGreaterThan(0);
  await sweep();
  expect(await differencesOf(org.org_id)).toEqual([]);
});

test('whatever a crash left between two writes, the counters become what the ledger says', async () => {
  const org = await anOrgWithCalls();
  await org.call();
  // Counters taken, row never written.
  for (const claim of org.claims()) await org.meter.reserve(org.row(), [claim]).then(() => undefined);
  await it.table.client.send(
    new DeleteItemCommand({
      TableName: it.table.name,
      Key: marshal({ ...items.ledgerRow(org.org_id, new Date(called).toISOString(), `call_${org.org_id}_2`) }),
    }),
  );
  // Row written, counters not taken.
  await putRow(it.table, org.row());
  // Released, nothing given back.
  const released = org.row();
  await org.meter.reserve(released, org.claims());
  await org.meter.release(released, [], { state: 'RELEASED', status: 'refused', duration_ms: 0 });
  await sweep();
  expect(await differencesOf(org.org_id)).toEqual([]);
  const rows: string[] = [];
  for await (const { state } of books().rows(org.org_id, day)) rows.push(state);
  expect(rows.sort()).toEqual(['DONE', 'RELEASED', 'UNKNOWN', 'UNKNOWN']);
  expect(await countersOf(org.org_id)).toEqual([
    expect.objectContaining({ used: 3, slots: expect.objectContaining({ h09: 3 }), checked: 24 }),
    expect.objectContaining({ used: 900, slots: { [`d${day}`]: 900 } }),
  ]);
});

test('QU-12 counters that were deleted or set below zero are found, and a sweep mends them', async () => {
  const org = await anOrgWithCalls();
  await org.call();
  await sweep();
  await it.table.client.send(new DeleteItemCommand(keyOf(org.org_id, ['CALLS', day])));
  await it.table.client.send(
    new UpdateItemCommand({
      ...keyOf(org.org_id, budget),
      UpdateExpression: 'SET #used = :n',
      ExpressionAttributeNames: { '#used': 'used' },
      ExpressionAttributeValues: marshal({ ':n': -5 }),
    }),
  );
  expect((await differencesOf(org.org_id)).map(({ what }) => what)).toEqual([
    'calls',
    'calls h09',
    'SPEND#org#x#total used',
  ]);
  expect((await sweep()).corrected).toBe(2);
  expect(await differencesOf(org.org_id)).toEqual([]);
});

test('a sweep reads a closed hour once, and nothing of an hour that is open', async () => {
  const now = today - 86_400_000 + 10.5 * 3_600_000;
  const org = await anOrgWithCalls();
  await org.call();
  await putRow(it.table, org.row());
  const [calls] = await books().counters(org.org_id, 'CALLS');
  expect(calls).toMatchObject({ used: 1, checked: 0 });
  await sweep(now - 3_600_000);
  expect((await books().counters(org.org_id, 'CALLS'))[0]).toMatchObject({ used: 1, checked: 9 });
  await sweep(now);
  expect((await books().counters(org.org_id, 'CALLS'))[0]).toMatchObject({ used: 2, slots: { h09: 2 }, checked: 10 });
  expect((await sweep(now)).rows).toBe(0);
});

test('units of a lease that nobody used come back when the day is over, also where the tier changed in between', async () => {
  const org = await anOrgWithCalls();
  await org.call();
  await org.call(true);
  expect((await books().counters(org.org_id, 'CALLS'))[0]).toMatchObject({ used: 101, slots: { h09: 1, leased: 100 } });
  await sweep(today - 86_400_000 + 12 * 3_600_000);
  expect((await books().counters(org.org_id, 'CALLS'))[0]).toMatchObject({ used: 101 });
  await sweep();
  expect((await books().counters(org.org_id, 'CALLS'))[0]).toMatchObject({ used: 2, slots: { h09: 1, leased: 1 } });
  expect(await differencesOf(org.org_id)).toEqual([]);
});

test('at rest every open row is UNKNOWN at once and today’s books agree; leased units stay with who may use them', async () => {
  const now = Math.max(Date.now(), today + 60_000);
  const on = new Date(now).toISOString().slice(0, 10);
  const org = await anOrgWithCalls(now);
  await org.call(true);
  await org.meter.reserve(org.row(), org.claims());
  await putRow(it.table, org.row());
  await sweep(now);
  expect((await differencesOf(org.org_id, now, on)).length).toBeGreaterThan(0);
  const swept = await sweep(now, true);
  expect(swept.unknown).toBeGreaterThanOrEqual(2);
  expect(await differencesOf(org.org_id, now, on)).toEqual([]);
  const found = (await books().counters(org.org_id, 'CALLS')).find(({ name }) => name.endsWith(on))!;
  expect(found.slots).toMatchObject({ leased: 100 });
  expect(found.used).toBe(102);
});

test('two sweeps at once correct what one would', async () => {
  const org = await anOrgWithCalls();
  for (let n = 0; n < 3; n += 1) await putRow(it.table, org.row());
  await Promise.all([sweep(), sweep(), sweep()]);
  await sweep();
  expect(await differencesOf(org.org_id)).toEqual([]);
  expect((await books().counters(org.org_id, 'CALLS'))[0]).toMatchObject({ used: 3 });
});

test('books that cannot be read keep no other org’s from being swept, and are named', async () => {
  const broken = await anOrgWithCalls();
  const after = await anOrgWithCalls();
  await after.call();
  const key = items.ledgerRow(broken.org_id, new Date(called).toISOString(), 'call_x');
  await it.table.client.send(
    new PutItemCommand({ TableName: it.table.name, Item: marshal({ ...key, row: '{', state: 'DONE' }) }),
  );
  await expect(sweep()).rejects.toThrow(`Not swept: ${broken.org_id}.`);
  expect((await books().counters(after.org_id, 'CALLS'))[0]).toMatchObject({ used: 1, checked: 24 });
});
