import type { KeyCreate } from '../../../contract/keys.ts';
import { handedBy } from '../../domain/approval/submitter.ts';
import type { KeyRecord } from '../../domain/records.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { Change } from '../../ports/table.ts';
import type { AdminActing } from '../admin-acting.ts';
import { auditRows } from '../audit.ts';
import { namesOf, storeGrant } from '../grants.ts';
import { commitPlaced, takePlace } from '../places.ts';
import { refusalOf } from '../record-find.ts';
import { bindingsOf, checkGrant, checkRole, lineageOf } from './rights.ts';
import { type KeyShown, keyView, makeKeyRecord } from './view.ts';

/**
 * Mints a key and shows it once. An admin gives any grant and binding of its org and no role above its own. A member
 * mints for itself: its own bindings, no grant beyond what it may call, and at every use no more than it then may itself.
 */
export async function createKey(acting: AdminActing, body: KeyCreate): Promise<Result<KeyShown, Refusal>> {
  const { caller, secrets, now } = acting;
  const { role = 'member', expires_in, object_permission, ...given } = body;
  const allowed = checkRole(caller, role);
  if (!allowed.ok) return allowed;
  const bound = bindingsOf(caller, body);
  if (!bound.ok) return bound;
  const lineage = lineageOf(caller);
  if (!lineage.ok) return lineage;
  const maker = await acting.records.key(caller.key_id);
  const names = await namesOf(acting);
  const grant = await storeGrant(acting, caller.org_id, names, object_permission);
  if (!grant.ok) return grant;
  const within = await checkGrant(acting, grant.value);
  if (!within.ok) return within;

  const expires_at = expires_in === undefined ? undefined : new Date(now + expires_in * 1000).toISOString();
  const { record, key } = await makeKeyRecord(
    secrets,
    {
      ...given,
      ...bound.value,
      org_id: caller.org_id,
      role,
      object_permission: grant.value,
      expires_at,
      lineage: lineage.value,
      minted_by: handedBy({ ...caller, minted_by: maker?.minted_by ?? [] }),
    },
    now,
  );
  const view = keyView(record, names);
  const met = await commitPlaced(acting, auditRows(acting, 'key.create', record, null, view), [
    { do: 'create', kind: 'key', record },
    ...bindingsThere(record),
    await takePlace(acting, caller.org_id, 'key'),
  ]);
  return met ? refusalOf(met, (kind) => `${kind}_id`) : ok({ ...view, key });
}

/** What a key is bound to must be there when the key is written. */
const bindingsThere = (key: KeyRecord): readonly Change[] =>
  (['team', 'user', 'agent'] as const).flatMap((kind) => {
    const id = key[`${kind}_id`];
    return id === undefined ? [] : [{ do: 'require' as const, kind, org_id: key.org_id, id }];
  });
