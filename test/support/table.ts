import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DeleteTableCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, test } from '@jest/globals';
import { openTable, type Table } from '../../lambdas/adapters/dynamo/table.ts';
import type { AuditEntry } from '../../lambdas/domain/audit.ts';
import type { Emulator } from '../../local/emulators/aws-json.ts';
import { startDynamoDb } from '../../local/emulators/dynamodb/start.ts';

const text = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' as const });
const keys = (hash: string, range: string) => [
  { AttributeName: hash, KeyType: 'HASH' as const },
  { AttributeName: range, KeyType: 'RANGE' as const },
];

/** A new table as the stack makes it, opened the way the functions open theirs. */
export async function aTable(endpoint: string): Promise<Table> {
  const name = `test-${randomUUID()}`;
  process.env['AWS_REGION'] ??= 'us-east-1';
  process.env['AWS_ACCESS_KEY_ID'] ??= 'local';
  process.env['AWS_SECRET_ACCESS_KEY'] ??= 'local';
  Object.assign(process.env, { TABLE_NAME: name, DYNAMODB_ENDPOINT: endpoint });
  const table = openTable();
  await table.client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk', 'gpk', 'gsk'].map(text),
      KeySchema: keys('pk', 'sk'),
      GlobalSecondaryIndexes: [
        { IndexName: 'byOrg', KeySchema: keys('gpk', 'gsk'), Projection: { ProjectionType: 'ALL' } },
      ],
    }),
  );
  await waitUntilTableExists(
    { client: table.client, maxWaitTime: 60, minDelay: 0.02, maxDelay: 2 },
    { TableName: name },
  );
  return table;
}

const given = process.env['DYNAMODB_ENDPOINT'];

/** One table for a test file: at `DYNAMODB_ENDPOINT` where that is set, else on an emulator of its own. */
export function tableOfFile(): { readonly table: Table; readonly emulator: Emulator } {
  const it = {} as { table: Table; emulator: Emulator };
  beforeAll(async () => {
    if (!given) it.emulator = await startDynamoDb();
    it.table = await aTable(given ?? it.emulator.endpoint);
  });
  afterAll(async () => {
    await it.table.client.send(new DeleteTableCommand({ TableName: it.table.name }));
    it.table.client.destroy();
    await it.emulator?.close();
  });
  return it;
}

/** A test that orders faults or counts requests: only the emulator can. */
export const testOnEmulator = given ? test.skip : test;

/** An audit row of org `default`: an admin made a team. */
export const anAudit = (row: Partial<AuditEntry> = {}): AuditEntry => ({
  id: 'aud_000000000001',
  org_id: 'default',
  at: '2026-06-01T12:00:00.000Z',
  actor: { key_id: 'Key000000001', role: 'admin' },
  action: 'team.create',
  target: { kind: 'team', id: 'team_web' },
  before: null,
  after: { name: 'web' },
  request_id: 'request-1',
  ...row,
});
