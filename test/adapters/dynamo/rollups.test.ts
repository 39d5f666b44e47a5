import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, expect, test } from '@jest/globals';
import { dynamoBooks } from '../../../lambdas/adapters/dynamo/books.ts';
import { putRow, rowKey, settleRow } from '../../../lambdas/adapters/dynamo/ledger.ts';
import { getItem } from '../../../lambdas/adapters/dynamo/read.ts';
import { addRows } from '../../../lambdas/adapters/dynamo/rollups.ts';
import { rowsOf } from '../../../lambdas/adapters/dynamo/stream.ts';
import { marshal } from '../../../lambdas/adapters/dynamo/table.ts';
import type { SettledRow } from '../../../lambdas/domain/metering/ledger.ts';
import { mergeRollups, type Rollup, rollUp } from '../../../lambdas/domain/metering/rollup.ts';
import { aSettledRow } from '../../support/ledger.ts';
import { tableOfFile, testOnEmulator } from '../../support/table.ts';

const it = tableOfFile();
const now = Date.now();
const at = new Date(now).toISOString();
const day = at.slice(0, 10);
let orgs = 0;

/** Rows of an org of their own, written as a call writes them. */
async function written(count: number, given: (n: number) => Partial<SettledRow> = () => ({})): Promise<SettledRow[]> {
  const org_id = `org_${++orgs}`;
  const rows = Array.from({ length: count }, (_, n) => {
    const row = aSettledRow({ id: `call_${String(n).padStart(6, '0')}`, org_id, at, ...given(n) });
    return { ...row, settled_at: at };
  });
  for (const row of rows) {
    const { state, status: _, duration_ms: __, settled_at: ___, ...reserved } = row;
    await putRow(it.table, reserved);
    if (state !== 'RESERVED') await settleRow(it.table, row, { state, status: 'done', duration_ms: 12 }, () => now);
  }
  return rows;
}
async function stored(org: string, by: Rollup['by']): Promise<Rollup[]> {
  const found: Rollup[] = [];
  for await (const rollup of dynamoBooks(it.table, () => now).rollups(org, by, day, day)) found.push(rollup);
  return found;
}
const due = (rows: readonly SettledRow[], by: Rollup['by']) => rollUp(rows).filter((rollup) => rollup.by === by);

afterEach(() => it.emulator?.faults.clear());

test('RE-02 rows that come three times, out of order and at once, are added once', async () => {
  const rows = await written(150, (n) => ({ team_id: `team_${n % 3}`, tool: n % 2 ? 'a/b' : 'echo', price: n }));
  const batches = [rows.slice(100), rows, rows.slice(0, 60).toReversed(), rows.toReversed()];
  const added = await Promise.all(batches.map((batch) => addRows(it.table, batch)));
  expect(added.reduce((sum, n) => sum + n)).toBe(150);
  for (const by of ['key', 'team', 'org', 'server', 'tool'] as const)
    expect(await stored(rows[0]!.org_id, by)).toEqual(expect.arrayContaining(due(rows, by) as Rollup[]));
  expect(await addRows(it.table, rows)).toBe(0);
  expect(mergeRollups(await stored(rows[0]!.org_id, 'org'))).toEqual(due(rows, 'org'));
});

test('a row that is still open, was released or is gone is not added, and none appears for it', async () => {
  const rows = await written(3, (n) => ({ state: (['RESERVED', 'RELEASED', 'DONE'] as const)[n]! }));
  const gone = rows[2]!;
  await it.table.client.send(new DeleteItemCommand({ TableName: it.table.name, Key: marshal({ ...rowKey(gone) }) }));
  const asDone = rows.map((row) => ({ ...row, state: 'DONE' as const }));
  expect(await addRows(it.table, asDone)).toBe(0);
  expect(await stored(gone.org_id, 'org')).toEqual([]);
  expect(await getItem(it.table, rowKey(gone))).toBeUndefined();
});

testOnEmulator('transactions that collide are tried again, and nothing is lost or counted twice', async () => {
  const rows = await written(10);
  await it.emulator.faults.failNext('TransactWriteItems', 'InternalServerError', 1);
  expect(await addRows(it.table, rows)).toBe(10);
  expect(await stored(rows[0]!.org_id, 'org')).toEqual(due(rows, 'org'));
});

testOnEmulator('96 calls of one key and tool are rolled up by one request', async () => {
  const rows = await written(96);
  const before = await it.emulator.counts();
  await addRows(it.table, rows);
  const after = await it.emulator.counts();
  expect((after['TransactWriteItems'] ?? 0) - (before['TransactWriteItems'] ?? 0)).toBe(1);
});

test('a stream record is the row that it shows; one that shows none throws', () => {
  const { ttl, state, status, duration_ms, settled_at, ...row } = aSettledRow();
  const image = marshal({ row: JSON.stringify(row), ttl, state, status, duration_ms, settled_at, rounds: 0 });
  expect(rowsOf([{ dynamodb: { NewImage: image } }])).toEqual([aSettledRow()]);
  expect(() => rowsOf([{ dynamodb: {} }])).toThrow();
});
