import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { ItemKey } from './keys.ts';
import { type Item, marshal } from './table.ts';

/** One conditional write of a transaction, in plain values; `when` is its condition. */
export type Write = { readonly when: string; readonly values?: Item } & (
  | { readonly verb: 'Put'; readonly item: Item }
  | {
      readonly verb: 'Update';
      readonly key: ItemKey;
      readonly update: string;
      /** For words of DynamoDB's own, such as `ttl`. */
      readonly names?: Readonly<Record<string, string>>;
    }
  | { readonly verb: 'Delete' | 'ConditionCheck'; readonly key: ItemKey }
);

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
  if (write.verb === 'Update')
    return { Update: { ...common, Key, UpdateExpression: write.update, ExpressionAttributeNames: write.names } };
  return { [write.verb]: { ...common, Key } };
}
