import { makeKey } from '../../domain/proofs/index.ts';
import type { KeyRecord } from '../../domain/records.ts';
import type { Secrets } from '../../ports/vault.ts';
import { type Names, shownGrant } from '../grants.ts';
import { created } from '../record-write.ts';

/** A key as it is shown and audited: nothing that proves it, not even a hash. */
export function keyView(key: KeyRecord, names: Names) {
  const { hmac: _, pepper: __, previous: ___, lineage, minted_by: ____, object_permission: _____, ...shown } = key;
  const minter = lineage[0];
  return {
    ...shown,
    ...(minter === undefined ? {} : { minted_by: minter.key_id }),
    ...shownGrant(key, names),
  };
}
export type KeyView = ReturnType<typeof keyView>;
/** The one answer that carries the key itself. */
export type KeyShown = KeyView & { readonly key: string };

/** A new secret for the key of that id: what to store of it, and the key's text to show once. */
export async function makeSecret(
  secrets: Secrets,
  id: string,
): Promise<Pick<KeyRecord, 'hmac' | 'pepper'> & { readonly key: string }> {
  const secret = secrets.random(32);
  return { ...(await secrets.hmac(secret)), key: makeKey(id, secret) };
}

/** What a new key is apart from its id and secret; null is no value. */
type KeyFields = Pick<KeyRecord, 'name' | 'org_id' | 'role' | 'lineage'> & Readonly<Record<string, unknown>>;

/** Makes a key: the record to store, and the text to show once. */
export async function makeKeyRecord(
  secrets: Secrets,
  fields: KeyFields,
  now: number,
): Promise<{ readonly record: KeyRecord; readonly key: string }> {
  const id = secrets.random(12);
  const { key, ...proof } = await makeSecret(secrets, id);
  return { record: created<KeyRecord>({ ...fields, id, ...proof }, now), key };
}
