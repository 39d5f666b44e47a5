import { randomUUID } from 'node:crypto';
import {
  type CancellationReason,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { ItemKey } from './key.ts';
import { pause } from './pause.ts';
import { type Item, marshal, type Table } from './table.ts';

/** Most items of a transaction (AWS). */
export const mostItems = 100;
/** Tries while others write the same items: about two seconds of waiting in all. */
const tries = 8;
/** Reasons that pass by themselves. */
const passing: readonly unknown[] = ['None', 'TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'];

/** One write of a transaction, in plain values; `when` is its condition, `names` stand for words that DynamoDB keeps for itself. */
export type Write = {
  readonly when?: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Item;
} & (
  | { readonly verb: 'Put'; readonly item: Item }
  | { readonly verb: 'Update'; readonly key: ItemKey; readonly update: string }
  | { readonly verb: 'Delete' | 'ConditionCheck'; readonly key: ItemKey }
);

/** The write in DynamoDB's words; a failed condition answers with the item it met. */
function transactItem(table: string, write: Write): TransactWriteItem {
  const common = {
    TableName: table,
    ConditionExpression: write.when,
    ExpressionAttributeNames: write.names,
    ExpressionAttributeValues: write.values && marshal(write.values),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  };
  if (write.verb === 'Put') return { Put: { ...common, Item: marshal(write.item) } };
  const Key = marshal({ ...write.key });
  if (write.verb === 'Update') return { Update: { ...common, Key, UpdateExpression: write.update } };
  return { [write.verb]: { ...common, Key } };
}

/** Runs a transaction; answers the reasons, one per write, when a condition did not hold, and none when all is written. */
export async function transact(table: Table, writes: readonly Write[]): Promise<readonly CancellationReason[]> {
  const command = new TransactWriteItemsCommand({
    TransactItems: writes.map((write) => transactItem(table.name, write)),
    ClientRequestToken: randomUUID(), // one for all tries: a write whose answer was lost is not made twice
  });
  for (let round = 0; ; round += 1) {
    try {
      await table.client.send(command);
      return [];
    } catch (fault) {
      const reasons = (fault instanceof TransactionCanceledException && fault.CancellationReasons) || [];
      if (reasons.some(({ Code }) => Code === 'ConditionalCheckFailed')) return reasons;
      const passes = reasons.length > 0 && reasons.every(({ Code }) => passing.includes(Code));
      if (!passes || round + 1 === tries) throw fault;
      await pause(round);
    }
  }
}
