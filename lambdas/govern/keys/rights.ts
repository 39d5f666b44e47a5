import { type KeyCreate, Role } from '../../../contract/keys.ts';
import type { Caller } from '../../domain/caller.ts';
import type { Binding, Grant, KeyRecord } from '../../domain/records.ts';
import { forbidden, notFound, type Refusal, unauthorized } from '../../domain/refusal.ts';
import { ok, type Result } from '../../domain/result.ts';
import { beyond } from '../../domain/rights.ts';
import { loadWorld } from '../../journey/resolve.ts';
import type { AdminActing } from '../admin-acting.ts';
import { findRecord } from '../record-find.ts';

/** Longest chain of member keys that minted each other: each is read and asked at every call. */
const maxLineage = 5;
/** Entries of a grant that a refusal names. */
const mostNamed = 10;

const bindings = ['team_id', 'user_id', 'agent_id'] as const;
type Bindings = Omit<Binding, 'key_id'>;
/** The bindings of a key or a caller, and nothing else of it. */
export const bindingsIn = (of: Bindings): Bindings =>
  Object.fromEntries(bindings.flatMap((field) => (of[field] === undefined ? [] : [[field, of[field]]])));

/** Nobody gives or touches more than its own role; the contract lists the roles by power. */
export const checkRole = (caller: Caller, role: Role): Result<undefined, Refusal> =>
  Role.options.indexOf(role) <= Role.options.indexOf(caller.role)
    ? ok(undefined)
    : forbidden(`The role ${role} is above the caller's own, ${caller.role}.`, 'role', `role ${role}`);

/** What a new key is bound to: whatever an admin says; a member's own principals, which it may repeat but not change. */
export function bindingsOf(caller: Caller, given: KeyCreate): Result<Bindings, Refusal> {
  if (caller.role !== 'member') return ok(bindingsIn(given as Bindings));
  const other = bindings.find((field) => given[field] !== undefined && given[field] !== caller[field]);
  return other === undefined
    ? ok(bindingsIn(caller))
    : forbidden(`${other}: a member binds a key to nothing but its own team, user and agent.`, 'minter', other);
}

/** The keys whose rights bound a new key: a member and those that minted it; an admin's key stands on its own. */
export function lineageOf(caller: Caller): Result<KeyRecord['lineage'], Refusal> {
  if (caller.role !== 'member') return ok([]);
  if (caller.lineage.length >= maxLineage)
    return forbidden(`A chain of ${maxLineage} keys that minted each other ends here.`, 'minter', 'lineage');
  return ok([{ key_id: caller.key_id, ...bindingsIn(caller) }, ...caller.lineage]);
}

/** 403 that names the entries of a grant that exceed what a member may call itself (AU-14); admins give what they like. */
export async function checkGrant(
  { caller, worlds, now }: Pick<AdminActing, 'caller' | 'worlds' | 'now'>,
  grant: Grant | null | undefined,
): Promise<Result<undefined, Refusal>> {
  if (caller.role !== 'member' || !grant) return ok(undefined);
  const world = await loadWorld(caller, worlds);
  if (!world) return unauthorized();
  const excess = beyond(world, grant, now).map(({ field, name }) => `${field} ${name}`);
  if (excess.length === 0) return ok(undefined);
  const named = [...excess.slice(0, mostNamed), ...(excess.length > mostNamed ? ['…'] : [])].join(', ');
  return forbidden(`The grant exceeds what its minter may call: ${named}.`, 'minter', `object_permission: ${named}`);
}

/** Whether the caller may know of a key: its own and those that descend from it; an admin all of the org. */
export const maySee = (caller: Caller, key: KeyRecord): boolean =>
  caller.role !== 'member' || key.id === caller.key_id || key.lineage.some(({ key_id }) => key_id === caller.key_id);

/** A key that the caller may know of, else 404. */
export async function findKey(
  { caller, records }: Pick<AdminActing, 'caller' | 'records'>,
  id: string,
): Promise<Result<KeyRecord, Refusal>> {
  const found = await findRecord(records, 'key', caller.org_id, id);
  return found.ok && !maySee(caller, found.value) ? notFound('This key') : found;
}
