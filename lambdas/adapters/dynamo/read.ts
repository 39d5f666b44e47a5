import { BatchGetItemCommand, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { type IndexKey, type IndexPartition, type ItemKey, nameOf, type Range, type Span } from './key.ts';
import { pause } from './pause.ts';
import { type Item, marshal, type Table, unmarshal } from './table.ts';

/** Most keys of one BatchGetItem (AWS). */
const batchKeys = 100;
/** Rounds for keys that an answer left out, because of throttling or its 16 MB; about a second of waiting in all. */
const batchRounds = 6;

/** Tombstones, and items past their `ttl` that DynamoDB has not deleted yet (it promises only "within days"), are absent. */
const isThere = (item: Item, deleted = false): boolean =>
  (deleted || item['deleted_at'] === undefined) &&
  !(typeof item['ttl'] === 'number' && item['ttl'] * 1000 <= Date.now());

/** One item, strongly consistent. */
export async function getItem(table: Table, key: ItemKey): Promise<Item | undefined> {
  const { Item } = await table.client.send(
    new GetItemCommand({ TableName: table.name, Key: marshal({ ...key }), ConsistentRead: true }),
  );
  const item = Item && unmarshal(Item);
  return item && isThere(item) ? item : undefined;
}

/** Many items in one strongly consistent round trip; answers a look-up. A key the store did not read is a fault, never an absent item. */
export async function getItems(table: Table, keys: readonly ItemKey[]): Promise<(key: ItemKey) => Item | undefined> {
  const wanted = [...new Map(keys.map((key) => [nameOf(key), key])).values()];
  const batches = Array.from({ length: Math.ceil(wanted.length / batchKeys) }, (_, batch) =>
    wanted.slice(batch * batchKeys, (batch + 1) * batchKeys),
  );
  const found = (await Promise.all(batches.map((batch) => getBatch(table, batch)))).flat();
  const byName = new Map(found.filter((item) => isThere(item)).map((item) => [nameOf(item), item]));
  return (key) => byName.get(nameOf(key));
}

async function getBatch(table: Table, keys: readonly ItemKey[]): Promise<readonly Item[]> {
  const found: Item[] = [];
  let left = keys.map((key) => marshal({ ...key }));
  for (let round = 0; left.length > 0; round += 1) {
    if (round === batchRounds) throw new Error('The table did not read all keys of a batch.');
    if (round > 0) await pause(round);
    const RequestItems = { [table.name]: { Keys: left, ConsistentRead: true } };
    const answer = await table.client.send(new BatchGetItemCommand({ RequestItems }));
    found.push(...(answer.Responses?.[table.name] ?? []).map(unmarshal));
    left = answer.UnprocessedKeys?.[table.name]?.Keys ?? [];
  }
  return found;
}

/** What to query: a range or a span of the table (strongly consistent) or a partition of the index `byOrg` (eventually consistent). */
export interface Query {
  readonly of: Range | Span | IndexPartition;
  /** The key of the row before the first one wanted. */
  readonly after?: ItemKey | (ItemKey & IndexKey);
  readonly newestFirst?: boolean;
  /** Tombstones too. */
  readonly deleted?: boolean;
  /** Items of one request; absent: as many as fit its 1 MB. */
  readonly pageSize?: number;
}

/** The items of a query, a request at a time as they are taken. */
export async function* query(table: Table, { of, after, newestFirst, deleted, pageSize }: Query): AsyncGenerator<Item> {
  const where =
    typeof of === 'string'
      ? { IndexName: 'byOrg', KeyConditionExpression: 'gpk = :p', ExpressionAttributeValues: marshal({ ':p': of }) }
      : { ConsistentRead: true, ...within(of) };
  let start = after && marshal({ ...after });
  do {
    const page = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        ...where,
        ExclusiveStartKey: start,
        ScanIndexForward: !newestFirst,
        Limit: pageSize,
      }),
    );
    yield* (page.Items ?? []).map(unmarshal).filter((item) => isThere(item, deleted));
    start = page.LastEvaluatedKey;
  } while (start);
}

function within(of: Range | Span) {
  if ('first' in of)
    return {
      KeyConditionExpression: 'pk = :p AND sk BETWEEN :f AND :l',
      ExpressionAttributeValues: marshal({ ':p': of.pk, ':f': of.first, ':l': of.last }),
    };
  // A condition may not compare with an empty prefix.
  if (of.prefix === '')
    return { KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: marshal({ ':p': of.pk }) };
  return {
    KeyConditionExpression: 'pk = :p AND begins_with(sk, :s)',
    ExpressionAttributeValues: marshal({ ':p': of.pk, ':s': of.prefix }),
  };
}
