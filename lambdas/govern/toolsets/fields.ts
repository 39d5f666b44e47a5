import type { ToolsetCreate } from '../../../contract/toolsets.ts';
import type { ServerRecord, ToolsetRecord } from '../../domain/records.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { Change } from '../../ports/table.ts';
import type { AdminActing } from '../admin-acting.ts';
import type { Names } from '../grants.ts';
import { serverId } from '../principals/fields.ts';
import { noSuch } from '../record-find.ts';

/** The tools of a write with server ids; a server that is not in the org is refused (CA-12). */
export function storeTools(
  tools: ToolsetCreate['tools'],
  servers: readonly ServerRecord[],
): Result<ToolsetRecord['tools'], Refusal> {
  const stored = new Map<string, ToolsetRecord['tools'][number]>();
  for (const [at, { server, tool }] of tools.entries()) {
    const id = serverId(servers, server, `tools[${at}].server`);
    if (!id.ok) return id;
    stored.set(`${id.value} ${tool}`, { server: id.value, tool });
  }
  return ok([...stored.values()]);
}

type Assigned = ToolsetRecord['assigned_to'];

/**
 * What must hold for assignments when they are written: teams, users, agents and the org itself are required by the
 * commit; keys, which no commit can require, are read. The org is the caller's own, whichever id is given.
 */
export async function assignmentChanges(
  { caller, records }: Pick<AdminActing, 'caller' | 'records'>,
  assigned: Assigned,
): Promise<Result<readonly Change[], Refusal>> {
  const orgId = caller.org_id;
  const keys = await Promise.all(
    assigned.filter(({ kind }) => kind === 'key').map(({ id }) => records.get('key', orgId, id)),
  );
  if (keys.some((key) => key === undefined || key.revoked_at !== undefined)) return noSuch('key', 'assigned_to');
  if (assigned.some(({ kind, id }) => kind === 'org' && id !== orgId)) return noSuch('org', 'assigned_to');
  return ok(
    assigned.flatMap(({ kind, id }) =>
      kind === 'key' || kind === 'org' ? [] : [{ do: 'require' as const, kind, org_id: orgId, id }],
    ),
  );
}

/** Each assignment once. */
export const distinct = (assigned: Assigned): Assigned => [
  ...new Map(assigned.map((one) => [`${one.kind} ${one.id}`, one])).values(),
];

/** A toolset as it is shown and audited: servers by alias, those that are gone left out. */
export function toolsetView(toolset: ToolsetRecord, { servers }: Names) {
  const aliases = new Map(servers.map(({ id, alias }) => [id, alias]));
  return {
    ...toolset,
    tools: toolset.tools.flatMap(({ server, tool }) => {
      const alias = aliases.get(server);
      return alias === undefined ? [] : [{ server: alias, tool }];
    }),
  };
}
export type ToolsetView = ReturnType<typeof toolsetView>;
