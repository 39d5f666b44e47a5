import { CreateSecretCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { secretsManager } from '../../../lambdas/adapters/vault/client.ts';
import { account, localClient, region } from '../../../local/aws.ts';
import { startSecretsManager } from '../../../local/emulators/secrets-manager/start.ts';

/** A local Secrets Manager that the adapters under test talk to. */
export interface Local {
  /** Operations it was asked for, in their order. */
  readonly operations: string[];
  create(name: string, value: object): Promise<unknown>;
  put(name: string, value: object): Promise<unknown>;
  close(): Promise<void>;
}

/** Starts it and points the SDK's environment at it; once per test file, since the client is made once. */
export async function startLocal(): Promise<Local> {
  const operations: string[] = [];
  const emulator = await startSecretsManager({ onRequest: (operation) => operations.push(operation) });
  const { credentials } = localClient(emulator.endpoint);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SECRETS_MANAGER: emulator.endpoint,
    AWS_REGION: region,
    AWS_ACCOUNT_ID: account,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  });
  const text = (value: object) => ({ SecretString: JSON.stringify(value) });
  return {
    operations,
    create: (Name, value) => secretsManager().send(new CreateSecretCommand({ Name, ...text(value) })),
    put: (SecretId, value) => secretsManager().send(new PutSecretValueCommand({ SecretId, ...text(value) })),
    close: () => {
      secretsManager().destroy();
      return emulator.close();
    },
  };
}
