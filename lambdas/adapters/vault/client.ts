import {
  GetSecretValueCommand,
  InvalidRequestException,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';

/** Limits of one attempt, and attempts: a vault in trouble is told to the caller within seconds, as 503. */
const connectionMs = 1_000;
const requestMs = 3_000;
const attempts = 3;

let made: SecretsManagerClient | undefined;

/** The client of this environment, made at its first use. */
export function secretsManager(): SecretsManagerClient {
  made ??= new SecretsManagerClient({
    maxAttempts: attempts,
    requestHandler: { connectionTimeout: connectionMs, requestTimeout: requestMs, throwOnRequestTimeout: true },
  });
  return made;
}

/** A secret's JSON object and when it was written (milliseconds since the epoch). */
export interface SecretJson {
  readonly json: Readonly<Record<string, unknown>>;
  readonly createdAt: number;
}

/** Reads a secret; undefined where there is none or it waits for its deletion. Text that is no JSON object throws. */
export async function readSecret(name: string): Promise<SecretJson | undefined> {
  try {
    const { SecretString, CreatedDate } = await secretsManager().send(new GetSecretValueCommand({ SecretId: name }));
    return { json: objectOf(SecretString ?? ''), createdAt: CreatedDate?.getTime() ?? 0 };
  } catch (error) {
    if (error instanceof ResourceNotFoundException || error instanceof InvalidRequestException) return undefined;
    throw error;
  }
}

/** An error of JSON.parse would quote the secret. */
function objectOf(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {}
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('A secret does not hold a JSON object.');
  return value as Readonly<Record<string, unknown>>;
}

/** Reads the secret that the environment names, e.g. `PEPPER_SECRET_ID`; throws where it is not there. */
export async function readNamed(variable: string): Promise<SecretJson> {
  const name = process.env[variable];
  if (!name) throw new Error(`${variable} is not set.`);
  const secret = await readSecret(name);
  if (!secret) throw new Error(`The secret of ${variable} does not exist.`);
  return secret;
}
