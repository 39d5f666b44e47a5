import { AwsError } from '../aws-error.ts';
import type { Secret, Version } from './secret.ts';

const maxBytes = 65_536;

/** Refuses what AWS refuses as a secret's text: none, an empty one, more than 64 KiB. */
export function checkText(text: unknown): asserts text is string {
  if (typeof text !== 'string')
    throw new AwsError('InvalidRequestException', 'You must provide SecretString (SecretBinary is not emulated).');
  const bytes = Buffer.byteLength(text);
  if (bytes < 1 || bytes > maxBytes)
    throw new AwsError('ValidationException', `secretString must have length between 1 and ${maxBytes}`);
}

/** Refuses a ClientRequestToken that cannot be a version id. */
export function checkToken(token: string): void {
  if (token.length < 32 || token.length > 64)
    throw new AwsError('InvalidParameterException', 'ClientRequestToken must be 32-64 characters long.');
}

/**
 * The secret with one more version, which takes the given labels from whoever has them; losing AWSCURRENT gives
 * AWSPREVIOUS. The same id with the same text changes nothing; with another text it is ResourceExistsException.
 */
export function addVersion(
  secret: Secret,
  id: string,
  text: string,
  now: number,
  stages: readonly string[] = ['AWSCURRENT'],
): Secret {
  const existing = secret.versions[id];
  if (existing?.text === text) return secret;
  if (existing !== undefined)
    throw new AwsError(
      'ResourceExistsException',
      `You can't use ClientRequestToken ${id} because that value is already in use for a version of the secret.`,
    );
  const first = Object.keys(secret.versions).length === 0;
  const taken = first ? [...new Set([...stages, 'AWSCURRENT'])] : stages;
  const currentMoves = taken.includes('AWSCURRENT');
  const lose = (version: Version): Version => {
    const left = version.stages.filter((stage) => !taken.includes(stage) && !(currentMoves && stage === 'AWSPREVIOUS'));
    return {
      ...version,
      stages: version.stages.includes('AWSCURRENT') && currentMoves ? [...left, 'AWSPREVIOUS'] : left,
    };
  };
  const older = Object.entries(secret.versions).map(([olderId, version]) => [olderId, lose(version)] as const);
  return {
    ...secret,
    changedAt: now,
    versions: { ...Object.fromEntries(older), [id]: { text, stages: taken, createdAt: now } },
  };
}

/** The version with this id and this label; without either, the current one. Throws ResourceNotFoundException. */
export function versionOf(secret: Secret, id?: string, stage?: string): readonly [string, Version] {
  const label = stage ?? (id === undefined ? 'AWSCURRENT' : undefined);
  const found = Object.entries(secret.versions).find(
    ([versionId, { stages }]) =>
      (id === undefined || versionId === id) && (label === undefined || stages.includes(label)),
  );
  if (found !== undefined) return found;
  const sought = id === undefined ? `staging label: ${label}` : `VersionId: ${id}`;
  throw new AwsError(
    'ResourceNotFoundException',
    `Secrets Manager can't find the specified secret value for ${sought}`,
  );
}
