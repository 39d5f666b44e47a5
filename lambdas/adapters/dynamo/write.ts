import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Change } from '../../ports/table.ts';
import { type ItemKey, items } from './keys.ts';
import { nameWrite } from './names.ts';
import { itemKey, itemOf } from './stored.ts';
import { type Item, marshal } from './table.ts';

/** One conditional write of a transaction, in plain values; `when` is its condition. */
export type Write = { readonly when: string; readonly values?: Item } & (
  | { readonly verb: 'Put'; readonly item: Item }
  | { readonly verb: 'Update'; readonly key: ItemKey; readonly update: string }
  | { readonly verb: 'Delete' | 'ConditionCheck'; readonly key: ItemKey }
);

/** A change as a write whose condition holds exactly while the change may be made. */
export function writeOf(change: Change): Write {
  switch (change.do) {
    case 'create':
      return { verb: 'Put', item: itemOf(change.kind, change.record), when: 'attribute_not_exists(pk)' };
    case 'replace':
      if (change.record.version !== change.was + 1) throw new Error('A replaced record counts its version on by one.');
      return {
        verb: 'Put',
        item: itemOf(change.kind, change.record),
        when: 'version = :was',
        values: { ':was': change.was },
      };
    case 'remove':
      return {
        verb: 'Delete',
        key: itemKey(change.kind, change.org_id, change.id),
        when: 'version = :was',
        values: { ':was': change.was },
      };
    case 'require':
      return {
        verb: 'ConditionCheck',
        key: itemKey(change.kind, change.org_id, change.id),
        when: 'attribute_exists(pk) AND attribute_not_exists(deleted_at)',
      };
    case 'once':
      return { verb: 'Put', item: { ...items.once(change.what) }, when: 'attribute_not_exists(pk)' };
    default:
      return nameWrite(change);
  }
}

/** The write in DynamoDB's words; a failed condition answers with the item it met. */
export function transactItem(table: string, write: Write): TransactWriteItem {
  const common = {
    TableName: table,
    ConditionExpression: write.when,
    ExpressionAttributeValues: write.values && marshal(write.values),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  };
  if (write.verb === 'Put') return { Put: { ...common, Item: marshal(write.item) } };
  const Key = marshal({ ...write.key });
  if (write.verb === 'Update') return { Update: { ...common, Key, UpdateExpression: write.update } };
  return { [write.verb]: { ...common, Key } };
}
