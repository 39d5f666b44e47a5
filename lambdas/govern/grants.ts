import type { ObjectPermission } from '../../contract/permission.ts';
import { type Known, toShown, toStored } from '../domain/cascade/translate.ts';
import type { Grant } from '../domain/records.ts';
import type { Refusal } from '../domain/refusal.ts';
import { ok, type Result } from '../domain/result.ts';
import type { AdminActing } from './admin-acting.ts';

/** What the names of an org refer to. */
export type Names = Pick<Known, 'servers' | 'toolsets'>;

/** The names of an org as the caller may know them: to a member, a server that is not active does not exist. */
export async function namesOf(
  { records, caller }: Pick<AdminActing, 'records' | 'caller'>,
  orgId: string = caller.org_id,
): Promise<Names> {
  return knownTo(caller, await records.directory(orgId));
}

/** The part of a directory that the caller may know. */
export const knownTo = ({ role }: AdminActing['caller'], { servers, toolsets }: Names): Names => ({
  servers: role === 'member' ? servers.filter(({ status }) => status === 'active') : servers,
  toolsets,
});

/** A written grant by ids; null (clear) and undefined (leave) stay what they are. */
export async function storeGrant(
  { records }: Pick<AdminActing, 'records'>,
  orgId: string,
  names: Names,
  permission: ObjectPermission | null | undefined,
): Promise<Result<Grant | null | undefined, Refusal>> {
  if (!permission) return ok(permission);
  const agents = await Promise.all([...new Set(permission.agents)].map((id) => records.get('agent', orgId, id)));
  return toStored(permission, { ...names, agents: new Set(agents.flatMap((agent) => (agent ? [agent.id] : []))) });
}

/** The `object_permission` of a view, where the record has one. */
export const shownGrant = (
  { object_permission }: { readonly object_permission?: Grant },
  names: Names,
): { object_permission?: ObjectPermission } =>
  object_permission === undefined ? {} : { object_permission: toShown(object_permission, names) };
