import { join } from 'node:path';
import type { Emulator } from './emulators/aws-json.ts';
import type { Change } from './emulators/dynamodb/change.ts';
import { type DynamoDb, startDynamoDb } from './emulators/dynamodb/start.ts';
import { startSecretsManager } from './emulators/secrets-manager/start.ts';

/** The stores behind the functions. */
export interface Engines {
  readonly dynamodb: DynamoDb;
  readonly secretsManager: Emulator;
}

/** An engine that somebody else runs: nothing to count, to fail or to close, and no change is told. */
const external = (endpoint: string): DynamoDb => ({
  endpoint,
  faults: {
    failNext: async () => {
      throw new Error(`${endpoint} takes no ordered faults`);
    },
    clear: async () => {},
  },
  counts: async () => ({}),
  forgetChanges: async () => {},
  close: async () => {},
});

/** Starts the embedded stores on their part of the data folder (in memory without one); `DYNAMODB_ENDPOINT` names another DynamoDB, whose changes `onChange` does not hear. */
export async function startEngines(
  folder: string | undefined,
  onChange: ((change: Change) => void) | undefined,
): Promise<Engines> {
  const elsewhere = process.env['DYNAMODB_ENDPOINT'];
  const part = (name: string) => (folder === undefined ? {} : { folder: join(folder, name) });
  const secretsManager = await startSecretsManager(part('secrets'));
  const dynamodb = elsewhere
    ? external(elsewhere)
    : await startDynamoDb({ ...part('dynamodb'), ...(onChange && { onChange }) });
  return { dynamodb, secretsManager };
}
