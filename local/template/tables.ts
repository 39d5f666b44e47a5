import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  type KeySchemaElement,
  ResourceNotFoundException,
  type TableDescription,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { localClient } from '../aws.ts';
import type { Stack } from './stack.ts';

const Keys = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));
const Table = z.object({
  AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) })),
  KeySchema: Keys,
  GlobalSecondaryIndexes: z
    .array(
      z.object({
        IndexName: z.string(),
        KeySchema: Keys,
        Projection: z.object({
          ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
          NonKeyAttributes: z.array(z.string()).optional(),
        }),
      }),
    )
    .optional(),
  StreamSpecification: z
    .object({ StreamViewType: z.enum(['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES']) })
    .optional(),
  TimeToLiveSpecification: z.object({ AttributeName: z.string(), Enabled: z.boolean() }).optional(),
});
type Table = z.infer<typeof Table>;

async function describe(client: DynamoDBClient, TableName: string): Promise<TableDescription | undefined> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName }))).Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/** Keys of a table and its indexes in one comparable text. */
function shape(table: Table | TableDescription): string {
  const keys = (schema: readonly KeySchemaElement[] = []) => schema.map((key) => `${key.KeyType}=${key.AttributeName}`);
  const indexes = (table.GlobalSecondaryIndexes ?? []).map((index) => `${index.IndexName}:${keys(index.KeySchema)}`);
  return [keys(table.KeySchema).join(), ...indexes.sort()].join(';');
}

async function create(client: DynamoDBClient, TableName: string, table: Table): Promise<void> {
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, StreamSpecification, TimeToLiveSpecification } =
    table;
  const found = await describe(client, TableName);
  if (found !== undefined && shape(found) !== shape(table))
    throw new Error(`table ${TableName} on disk has other keys than the template: start once with --fresh`);
  if (found === undefined)
    await client.send(
      new CreateTableCommand({
        TableName,
        AttributeDefinitions,
        KeySchema,
        GlobalSecondaryIndexes,
        StreamSpecification: StreamSpecification && { StreamEnabled: true, ...StreamSpecification },
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
  while ((await describe(client, TableName))?.TableStatus !== 'ACTIVE') await sleep(20);
  if (!TimeToLiveSpecification?.Enabled) return;
  const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
  if (TimeToLiveDescription?.TimeToLiveStatus !== 'ENABLED')
    await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
}

/** Makes the template's tables with their indexes and TTL; those that exist are kept. Throws when one on disk has other keys. */
export async function createTables(stack: Stack, endpoint: string): Promise<void> {
  const client = new DynamoDBClient(localClient(endpoint));
  const tables = stack.resources(Table, 'AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable');
  await Promise.all(tables.map(({ id, properties }) => create(client, stack.physicalName(id), properties)));
  client.destroy();
}
