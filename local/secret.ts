import {
  CreateSecretCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { localClient } from './aws.ts';
import type { Gateway } from './gateway.ts';

/** Puts a secret into the local Secrets Manager, as an operator would into AWS's: new, or over what was there. */
export async function keepSecret({ endpoints }: Gateway, name: string, value: object): Promise<void> {
  const client = new SecretsManagerClient(localClient(endpoints.secretsManager));
  const SecretString = JSON.stringify(value);
  try {
    await client.send(new CreateSecretCommand({ Name: name, SecretString }));
  } catch (error) {
    if (!(error instanceof ResourceExistsException)) throw error;
    await client.send(new PutSecretValueCommand({ SecretId: name, SecretString }));
  } finally {
    client.destroy();
  }
}
