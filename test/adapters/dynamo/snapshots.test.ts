import { randomBytes } from 'node:crypto';
import { DeleteItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from '@jest/globals';
import { items } from '../../../lambdas/adapters/dynamo/keys.ts';
import { dynamoSnapshots } from '../../../lambdas/adapters/dynamo/snapshots.ts';
import { marshal } from '../../../lambdas/adapters/dynamo/table.ts';
import type { Snapshot } from '../../../lambdas/domain/definition.ts';
import { tableOfFile, testOnEmulator } from '../../support/table.ts';

const it = tableOfFile();
const snapshots = () => dynamoSnapshots(it.table);
const inputSchema = { type: 'object' };
const small: Snapshot = { tools: [{ name: 'echo', inputSchema }], instructions: 'ünïcode \u2028' };
/** About a megabyte that does not compress: three chunks. */
const large: Snapshot = {
  tools: [1, 2, 3, 4].map((index) => ({
    name: `t${index}`,
    description: randomBytes(180_000).toString('base64'),
    inputSchema,
  })),
};

test.each([
  ['small', small],
  ['of a megabyte', large],
])('a snapshot that is %s comes back as it was put, also when it is put twice', async (_, snapshot) => {
  const hash = String(JSON.stringify(snapshot).length);
  await snapshots().put('default', hash, snapshot);
  await snapshots().put('default', hash, snapshot);
  expect(await snapshots().get('default', hash)).toEqual(snapshot);
});

test('a snapshot that was never put is absent, also in another org than its own', async () => {
  await snapshots().put('org_own', 'abc', small);
  expect(await snapshots().get('org_own', 'abd')).toBeUndefined();
  expect(await snapshots().get('org_other', 'abc')).toBeUndefined();
});

testOnEmulator('a snapshot that was read stays in memory; one that was absent is asked for again', async () => {
  const one = snapshots();
  const queries = async () => (await it.emulator.counts())['Query']!;
  expect(await one.get('org_memory', 'abc')).toBeUndefined();
  await snapshots().put('org_memory', 'abc', small);
  expect(await one.get('org_memory', 'abc')).toEqual(small);
  const before = await queries();
  expect(await one.get('org_memory', 'abc')).toEqual(small);
  expect(await queries()).toBe(before);
});

testOnEmulator('memory holds 32 million characters and forgets the snapshot used longest ago', async () => {
  const one = snapshots();
  const text = 'x'.repeat(8 * 1024 * 1024);
  for (const hash of ['a', 'b', 'c', 'd']) await one.put('org_full', hash, { tools: [], instructions: text });
  const queriesFor = async (hash: string) => {
    const before = (await it.emulator.counts())['Query'] ?? 0;
    await one.get('org_full', hash);
    return ((await it.emulator.counts())['Query'] ?? 0) - before;
  };
  for (const hash of ['a', 'b', 'c', 'a']) await queriesFor(hash);
  expect(await queriesFor('d')).toBe(1);
  expect(await queriesFor('a')).toBe(0);
  expect(await queriesFor('b')).toBe(1);
});

test('a snapshot that lacks a chunk, or has one of another snapshot, is a fault', async () => {
  const TableName = it.table.name;
  const keyOf = (position: number) => marshal({ ...items.chunk('org_torn', 'abc', position) });
  await snapshots().put('org_torn', 'abc', large);
  await it.table.client.send(
    new UpdateItemCommand({
      TableName,
      Key: keyOf(1),
      UpdateExpression: 'SET chunk = :c',
      ExpressionAttributeValues: marshal({ ':c': new Uint8Array(9) }),
    }),
  );
  await expect(snapshots().get('org_torn', 'abc')).rejects.toThrow('not whole');
  for (const position of [1, 0]) {
    await it.table.client.send(new DeleteItemCommand({ TableName, Key: keyOf(position) }));
    await expect(snapshots().get('org_torn', 'abc')).rejects.toThrow('not whole');
  }
});

test('chunks that a longer form of the snapshot left behind are not read', async () => {
  await snapshots().put('org_tail', 'abc', small);
  const left = { ...items.chunk('org_tail', 'abc', 1), of: 2, digest: 'other', chunk: new Uint8Array(9) };
  await it.table.client.send(new PutItemCommand({ TableName: it.table.name, Item: marshal(left) }));
  expect(await snapshots().get('org_tail', 'abc')).toEqual(small);
});

testOnEmulator(
  'CA-19 a store that fails throws: on put nothing is said to be stored, on get nothing is absent',
  async () => {
    await it.emulator.faults.failNext('PutItem', 'InternalServerError', 3);
    await expect(snapshots().put('org_fail', 'abc', small)).rejects.toThrow();
    await it.emulator.faults.failNext('Query', 'ThrottlingException', 3);
    await expect(snapshots().get('org_fail', 'abc')).rejects.toThrow();
  },
);
