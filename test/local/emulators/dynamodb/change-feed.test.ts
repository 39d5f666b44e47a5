import {
  DeleteItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { expect, test } from '@jest/globals';
import type { Change } from '../../../../local/emulators/dynamodb/change.ts';
import { startDynamoDb } from '../../../../local/emulators/dynamodb/start.ts';
import { clientOf, createTable, key } from './engine.ts';

test('the feed tells every change of a table with a stream in order, with both images', async () => {
  const changes: Change[] = [];
  const emulator = await startDynamoDb({ onChange: (change) => changes.push(change) });
  const client = clientOf(emulator.endpoint);
  const streamed = await createTable(client, true);
  const silent = await createTable(client);
  const item = (sk: string, v: string) => ({ ...key(sk), v: { S: v } });
  const write = (TableName: string, sk: string, v: string) =>
    client.send(new PutItemCommand({ TableName, Item: item(sk, v) }));

  await write(streamed, 'a', '1');
  await write(silent, 'a', '1');
  await write(streamed, 'a', '1'); // nothing changes, so AWS writes no record
  await client.send(
    new TransactWriteItemsCommand({
      TransactItems: [
        { Put: { TableName: streamed, Item: item('a', '2') } },
        { Put: { TableName: silent, Item: item('b', '2') } },
        { Put: { TableName: streamed, Item: item('b', '2') } },
      ],
    }),
  );
  await client.send(new DeleteItemCommand({ TableName: streamed, Key: key('a') }));
  await client.send(new DeleteItemCommand({ TableName: streamed, Key: key('absent') }));

  expect(changes.map(({ table, record }) => [table, record.eventName, record.dynamodb?.Keys?.['sk']?.S])).toEqual([
    [streamed, 'INSERT', 'a'],
    [streamed, 'MODIFY', 'a'],
    [streamed, 'INSERT', 'b'],
    [streamed, 'REMOVE', 'a'],
  ]);
  expect(changes[1]?.record.dynamodb).toMatchObject({ OldImage: item('a', '1'), NewImage: item('a', '2') });
  expect(changes[3]?.record.dynamodb).toMatchObject({ OldImage: item('a', '2') });
  client.destroy();
  await emulator.close();
});

test('under 200 writes at once each change starts where the one before ended', async () => {
  const changes: Change[] = [];
  const emulator = await startDynamoDb({ onChange: (change) => changes.push(change) });
  const client = clientOf(emulator.endpoint);
  const TableName = await createTable(client, true);
  const add = () =>
    client.send(
      new UpdateItemCommand({
        TableName,
        Key: key('hot'),
        UpdateExpression: 'ADD n :one',
        ExpressionAttributeValues: { ':one': { N: '1' } },
      }),
    );
  await Promise.all(Array.from({ length: 200 }, add));
  const seen = changes.map(({ record }) => Number(record.dynamodb?.NewImage?.['n']?.N));
  expect(seen).toEqual(Array.from({ length: 200 }, (_, n) => n + 1));
  const before = changes.slice(1).map(({ record }) => Number(record.dynamodb?.OldImage?.['n']?.N));
  expect(before).toEqual(seen.slice(0, -1));
  const sequence = changes.map(({ record }) => record.dynamodb?.SequenceNumber ?? '');
  expect(sequence).toEqual([...new Set(sequence)].sort());
  client.destroy();
  await emulator.close();
});
