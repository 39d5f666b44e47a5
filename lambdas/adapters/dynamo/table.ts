import { type AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';

/** The one table and the client that reaches it. */
export interface Table {
  readonly name: string;
  readonly client: DynamoDBClient;
}

/** An item as plain values: strings, numbers, bytes and sets. */
export type Item = Readonly<Record<string, unknown>>;

/** Limits of one attempt, and attempts: a store in trouble is told to the caller within seconds, as 503. */
const connectionMs = 1_000;
const requestMs = 3_000;
const attempts = 3;

/** The table named `TABLE_NAME`, at `DYNAMODB_ENDPOINT` where that is set. Nothing is dialled before the first request. */
export function openTable(): Table {
  const { TABLE_NAME: name, DYNAMODB_ENDPOINT: endpoint } = process.env;
  if (!name) throw new Error('TABLE_NAME is not set.');
  const client = new DynamoDBClient({
    maxAttempts: attempts,
    requestHandler: { connectionTimeout: connectionMs, requestTimeout: requestMs, throwOnRequestTimeout: true },
    ...(endpoint ? { endpoint } : {}),
  });
  return { name, client };
}

/** DynamoDB's form of an item; attributes that are `undefined` are left out. */
export const marshal = (item: Item): Record<string, AttributeValue> => marshall(item, { removeUndefinedValues: true });

/** The item as plain values. */
export const unmarshal = (item: Record<string, AttributeValue>): Item => unmarshall(item);
