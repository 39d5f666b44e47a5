import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { z } from 'zod';
import { localClient } from '../aws.ts';
import type { ReadSecret } from './dynamic-reference.ts';
import { GenerateSecretString, generateSecret } from './password.ts';
import type { Stack } from './stack.ts';

const Secret = z.object({
  SecretString: z.string().optional(),
  GenerateSecretString: GenerateSecretString.optional(),
});

async function keepOrCreate(client: SecretsManagerClient, Name: string, secret: z.infer<typeof Secret>) {
  try {
    return (await client.send(new DescribeSecretCommand({ SecretId: Name }))).ARN!;
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    const recipe = secret.GenerateSecretString;
    const SecretString = secret.SecretString ?? (recipe && generateSecret(recipe));
    return (await client.send(new CreateSecretCommand({ Name, SecretString }))).ARN!;
  }
}

/** Makes the template's secrets; those that exist keep their value. Answers how to read one for a dynamic reference. */
export async function createSecrets(stack: Stack, endpoint: string): Promise<ReadSecret> {
  const client = new SecretsManagerClient(localClient(endpoint));
  for (const { id, properties } of stack.resources(Secret, 'AWS::SecretsManager::Secret'))
    stack.learnSecret(id, await keepOrCreate(client, stack.physicalName(id), properties));
  return async (SecretId) => (await client.send(new GetSecretValueCommand({ SecretId }))).SecretString ?? '';
}
