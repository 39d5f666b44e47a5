import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { keptDays } from '../../domain/metering/books.ts';
import type { Claim, Short } from '../../domain/metering/claim.ts';
import { windowOf } from '../../domain/metering/window.ts';
import { no, ok, type Result } from '../../domain/result.ts';
import type { Counters } from '../../ports/meter.ts';
import { items } from './keys.ts';
import { getItems } from './read.ts';
import { marshal, type Table, unmarshal } from './table.ts';

/** A minute's counter is of no use after it. */
const keptMinutes = 60;

/** What a counter has used after a take, or that the take did not fit. */
export type Taken = Result<number, Short>;

/**
 * Takes from a counter by one conditional `ADD`: read-then-write would admit what others take meanwhile. `take` and the
 * claim's own limit decide; a counter that does not exist has used nothing.
 */
export async function takeFrom(table: Table, orgId: string, claim: Claim, take = claim.take): Promise<Taken> {
  // `attribute_not_exists` would let in what is larger than the whole limit.
  if (take > claim.limit) return no({ claim, used: 0 });
  const { names, update, values } = adding(claim, take);
  const ttl = ttlOf(claim);
  try {
    const { Attributes = {} } = await table.client.send(
      new UpdateItemCommand({
        TableName: table.name,
        Key: marshal({ ...items.counter(orgId, claim.counter) }),
        UpdateExpression: ttl === undefined ? update : `${update} SET #ttl = if_not_exists(#ttl, :ttl)`,
        ConditionExpression: 'attribute_not_exists(#used) OR #used <= :room',
        ExpressionAttributeNames: { ...names, ...(ttl === undefined ? {} : { '#ttl': 'ttl' }) },
        ExpressionAttributeValues: marshal({ ...values, ':room': claim.limit - take, ':ttl': ttl }),
        ReturnValues: 'UPDATED_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return ok(Number(unmarshal(Attributes)['used']));
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return no({ claim, used: Number(error.Item?.['used']?.N ?? 0) });
  }
}

/** Gives back what a claim took, to the window and the slot it was taken from. */
export async function giveBack(table: Table, orgId: string, claim: Claim): Promise<void> {
  const { names, update, values } = adding(claim, -claim.take);
  try {
    await table.client.send(
      new UpdateItemCommand({
        TableName: table.name,
        Key: marshal({ ...items.counter(orgId, claim.counter) }),
        UpdateExpression: update,
        // A counter that is gone must not come back below zero.
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: marshal(values),
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

/** The counters of the table; one that does not exist has used nothing. */
export const dynamoCounters = (table: Table): Counters => ({
  async read(orgId, names) {
    const keys = names.map((name) => items.counter(orgId, name));
    const found = await getItems(table, keys);
    return keys.map((key) => Number(found(key)?.['used'] ?? 0));
  },
});

const adding = ({ slot }: Claim, n: number) => ({
  update: slot === undefined ? 'ADD #used :n' : 'ADD #used :n, #slot :n',
  names: { '#used': 'used', ...(slot === undefined ? {} : { '#slot': slot }) },
  values: { ':n': n },
});

function ttlOf({ kind, window }: Pick<Claim, 'kind' | 'window'>): number | undefined {
  if (window.ends === undefined) return undefined;
  return Math.floor(window.ends / 1000) + (kind === 'rate' ? keptMinutes * 60 : keptDays * 86_400);
}

/** When a counter of calls or of a budget may be forgotten, in seconds since the epoch, by its name; undefined for a budget without an end. */
export function keptUntil(name: string): number | undefined {
  const run = name.slice(name.lastIndexOf('#') + 1);
  if (run === 'total') return undefined;
  return ttlOf({ kind: 'calls', window: windowOf(run.length === 7 ? 'month' : 'day', Date.parse(run)) });
}
