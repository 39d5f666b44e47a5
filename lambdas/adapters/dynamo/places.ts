import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { PlaceKind } from '../../domain/metering/tier.ts';
import type { Change, Places } from '../../ports/table.ts';
import { items } from './keys.ts';
import { getItem } from './read.ts';
import { type Item, marshal, type Table } from './table.ts';
import type { Write } from './transact.ts';

type PlaceChange = Extract<Change, { readonly do: 'take_place' | 'free_place' }>;

/** The write of a place; no comparison holds for a counter that is not there. */
export function placeWrite(change: PlaceChange): Write {
  const key = items.places(change.org_id, change.what);
  const update = 'ADD used :step, changes :one';
  return change.do === 'take_place'
    ? { verb: 'Update', key, update, when: 'used < :limit', values: { ':step': 1, ':one': 1, ':limit': change.limit } }
    : { verb: 'Update', key, update, when: 'used > :none', values: { ':step': -1, ':one': 1, ':none': 0 } };
}

/** The counter in an item. */
export const placesOf = ({ used, changes }: Item): Places => ({ used: Number(used), changes: Number(changes) });

/** Reads the counter of an org's places. */
export async function readPlaces(table: Table, orgId: string, what: PlaceKind): Promise<Places | undefined> {
  const item = await getItem(table, items.places(orgId, what));
  return item && placesOf(item);
}

/** Sets the counter of an org's places; where it has changed since it was seen, what was counted is out of date. */
export async function writePlaces(
  table: Table,
  orgId: string,
  what: PlaceKind,
  seen: Places | undefined,
  used: number,
): Promise<void> {
  const command = new UpdateItemCommand({
    TableName: table.name,
    Key: marshal({ ...items.places(orgId, what) }),
    UpdateExpression: 'SET used = :used ADD changes :one',
    ConditionExpression: seen === undefined ? 'attribute_not_exists(pk)' : 'changes = :seen',
    ExpressionAttributeValues: marshal({ ':used': used, ':one': 1, ':seen': seen?.changes }),
  });
  try {
    await table.client.send(command);
  } catch (fault) {
    if (!(fault instanceof ConditionalCheckFailedException)) throw fault;
  }
}
