import type { OrgCreate } from '../../../contract/principals.ts';
import type { Tiers } from '../../domain/metering/tier.ts';
import type { OrgRecord } from '../../domain/records.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { AdminActing } from '../admin-acting.ts';
import { auditRows } from '../audit.ts';
import type { Names } from '../grants.ts';
import { type KeyShown, keyView, makeKeyRecord } from '../keys/view.ts';
import { commitPlaced, placeIn } from '../places.ts';
import { refusalOf } from '../record-find.ts';
import { created } from '../record-write.ts';
import { storedFields } from './fields.ts';
import { type PrincipalView, principalView } from './view.ts';

/** A new org has no servers, so no names a grant or a block list could hold. */
export const noNames: Names = { servers: [], toolsets: [] };

/** The first version of an org, in the default tier unless `fields` say otherwise. */
export const newOrg = (id: string, tiers: Tiers, fields: { readonly name: string }, now: number): OrgRecord =>
  created<OrgRecord>(
    { tier: tiers.default, disabled: false, blocked_servers: [], blocked_tools: [], ...fields, id, org_id: id },
    now,
  );

/** Makes an org and, in the same transaction, its first admin key, which is shown once: the operator acts in its own org only. */
export async function createOrg(
  acting: AdminActing,
  body: OrgCreate,
): Promise<Result<PrincipalView & { readonly admin_key: KeyShown }, Refusal>> {
  const { secrets, tiers, now } = acting;
  const id = `org_${secrets.random(12)}`;
  const fields = await storedFields(acting, id, noNames, body);
  if (!fields.ok) return fields;
  const given = Object.fromEntries(Object.entries(fields.value).filter(([, value]) => value !== undefined));
  const org = newOrg(id, tiers, { name: body.name, ...given }, now);
  const first = await makeKeyRecord(secrets, { name: 'first admin', org_id: id, role: 'admin', lineage: [] }, now);
  const view = principalView('org', org, noNames);
  const admin = keyView(first.record, noNames);
  const met = await commitPlaced(
    acting,
    [
      ...auditRows(acting, 'org.create', org, null, view),
      ...auditRows(acting, 'key.create', first.record, null, admin),
    ],
    [
      { do: 'create', kind: 'org', record: org },
      { do: 'create', kind: 'key', record: first.record },
      placeIn(tiers, org, 'key'),
    ],
  );
  if (met) return refusalOf(met);
  acting.turnValve(org);
  return ok({ ...view, admin_key: { ...admin, key: first.key } });
}
