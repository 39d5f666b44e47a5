import type { KeyPatch, KeyRotate } from '../../../contract/keys.ts';
import { handedBy } from '../../domain/approval/submitter.ts';
import type { KeyRecord } from '../../domain/records.ts';
import { conflict, forbidden, type Refusal } from '../../domain/refusal.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { AdminActing } from '../admin-acting.ts';
import { auditRows } from '../audit.ts';
import { type Names, namesOf, storeGrant } from '../grants.ts';
import { commitPlaced } from '../places.ts';
import { refusalOf, stale } from '../record-find.ts';
import { replaced } from '../record-write.ts';
import { hasEnded } from './ended.ts';
import { checkGrant, checkRole, findKey } from './rights.ts';
import { type KeyShown, type KeyView, keyView, makeSecret } from './view.ts';

/** A key that the caller may change: not one of a role above its own, whose power it would take over. */
async function findChangeable(acting: AdminActing, id: string): Promise<Result<KeyRecord, Refusal>> {
  const found = await findKey(acting, id);
  if (!found.ok) return found;
  const allowed = checkRole(acting.caller, found.value.role);
  return allowed.ok ? found : allowed;
}

async function findLive(acting: AdminActing, id: string): Promise<Result<KeyRecord, Refusal>> {
  const found = await findChangeable(acting, id);
  if (!found.ok || !hasEnded(found.value, acting.now)) return found;
  const { revoked_at, expires_at } = found.value;
  return conflict('The key is revoked or expired; make a new one.', {
    ...(revoked_at === undefined ? {} : { revoked_at }),
    ...(expires_at === undefined ? {} : { expires_at }),
  });
}

async function write(
  acting: AdminActing,
  action: `key.${string}`,
  before: KeyRecord,
  after: KeyRecord,
  names: Names,
): Promise<Result<KeyView, Refusal>> {
  const view = keyView(after, names);
  const freed = hasEnded(after, acting.now) && !hasEnded(before, acting.now);
  const met = await commitPlaced(acting, auditRows(acting, action, after, keyView(before, names), view), [
    { do: 'replace', kind: 'key', record: after, was: before.version },
    ...(freed ? [{ do: 'free_place', what: 'key', org_id: after.org_id } as const] : []),
  ]);
  return met ? refusalOf(met) : ok(view);
}

/**
 * Changes name, grant or limits. A member changes those of keys it minted, within its own rights; of its own key only
 * the name: a grant there may carry argument rules that no other grant repeats, so any change could widen it.
 */
export async function patchKey(acting: AdminActing, id: string, patch: KeyPatch): Promise<Result<KeyView, Refusal>> {
  const { caller, now } = acting;
  const found = await findLive(acting, id);
  if (!found.ok) return found;
  const key = found.value;
  const { version, object_permission, ...given } = patch;
  if (version !== key.version) return stale('key', key.version);
  const { name: _, ...limits } = given;
  if (caller.role === 'member' && key.id === caller.key_id && (object_permission !== undefined || hasFields(limits)))
    return forbidden('A member changes no more than the name of its own key.', 'minter', 'own key');
  const names = await namesOf(acting);
  const grant = await storeGrant(acting, caller.org_id, names, object_permission);
  if (!grant.ok) return grant;
  const within = await checkGrant(acting, grant.value);
  if (!within.ok) return within;
  return write(acting, 'key.update', key, replaced(key, { ...given, object_permission: grant.value }, now), names);
}

const hasFields = (given: object): boolean => Object.values(given).some((value) => value !== undefined);

/** Ends a key for good, whatever its grace; one that is revoked already stays as it is. */
export async function revokeKey(
  acting: AdminActing,
  id: string,
): Promise<Result<{ readonly id: string; readonly deleted: true }, Refusal>> {
  const found = await findChangeable(acting, id);
  if (!found.ok) return found;
  const key = found.value;
  const gone = ok({ id: key.id, deleted: true } as const);
  if (key.revoked_at !== undefined) return gone;
  const ended = replaced(key, { revoked_at: new Date(acting.now).toISOString(), previous: null }, acting.now);
  const written = await write(acting, 'key.revoke', key, ended, await namesOf(acting));
  return written.ok ? gone : written;
}

/** Gives a key a new secret, shown once; the one before lives for the grace, and any older one dies (AU-23). */
export async function rotateKey(
  acting: AdminActing,
  id: string,
  { grace_seconds = 0 }: KeyRotate,
): Promise<Result<KeyShown, Refusal>> {
  const found = await findLive(acting, id);
  if (!found.ok) return found;
  const before = found.value;
  const { key, ...proof } = await makeSecret(acting.secrets, before.id);
  const until = new Date(acting.now + grace_seconds * 1000).toISOString();
  const previous = grace_seconds === 0 ? null : { hmac: before.hmac, pepper: before.pepper, until };
  const rotator = await acting.records.key(acting.caller.key_id);
  // Who rotates a key has its secret, as who made it had.
  const minted_by = handedBy({ ...acting.caller, minted_by: rotator?.minted_by ?? [] }, before.minted_by);
  const after = replaced(before, { ...proof, previous, minted_by }, acting.now);
  const written = await write(acting, 'key.rotate', before, after, await namesOf(acting));
  return written.ok ? ok({ ...written.value, key }) : written;
}
