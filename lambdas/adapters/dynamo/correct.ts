import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Correction, Counter } from '../../domain/metering/books.ts';
import { keptUntil } from './counters.ts';
import { items } from './keys.ts';
import { marshal, type Table } from './table.ts';

/**
 * Corrects a counter where its slots still are what was read; answers whether they were. `used` changes by an `ADD`, so
 * that what calls take meanwhile stays, and `corrections` keeps two sweeps from both adding.
 */
export async function correctCounter(
  table: Table,
  orgId: string,
  { name, slots: were, corrections }: Counter,
  { slots, drop, add }: Correction,
): Promise<boolean> {
  const ttl = keptUntil(name);
  const touched = [...Object.keys(slots), ...drop];
  const numbered = <T>(make: (slot: string, n: number) => readonly [string, T]) =>
    Object.fromEntries(touched.map((slot, n) => make(slot, n)));
  const set = touched.flatMap((slot, n) => (slot in slots ? [`#s${n} = :is${n}`] : []));
  const remove = touched.flatMap((slot, n) => (slot in slots ? [] : [`#s${n}`]));
  const asRead = touched.map((slot, n) => (slot in were ? `#s${n} = :was${n}` : `attribute_not_exists(#s${n})`));
  try {
    await table.client.send(
      new UpdateItemCommand({
        TableName: table.name,
        Key: marshal({ ...items.counter(orgId, name.split('#')) }),
        UpdateExpression: [
          `SET ${[...set, 'corrections = :next', ...(ttl === undefined ? [] : ['#ttl = if_not_exists(#ttl, :ttl)'])].join(', ')}`,
          ...(remove.length === 0 ? [] : [`REMOVE ${remove.join(', ')}`]),
          'ADD #used :add',
        ].join(' '),
        ConditionExpression: [
          corrections === 0 ? 'attribute_not_exists(corrections)' : 'corrections = :corrections',
          ...asRead,
        ].join(' AND '),
        ExpressionAttributeNames: {
          ...numbered((slot, n) => [`#s${n}`, slot]),
          '#used': 'used',
          ...(ttl === undefined ? {} : { '#ttl': 'ttl' }),
        },
        ExpressionAttributeValues: marshal({
          ...numbered((slot, n) => [`:is${n}`, slots[slot]]),
          ...numbered((slot, n) => [`:was${n}`, were[slot]]),
          ':corrections': corrections === 0 ? undefined : corrections,
          ':next': corrections + 1,
          ':add': add,
          ':ttl': ttl,
        }),
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
