import { randomInt } from 'node:crypto';
import type { CreateSecretCommandInput } from '@aws-sdk/client-secrets-manager';
import { AwsError } from '../aws-error.ts';
import type { Secret, Secrets, Tag } from './secret.ts';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const arnOf = (name: string): string => {
  const end = Array.from({ length: 6 }, () => letters[randomInt(letters.length)]).join('');
  const region = process.env['AWS_REGION'] ?? 'us-east-1';
  return `arn:aws:secretsmanager:${region}:000000000000:secret:${name}-${end}`;
};

/**
 * The secret a CreateSecret is about, still without its version: a new one, or the one that the same request made
 * before. A name that is taken, or that waits for its deletion, is refused.
 */
export function secretToCreate(secrets: Secrets, input: CreateSecretCommandInput, now: number): Secret {
  const name = input.Name ?? '';
  if (!/^[\w/+=.@!-]{1,512}$/.test(name))
    throw new AwsError('ValidationException', 'Invalid name. Must be alphanumeric or any of the following: -/_+=.@!');
  const existing = secrets.get(name);
  if (existing?.deletion !== undefined)
    throw new AwsError(
      'InvalidRequestException',
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
  if (existing !== undefined && Object.hasOwn(existing.versions, input.ClientRequestToken ?? '')) return existing;
  if (existing !== undefined)
    throw new AwsError('ResourceExistsException', `The operation failed because the secret ${name} already exists.`);
  return {
    name,
    arn: arnOf(name),
    ...(input.Description === undefined ? {} : { description: input.Description }),
    ...(input.KmsKeyId === undefined ? {} : { kmsKeyId: input.KmsKeyId }),
    tags: (input.Tags ?? []) as readonly Tag[],
    createdAt: now,
    changedAt: now,
    versions: {},
  };
}
