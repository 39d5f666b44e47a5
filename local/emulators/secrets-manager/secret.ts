import { AwsError } from '../aws-error.ts';

/** One version of a secret's text with the staging labels on it; times are epoch seconds, as on the wire. */
export interface Version {
  readonly text: string;
  readonly stages: readonly string[];
  readonly createdAt: number;
}

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** A secret with its versions by id (the ClientRequestToken that made them). */
export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly description?: string;
  readonly kmsKeyId?: string;
  readonly tags: readonly Tag[];
  readonly createdAt: number;
  readonly changedAt: number;
  /** Set while the secret waits for its deletion. */
  readonly deletion?: { readonly askedAt: number; readonly dueAt: number };
  readonly versions: Readonly<Record<string, Version>>;
}

/** All secrets by name; a new map for every change. */
export type Secrets = ReadonlyMap<string, Secret>;

/** The secret of that name, ARN, or ARN without its random end, if there is one. */
export const findSecret = (secrets: Secrets, id: string): Secret | undefined =>
  secrets.get(id) ?? [...secrets.values()].find(({ arn }) => arn === id || arn.slice(0, -'-XXXXXX'.length) === id);

/** As `findSecret`; throws ResourceNotFoundException. */
export function secretOf(secrets: Secrets, id: string): Secret {
  const secret = findSecret(secrets, id);
  if (secret !== undefined) return secret;
  throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
}

/** As `secretOf`, but a secret that waits for its deletion is refused with InvalidRequestException. */
export function liveSecretOf(secrets: Secrets, id: string): Secret {
  const secret = secretOf(secrets, id);
  if (secret.deletion === undefined) return secret;
  throw new AwsError(
    'InvalidRequestException',
    "You can't perform this operation on the secret because it was marked for deletion.",
  );
}

/** The secrets whose recovery window has not passed at `now` (epoch seconds). */
export const withoutDeleted = (secrets: Secrets, now: number): Secrets =>
  new Map([...secrets].filter(([, { deletion }]) => deletion === undefined || deletion.dueAt > now));
