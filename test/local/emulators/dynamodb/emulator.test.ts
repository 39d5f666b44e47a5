import { once } from 'node:events';
import { connect } from 'node:net';
import {
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Emulator } from '../../../../local/emulators/aws-json.ts';
import { startDynamoDb } from '../../../../local/emulators/dynamodb/start.ts';
import { emptyFolder } from '../folder.ts';
import { spawned } from '../spawned.ts';
import { clientOf, createTable, key, read } from './engine.ts';

let emulator: Emulator;
let client: DynamoDBClient;
let TableName: string;
beforeAll(async () => {
  emulator = await startDynamoDb();
  client = clientOf(emulator.endpoint);
  TableName = await createTable(client);
});
afterAll(async () => {
  client.destroy();
  await emulator.close();
});
const put = (by: DynamoDBClient, sk: string) => by.send(new PutItemCommand({ TableName, Item: key(sk) }));

test('the emulator survives a client that aborts in the middle of an upload', async () => {
  const socket = connect(Number(new URL(emulator.endpoint).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(
    'POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: DynamoDB_20120810.PutItem\r\nContent-Length: 5000\r\n\r\n{"TableName":',
  );
  await new Promise((resolve) => setTimeout(resolve, 50)); // the half body has to arrive
  socket.destroy();
  await once(socket, 'close');
  await put(client, 'after-abort');
  expect(await read(client, TableName, 'after-abort')).toEqual(key('after-abort'));
});

test('a request without a signature is refused', async () => {
  const headers = { 'x-amz-target': 'DynamoDB_20120810.ListTables' };
  const answer = await fetch(emulator.endpoint, { method: 'POST', headers, body: '{}' });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' });
});

test('tables, client tokens and whole transactions survive kill -9 amid writes', async () => {
  const folder = await emptyFolder();
  const module = '../../../local/emulators/dynamodb/start.ts';
  const first = await spawned(module, 'startDynamoDb', folder);
  const before = clientOf(first.endpoint);
  const table = await createTable(before);
  const addToBoth = (ClientRequestToken?: string) => {
    const ADD = { UpdateExpression: 'ADD n :one', ExpressionAttributeValues: { ':one': { N: '1' } } };
    const TransactItems = ['x', 'y'].map((sk) => ({ Update: { TableName: table, Key: key(sk), ...ADD } }));
    return new TransactWriteItemsCommand({
      TransactItems,
      ...(ClientRequestToken === undefined ? {} : { ClientRequestToken }),
    });
  };
  await before.send(addToBoth('the-same-before-and-after'));
  const answers = Array.from({ length: 200 }, () => before.send(addToBoth()));
  const outcomes = Promise.allSettled(answers);
  await Promise.all(answers.slice(0, 20));
  await first.kill();
  const done = (await outcomes).filter(({ status }) => status === 'fulfilled').length;
  before.destroy();

  const second = await spawned(module, 'startDynamoDb', folder);
  const after = clientOf(second.endpoint);
  const x = Number((await read(after, table, 'x'))?.['n']?.N);
  expect(x).toBeGreaterThanOrEqual(1 + done);
  expect((await read(after, table, 'y'))?.['n']).toEqual({ N: String(x) });
  await after.send(addToBoth('the-same-before-and-after'));
  expect((await read(after, table, 'x'))?.['n']).toEqual({ N: String(x) });
  await expect(startDynamoDb({ folder })).rejects.toThrow('open in another process');
  await second.kill();
  after.destroy();
});

test('an ordered fault fails the next requests of its operation and does nothing', async () => {
  await emulator.faults.failNext('PutItem', 'ProvisionedThroughputExceededException', 2);
  await expect(put(client, 'throttled')).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
  await expect(put(client, 'throttled')).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
  expect(await read(client, TableName, 'throttled')).toBeUndefined();
  await put(client, 'throttled');
  expect(await read(client, TableName, 'throttled')).toBeDefined();
});

test('a client that retries gets through a server error, and each attempt is counted', async () => {
  const before = (await emulator.counts())['GetItem'] ?? 0;
  await emulator.faults.failNext('GetItem', 'InternalServerError', 2);
  const patient = clientOf(emulator.endpoint, 3);
  await patient.send(new GetItemCommand({ TableName, Key: key('absent') }));
  expect((await emulator.counts())['GetItem']).toBe(before + 3);
  patient.destroy();
});

test('an ordered conflict cancels a transaction with one reason per action', async () => {
  await emulator.faults.failNext('TransactWriteItems', 'TransactionConflict');
  const items = ['c1', 'c2'].map((sk) => ({ Put: { TableName, Item: key(sk) } }));
  const error = await client.send(new TransactWriteItemsCommand({ TransactItems: items })).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(TransactionCanceledException);
  const { CancellationReasons } = error as TransactionCanceledException;
  expect(CancellationReasons?.map(({ Code }) => Code)).toEqual(['TransactionConflict', 'None']);
  expect(await read(client, TableName, 'c2')).toBeUndefined();
});

test('cleared faults are forgotten', async () => {
  await emulator.faults.failNext('PutItem', 'InternalServerError', 100);
  await emulator.faults.clear();
  await put(client, 'cleared');
});
