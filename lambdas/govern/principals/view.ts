import type { RecordByKind } from '../../domain/kinds.ts';
import type { OrgRecord } from '../../domain/records.ts';
import { type Names, shownGrant } from '../grants.ts';

/** The org that a fresh deployment has: operators stand in it, so it is neither deleted nor disabled. */
export const defaultOrg = 'default';

/** The principals: an org, and what stands in one. */
export type PrincipalKind = 'org' | 'team' | 'user' | 'agent';
/** A stored org, team, user or agent. */
export type Principal = RecordByKind[PrincipalKind];
/** A principal as it is shown and audited, by names. */
export type PrincipalView = Readonly<Record<string, unknown>> & { readonly id: string };

/** The view of a principal; servers that are gone are left out of an org's block lists. */
export const principalView = (kind: PrincipalKind, record: Principal, names: Names): PrincipalView =>
  kind === 'org' ? orgView(record as OrgRecord, names) : { ...record, ...shownGrant(record, names) };

function orgView({ org_id: _, ...org }: OrgRecord, names: Names): PrincipalView {
  const aliases = new Map(names.servers.map(({ id, alias }) => [id, alias]));
  return {
    ...org,
    ...shownGrant(org, names),
    blocked_servers: org.blocked_servers.flatMap((id) => aliases.get(id) ?? []),
    blocked_tools: org.blocked_tools.flatMap(({ server_id, tool }) => {
      const alias = aliases.get(server_id);
      return alias === undefined ? [] : [`${alias}.${tool}`];
    }),
  };
}
