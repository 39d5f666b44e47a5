import type { StoredCredential } from '../../ports/vault.ts';

const isText = (value: unknown): value is string => typeof value === 'string';
const isTexts = (value: unknown): value is Readonly<Record<string, string>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isText);

/** Reads a stored credential: `origin` and texts; anything else throws without saying what it held. */
export function credentialOf(json: Readonly<Record<string, unknown>>): StoredCredential {
  const { origin, secret, username, password, secrets, ...rest } = json;
  const texts = [secret, username, password].every((value) => value === undefined || isText(value));
  if (!isText(origin) || !texts || (secrets !== undefined && !isTexts(secrets)) || Object.keys(rest).length > 0)
    throw new Error('A stored credential does not have its form.');
  return json as unknown as StoredCredential;
}
