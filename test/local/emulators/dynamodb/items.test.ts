import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DescribeTimeToLiveCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { expect, test } from '@jest/globals';
import { engine, key, read } from './engine.ts';

const it = engine();

test('of 200 conditional ADDs at once exactly the limit is admitted', async () => {
  const limit = 137;
  const add = () =>
    it.client.send(
      new UpdateItemCommand({
        TableName: it.table,
        Key: key('counter'),
        UpdateExpression: 'ADD used :one',
        ConditionExpression: 'attribute_not_exists(used) OR used < :limit',
        ExpressionAttributeValues: { ':one': { N: '1' }, ':limit': { N: String(limit) } },
      }),
    );
  const outcomes = await Promise.allSettled(Array.from({ length: 200 }, add));
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  expect(refused).toHaveLength(200 - limit);
  for (const { reason } of refused) expect(reason).toBeInstanceOf(ConditionalCheckFailedException);
  expect((await read(it.client, it.table, 'counter'))?.['used']).toEqual({ N: String(limit) });
});

test('a failed condition hands back the old item only when asked', async () => {
  const old = { ...key('old'), state: { S: 'taken' } };
  await it.client.send(new PutItemCommand({ TableName: it.table, Item: old }));
  const never = { TableName: it.table, ConditionExpression: 'attribute_not_exists(pk)' };
  const asked = { ...never, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
  const update = { UpdateExpression: 'SET a = :a', ExpressionAttributeValues: { ':a': { S: 'a' } } };
  await expect(it.client.send(new PutItemCommand({ ...asked, Item: old }))).rejects.toMatchObject({ Item: old });
  await expect(it.client.send(new DeleteItemCommand({ ...asked, Key: key('old') }))).rejects.toMatchObject({
    Item: old,
  });
  await expect(it.client.send(new UpdateItemCommand({ ...asked, ...update, Key: key('old') }))).rejects.toMatchObject({
    Item: old,
  });
  const silent = it.client.send(new PutItemCommand({ ...never, Item: old }));
  await expect(silent).rejects.toMatchObject({ name: 'ConditionalCheckFailedException', Item: undefined });
});

test('an expired item stays readable, so the product has to filter it', async () => {
  const TableName = it.table;
  const TimeToLiveSpecification = { AttributeName: 'expires', Enabled: true };
  await it.client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
  const { TimeToLiveDescription } = await it.client.send(new DescribeTimeToLiveCommand({ TableName }));
  expect(TimeToLiveDescription?.TimeToLiveStatus).toMatch(/^ENABL(ED|ING)$/);
  const anHourAgo = Math.floor(Date.now() / 1000) - 3600;
  await it.client.send(new PutItemCommand({ TableName, Item: { ...key('expired'), expires: { N: `${anHourAgo}` } } }));
  expect(await read(it.client, TableName, 'expired')).toBeDefined();
});

test('batches and index rows follow the items', async () => {
  const items = ['b1', 'b2', 'b3'].map((sk) => ({
    ...key(sk),
    by: { S: 'batch' },
    bytes: { B: Uint8Array.of(1, 255) },
  }));
  const puts = items.map((Item) => ({ PutRequest: { Item } }));
  await it.client.send(new BatchWriteItemCommand({ RequestItems: { [it.table]: puts } }));
  await it.client.send(new DeleteItemCommand({ TableName: it.table, Key: key('b2') }));
  const byIndex = await it.client.send(
    new QueryCommand({
      TableName: it.table,
      IndexName: 'by-index',
      KeyConditionExpression: '#by = :by',
      ExpressionAttributeNames: { '#by': 'by' },
      ExpressionAttributeValues: { ':by': { S: 'batch' } },
    }),
  );
  expect(byIndex.Items?.map(({ sk }) => sk?.S).sort()).toEqual(['b1', 'b3']);
  const got = await it.client.send(
    new BatchGetItemCommand({ RequestItems: { [it.table]: { Keys: ['b1', 'b2', 'b3'].map(key) } } }),
  );
  expect(got.Responses?.[it.table]).toHaveLength(2);
});
