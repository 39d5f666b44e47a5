import { randomUUID } from 'node:crypto';
import {
  PutItemCommand,
  TransactGetItemsCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { beforeEach, expect, test } from '@jest/globals';
import { engine, key, read } from './engine.ts';

const it = engine();
const put = (sk: string, more = {}): TransactWriteItem => ({
  Put: { TableName: it.table, Item: { ...key(sk), ...more } },
});
const add = (sk: string, amount: number, attribute = 'n'): TransactWriteItem => ({
  Update: {
    TableName: it.table,
    Key: key(sk),
    UpdateExpression: 'ADD #n :amount',
    ExpressionAttributeNames: { '#n': attribute },
    ExpressionAttributeValues: { ':amount': { N: String(amount) } },
  },
});
const remove = (sk: string): TransactWriteItem => ({ Delete: { TableName: it.table, Key: key(sk) } });
const exists = (sk: string): TransactWriteItem => ({
  ConditionCheck: { TableName: it.table, Key: key(sk), ConditionExpression: 'attribute_exists(pk)' },
});
const transact = (TransactItems: TransactWriteItem[], ClientRequestToken?: string) =>
  it.client.send(
    new TransactWriteItemsCommand({ TransactItems, ...(ClientRequestToken ? { ClientRequestToken } : {}) }),
  );
const cancellation = async (items: TransactWriteItem[]) => {
  const error = await transact(items).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(TransactionCanceledException);
  return (error as TransactionCanceledException).CancellationReasons!;
};
const at = (sk: string) => read(it.client, it.table, sk);

beforeEach(async () => {
  for (const sk of ['stays', 'goes', 'text'])
    await it.client.send(new PutItemCommand({ TableName: it.table, Item: { ...key(sk), s: { S: 'old' } } }));
});

test('a transaction does all of its four kinds of action', async () => {
  await transact([exists('stays'), put('new'), add('count', 2), remove('goes')]);
  expect(await at('new')).toEqual(key('new'));
  expect((await at('count'))?.['n']).toEqual({ N: '2' });
  expect(await at('goes')).toBeUndefined();
  expect(await at('stays')).toEqual({ ...key('stays'), s: { S: 'old' } });
});

test('a transaction with a failed condition does nothing and gives one reason per action in order', async () => {
  const taken: TransactWriteItem = {
    Put: {
      TableName: it.table,
      Item: key('stays'),
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
  const reasons = await cancellation([put('unwritten'), taken, remove('goes'), exists('absent')]);
  expect(reasons.map(({ Code }) => Code)).toEqual(['None', 'ConditionalCheckFailed', 'None', 'ConditionalCheckFailed']);
  expect(reasons[1]?.Item).toEqual({ ...key('stays'), s: { S: 'old' } });
  expect(reasons[3]?.Item).toBeUndefined();
  expect(await at('unwritten')).toBeUndefined();
  expect(await at('goes')).toBeDefined();
});

test('an action that cannot be applied undoes those before it', async () => {
  const reasons = await cancellation([put('unwritten'), add('text', 1, 's')]);
  expect(reasons.map(({ Code }) => Code)).toEqual(['None', 'ValidationError']);
  expect(await at('unwritten')).toBeUndefined();
});

test('a transaction is refused as a whole when it is malformed', async () => {
  const refused = { name: 'ValidationException' };
  await expect(transact([put('twice'), remove('twice')])).rejects.toMatchObject(refused);
  await expect(transact(Array.from({ length: 101 }, (_, n) => put(`many-${n}`)))).rejects.toMatchObject(refused);
  const unparsable = { ...exists('stays').ConditionCheck!, ConditionExpression: 'nonsense(' };
  await expect(transact([put('unwritten'), { ConditionCheck: unparsable }])).rejects.toMatchObject(refused);
  const elsewhere = { Put: { TableName: 'no-such-table', Item: key('x') } };
  await expect(transact([put('unwritten'), elsewhere])).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  expect(await at('unwritten')).toBeUndefined();
});

test('a client token makes a repeated transaction count once and refuses another one', async () => {
  const token = randomUUID();
  await transact([add('once', 5)], token);
  await transact([add('once', 5)], token);
  expect((await at('once'))?.['n']).toEqual({ N: '5' });
  await expect(transact([add('once', 6)], token)).rejects.toMatchObject({
    name: 'IdempotentParameterMismatchException',
  });
  expect((await at('once'))?.['n']).toEqual({ N: '5' });
});

test('TransactGetItems answers in order and never sees half of a transaction', async () => {
  await transact([add('left', 100), add('right', 0)]);
  const get = (sk: string) => ({ Get: { TableName: it.table, Key: key(sk) } });
  const conflict = (error: unknown) => {
    if (!(error instanceof TransactionCanceledException)) throw error; // AWS may cancel either side of a race
  };
  const move = () => transact([add('left', -1), add('right', 1)]).catch(conflict);
  const sum = async () => {
    const items = ['left', 'absent', 'right'].map(get);
    const { Responses } = await it.client.send(new TransactGetItemsCommand({ TransactItems: items }));
    expect(Responses?.[1]?.Item).toBeUndefined();
    return Number(Responses?.[0]?.Item?.['n']?.N) + Number(Responses?.[2]?.Item?.['n']?.N);
  };
  const races = Array.from({ length: 30 }, () => [move(), sum().catch(conflict)] as const);
  for (const [moved, seen] of races) {
    await moved;
    expect([100, undefined]).toContain(await seen);
  }
});
