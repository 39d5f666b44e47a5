import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteItemCommand, DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { localClient } from '../../local/aws.ts';
import type { Gateway } from '../../local/gateway.ts';
import type { Json } from './gateway.ts';

/** The environment of a function of the stack. */
export const environmentOf = ({ functions }: Gateway, name: string): Readonly<Record<string, string>> =>
  functions.find(({ spec }) => spec.shortName === name)?.spec.env ?? {};

async function onTable<T>(gateway: Gateway, act: (client: DynamoDBClient, table: string) => Promise<T>): Promise<T> {
  const client = new DynamoDBClient(localClient(gateway.endpoints.dynamodb));
  try {
    return await act(client, environmentOf(gateway, 'tools')['TABLE_NAME'] ?? '');
  } finally {
    client.destroy();
  }
}

/** Every item of the table. */
export const scanTable = (gateway: Gateway): Promise<Json[]> =>
  onTable(gateway, async (client, TableName) => {
    const items: Json[] = [];
    for (let ExclusiveStartKey: Json | undefined; ; ) {
      const page = await client.send(new ScanCommand({ TableName, ExclusiveStartKey, ConsistentRead: true }));
      items.push(...(page.Items ?? []).map((item) => unmarshall(item)));
      ExclusiveStartKey = page.LastEvaluatedKey;
      if (ExclusiveStartKey === undefined) return items;
    }
  });

/** Deletes an item behind the gateway's back. */
export const dropItem = (gateway: Gateway, pk: string, sk: string): Promise<void> =>
  onTable(gateway, async (client, TableName) => {
    await client.send(new DeleteItemCommand({ TableName, Key: marshall({ pk, sk }) }));
  });

/** The stored record of an id, as the table keeps it. */
export async function storedRecord(gateway: Gateway, id: string): Promise<Json> {
  const items = await scanTable(gateway);
  const item = items.find(({ record }) => record !== undefined && JSON.parse(record).id === id);
  return JSON.parse(item?.['record'] ?? '{}');
}

/** Changes a stored record behind the gateway's back, as an accident or an intruder would; its version stays. */
export const tamper = (gateway: Gateway, id: string, change: Json): Promise<void> =>
  onTable(gateway, async (client, TableName) => {
    const items = await scanTable(gateway);
    const item = items.find(({ record }) => record !== undefined && JSON.parse(record).id === id);
    if (!item) throw new Error(`the table has no record ${id}`);
    const record = JSON.stringify({ ...JSON.parse(item['record']), ...change });
    await client.send(new PutItemCommand({ TableName, Item: marshall({ ...item, record }) }));
  });

async function onSecrets<T>(gateway: Gateway, act: (client: SecretsManagerClient) => Promise<T>): Promise<T> {
  const client = new SecretsManagerClient(localClient(gateway.endpoints.secretsManager));
  try {
    return await act(client);
  } finally {
    client.destroy();
  }
}

/** The text of a secret. */
export const readSecret = (gateway: Gateway, SecretId: string): Promise<string> =>
  onSecrets(gateway, async (client) => (await client.send(new GetSecretValueCommand({ SecretId }))).SecretString ?? '');

/** Puts another value into a secret behind the gateway's back, as a rotation does. */
export const writeSecret = (gateway: Gateway, SecretId: string, SecretString: string): Promise<void> =>
  onSecrets(gateway, async (client) => {
    await client.send(new PutSecretValueCommand({ SecretId, SecretString }));
  });

/** The name of a server's credential. */
export const secretOf = (gateway: Gateway, orgId: string, serverId: string): string =>
  `${environmentOf(gateway, 'servers')['SECRET_PREFIX']}${orgId}/${serverId}`;

/** Waits until every run of a state machine is over or waits for a time that, under a clock that stands still, does not come. */
async function atRest({ executions }: Gateway): Promise<void> {
  while (executions().some(({ status, step }) => status === 'RUNNING' && step.wakeAt === undefined)) await sleep(10);
}

/** Requests that wrote to the table so far; what a test compares them with is its own where its gateway's clock stands still. */
export async function writesOf(gateway: Gateway): Promise<number> {
  await atRest(gateway);
  const { dynamodb } = await gateway.counts();
  const writes = ['PutItem', 'UpdateItem', 'DeleteItem', 'TransactWriteItems', 'BatchWriteItem'];
  return writes.reduce((sum, operation) => sum + (dynamodb[operation] ?? 0), 0);
}

/** Requests that read the table so far, like `writesOf`. */
export async function readsOf(gateway: Gateway): Promise<number> {
  await atRest(gateway);
  const { dynamodb } = await gateway.counts();
  const reads = ['GetItem', 'Query', 'Scan', 'BatchGetItem', 'TransactGetItems'];
  return reads.reduce((sum, operation) => sum + (dynamodb[operation] ?? 0), 0);
}
