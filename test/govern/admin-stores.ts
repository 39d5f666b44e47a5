import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll } from '@jest/globals';
import type { Emulator } from '../../local/emulators/aws-json.ts';
import { startSecretsManager } from '../../local/emulators/secrets-manager/start.ts';
import { testTiers } from '../support/memory.ts';
import { tableOfFile } from '../support/table.ts';

/** The one-time token, and what the distribution adds to each request. */
export const bootstrapToken = 'T'.repeat(64);
export const throughDoor = { 'x-xct-origin': 'O'.repeat(64) };

/** A table and the deployment's own secrets for a test file whose handlers find them by their environment. */
export function storesOfFile() {
  const it = tableOfFile();
  let vault: Emulator;
  beforeAll(async () => {
    vault = await startSecretsManager();
    process.env['AWS_ENDPOINT_URL_SECRETS_MANAGER'] = vault.endpoint;
    const client = new SecretsManagerClient({ endpoint: vault.endpoint, region: 'us-east-1' });
    const random = JSON.stringify({ current: '1', 1: 'R'.repeat(64) });
    const texts = {
      PEPPER_SECRET_ID: random,
      SEAL_SECRET_ID: random,
      BOOTSTRAP_SECRET_ID: JSON.stringify({ value: bootstrapToken }),
      ORIGIN_SECRET_ID: JSON.stringify({ value: throughDoor['x-xct-origin'] }),
    };
    for (const [variable, SecretString] of Object.entries(texts)) {
      const { ARN } = await client.send(new CreateSecretCommand({ Name: variable, SecretString }));
      process.env[variable] = ARN!;
    }
    client.destroy();
    // The handlers' access lines are not what is tested here.
    Object.assign(process.env, { POWERTOOLS_LOG_LEVEL: 'SILENT' });
    Object.assign(process.env, { TIERS: JSON.stringify(testTiers.byName), DEFAULT_TIER: testTiers.default });
  });
  afterAll(() => vault.close());
  return it;
}
