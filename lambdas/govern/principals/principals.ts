import type { PageQuery } from '../../../contract/lists.ts';
import { conflict, type Refusal } from '../../domain/refusal.ts';
import { type No, ok, type Result } from '../../domain/result.ts';
import type { Change } from '../../ports/table.ts';
import type { AdminActing } from '../admin-acting.ts';
import { auditRows } from '../audit.ts';
import { namesOf } from '../grants.ts';
import { type Listed, pageOf } from '../page.ts';
import { findRecord, refusalOf, stale } from '../record-find.ts';
import { created, replaced } from '../record-write.ts';
import { type PrincipalWrite, storedFields } from './fields.ts';
import { defaultOrg, type Principal, type PrincipalKind, type PrincipalView, principalView } from './view.ts';

/** How the ids of each kind begin. */
const prefixes = { team: 'team', user: 'usr', agent: 'agt' } as const;

/** The org that a principal's names belong to. An org is its own; everything else is the caller's. */
const orgOf = ({ caller }: AdminActing, kind: PrincipalKind, id: string): string =>
  kind === 'org' ? id : caller.org_id;

/** Makes a team, a user or an agent in the caller's org. */
export async function createPrincipal(
  acting: AdminActing,
  kind: Exclude<PrincipalKind, 'org'>,
  body: PrincipalWrite,
): Promise<Result<PrincipalView, Refusal>> {
  const { caller, records, secrets, now } = acting;
  const names = await namesOf(acting);
  const fields = await storedFields(acting, caller.org_id, names, body);
  if (!fields.ok) return fields;
  const id = `${prefixes[kind]}_${secrets.random(12)}`;
  const record = created<Principal>({ disabled: false, name: '', ...fields.value, id, org_id: caller.org_id }, now);
  const view = principalView(kind, record, names);
  const change = { do: 'create', kind, record } as Change;
  const met = await records.commit(auditRows(acting, `${kind}.create`, record, null, view), [change]);
  return met ? refusalOf(met) : ok(view);
}

/** A page of the principals of a kind: the orgs of the deployment, or what stands in the caller's org. */
export async function listPrincipals(
  acting: AdminActing,
  kind: PrincipalKind,
  query: PageQuery,
): Promise<Result<Listed<PrincipalView>, Refusal>> {
  const { caller, records } = acting;
  const page = await pageOf(acting, `${kind}s`, query, (asked) => records.list(kind, caller.org_id, asked), same);
  if (!page.ok) return page;
  const rows: readonly Principal[] = page.value.data;
  const orgs = [...new Set(rows.map((row) => orgOf(acting, kind, row.id)))];
  const names = new Map(await Promise.all(orgs.map(async (org) => [org, await namesOf(acting, org)] as const)));
  const data = rows.map((row) => principalView(kind, row, names.get(orgOf(acting, kind, row.id))!));
  return ok({ ...page.value, data });
}
const same = <T>(row: T): T => row;

/** One principal. */
export async function getPrincipal(
  acting: AdminActing,
  kind: PrincipalKind,
  id: string,
): Promise<Result<PrincipalView, Refusal>> {
  const org = orgOf(acting, kind, id);
  const found = await findRecord(acting.records, kind, org, id);
  return found.ok ? ok(principalView(kind, found.value, await namesOf(acting, org))) : found;
}

/** Changes a principal. */
export async function patchPrincipal(
  acting: AdminActing,
  kind: PrincipalKind,
  id: string,
  { version, ...body }: PrincipalWrite & { readonly version: number },
): Promise<Result<PrincipalView, Refusal>> {
  const org = orgOf(acting, kind, id);
  const found = await findRecord(acting.records, kind, org, id);
  if (!found.ok) return found;
  if (version !== found.value.version) return stale(kind, found.value.version);
  if (kind === 'org' && id === defaultOrg && body.disabled === true) return stays('disabled');
  const fields = await storedFields(acting, org, await namesOf(acting, org), body);
  if (!fields.ok) return fields;
  return write(acting, kind, 'update', found.value, replaced(found.value, fields.value, acting.now));
}

/** Deletes a principal: its tombstone stays, so that keys bound to it are dead and never "bound to nothing". */
export async function removePrincipal(
  acting: AdminActing,
  kind: PrincipalKind,
  id: string,
): Promise<Result<{ readonly id: string; readonly deleted: true }, Refusal>> {
  const found = await findRecord(acting.records, kind, orgOf(acting, kind, id), id);
  if (!found.ok) return found;
  if (kind === 'org' && id === defaultOrg) return stays('deleted');
  const tombstone = replaced(found.value, { deleted_at: new Date(acting.now).toISOString() }, acting.now);
  const written = await write(acting, kind, 'delete', found.value, tombstone);
  return written.ok ? ok({ id, deleted: true }) : written;
}

const stays = (what: string): No<Refusal> =>
  conflict(`The org ${defaultOrg} holds the operators; it cannot be ${what}.`, { id: defaultOrg });

async function write(
  acting: AdminActing,
  kind: PrincipalKind,
  act: 'update' | 'delete',
  before: Principal,
  after: Principal,
): Promise<Result<PrincipalView, Refusal>> {
  const names = await namesOf(acting, after.org_id);
  const view = principalView(kind, after, names);
  const rows = auditRows(
    acting,
    `${kind}.${act}`,
    after,
    principalView(kind, before, names),
    act === 'delete' ? null : view,
  );
  const met = await acting.records.commit(rows, [
    { do: 'replace', kind, record: after, was: before.version } as Change,
  ]);
  if (met) return refusalOf(met);
  if ('tier' in before && 'tier' in after && (act === 'delete' || after.tier !== before.tier)) acting.turnValve(after);
  return ok(view);
}
