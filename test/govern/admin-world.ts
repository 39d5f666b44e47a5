import type { Role } from '../../contract/keys.ts';
import type { Caller } from '../../lambdas/domain/caller.ts';
import type { KeyRecord } from '../../lambdas/domain/records.ts';
import type { AdminActing } from '../../lambdas/govern/admin-acting.ts';
import type { Records } from '../../lambdas/ports/table.ts';
import {
  memoryCounters,
  memoryRecords,
  memorySeal,
  memorySecrets,
  memoryWorlds,
  testTiers,
} from '../support/memory.ts';
import { anOrg, aServer, aTeam, aUser, noon } from '../support/records.ts';

/** The caller that a key is. */
export const callerOf = ({ id, org_id, role, lineage, team_id, user_id, agent_id }: KeyRecord): Caller => ({
  key_id: id,
  org_id,
  role,
  lineage,
  tier: 'team',
  ...(team_id === undefined ? {} : { team_id }),
  ...(user_id === undefined ? {} : { user_id }),
  ...(agent_id === undefined ? {} : { agent_id }),
});

/** A caller of org `default` that no key stands behind: enough for whoever is not a member. */
export const someone = (role: Role, given: Partial<Caller> = {}): Caller => ({
  key_id: 'Adm000000001',
  org_id: 'default',
  role,
  tier: 'team',
  lineage: [],
  ...given,
});

/** An admin of org `default` acts at noon; `records` is the table the test looks at. */
export function actingOn<R extends Records>(records: R, given: Partial<AdminActing> = {}) {
  const acting: AdminActing = {
    caller: someone('admin'),
    requestId: 'req-1',
    now: noon,
    records,
    worlds: memoryWorlds(records),
    secrets: memorySecrets(),
    seal: memorySeal(),
    tiers: testTiers,
    counters: memoryCounters(),
    turnValve: () => {},
    ...given,
  };
  return { records, acting, as: (caller: Caller): AdminActing => ({ ...acting, caller }) };
}

/** Org `default` in memory: servers `github` (granted to team `team_web`), `linear`, and the pending `drafts`; user `usr_ann`. */
export function adminWorld(given: Partial<AdminActing> = {}) {
  const records = memoryRecords();
  records.seed('org', anOrg());
  records.seed('server', aServer({ alias: 'github', access_groups: ['eng'] }));
  records.seed('server', aServer({ alias: 'linear' }));
  records.seed('server', aServer({ alias: 'drafts', status: 'pending_review' }));
  records.seed('team', aTeam({ object_permission: { mcp_servers: ['srv_github'] } }));
  records.seed('team', aTeam({ id: 'team_ops' }));
  records.seed('user', aUser());
  return actingOn(records, given);
}

/** The value of an answer that must not be a refusal. */
export function granted<T>(outcome: { ok: true; value: T } | { ok: false; refusal: unknown }): T {
  if (!outcome.ok) throw new Error(`refused: ${JSON.stringify(outcome.refusal)}`);
  return outcome.value;
}

/** The refusal of an answer that must be one. */
export function refused(outcome: { ok: true } | { ok: false; refusal: object }): Readonly<Record<string, unknown>> {
  if (outcome.ok) throw new Error('granted');
  return outcome.refusal as Record<string, unknown>;
}
