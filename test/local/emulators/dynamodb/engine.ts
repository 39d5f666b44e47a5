import { randomUUID } from 'node:crypto';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  GetItemCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll } from '@jest/globals';
import type { Emulator } from '../../../../local/emulators/aws-json.ts';
import { startDynamoDb } from '../../../../local/emulators/dynamodb/start.ts';

const local = { accessKeyId: 'local', secretAccessKey: 'local' };

/** A client without retries; credentials come from the environment where it has some. */
export const clientOf = (endpoint: string, maxAttempts = 1): DynamoDBClient =>
  new DynamoDBClient({
    endpoint,
    maxAttempts,
    region: process.env['AWS_REGION'] ?? 'us-east-1',
    ...(process.env['AWS_ACCESS_KEY_ID'] === undefined ? { credentials: local } : {}),
  });

/** A new table with string keys `pk` and `sk`, a global index on `by` and, if asked, a stream. */
export async function createTable(client: DynamoDBClient, stream = false): Promise<string> {
  const TableName = `emulator-test-${randomUUID()}`;
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk', 'by'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-index',
          KeySchema: [{ AttributeName: 'by', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
      ...(stream ? { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } } : {}),
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 0.02, maxDelay: 2 }, { TableName });
  return TableName;
}

/** The key of a test item. */
export const key = (sk: string) => ({ pk: { S: 'item' }, sk: { S: sk } });

/** An item as it is now. */
export const read = async (client: DynamoDBClient, TableName: string, sk: string) =>
  (await client.send(new GetItemCommand({ TableName, Key: key(sk), ConsistentRead: true }))).Item;

/** One table for a test file: on `DYNAMODB_ENDPOINT` if that is set, else on an emulator of its own. */
export function engine() {
  const it = {} as { client: DynamoDBClient; table: string };
  let own: Emulator | undefined;
  beforeAll(async () => {
    const given = process.env['DYNAMODB_ENDPOINT'];
    if (given === undefined) own = await startDynamoDb();
    it.client = clientOf(given ?? own!.endpoint);
    it.table = await createTable(it.client);
  });
  afterAll(async () => {
    await it.client.send(new DeleteTableCommand({ TableName: it.table }));
    it.client.destroy();
    await own?.close();
  });
  return it;
}
