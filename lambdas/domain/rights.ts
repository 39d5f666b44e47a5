import { accessOf, type Verdict } from './access.ts';
import { approvedTools } from './cascade/gates.ts';
import { firstToSpeak } from './cascade/index.ts';
import { compileGrant } from './cascade/permit.ts';
import type { Grant } from './records.ts';
import type { World } from './world.ts';

/** An entry of a grant that its writer may not hand on, by name: `mcp_servers` `github`, `mcp_tool_permissions` `github.search`. */
export interface Excess {
  readonly field: keyof Grant;
  readonly name: string;
}

/** What only the quarantine holds back is granted: who hands it on gives what it will have again. */
const isGranted = (verdict: Verdict): boolean => verdict.ok || verdict.refusal.code === 'tool_definition_changed';

/**
 * What of a grant (as stored) exceeds what a member with this world may call at `now` (ms); empty: all is within.
 * Argument rules are left to use, where the minter's own apply as well. `"*"` also covers servers to come, so no member
 * hands it on; neither what gives it nothing to call.
 */
export function beyond(world: World, grant: Grant, now: number): readonly Excess[] {
  const { check } = accessOf(world, now);
  const tools = world.servers
    .filter(({ status }) => status === 'active')
    .flatMap((server) =>
      approvedTools(server).map(({ name }) => ({ server, name, may: isGranted(check(server, name)) })),
    );
  const names = new Map([
    ...world.servers.map(({ id, alias }) => [id, alias] as const),
    ...world.toolsets.map(({ id, name }) => [id, name] as const),
  ]);
  const nameOf = (id: string) => names.get(id) ?? id;
  const permissions = grant.mcp_tool_permissions ?? {};

  /** Whether one entry, alone, gives something and nothing that its writer may not call. */
  const isWithin = (entry: Grant, elsewhere: (serverId: string) => boolean = () => false) => {
    const permits = compileGrant(entry, world.toolsets);
    const given = tools.filter(({ server, name }) => permits(server, name));
    return given.length > 0 && given.every(({ server, may }) => may || elsewhere(server.id));
  };
  // Of a server with tool permissions in the same grant only those tools are given, and they are looked at themselves.
  const isListed = (serverId: string) => Object.hasOwn(permissions, serverId);
  const mayInvoke = (agent: string) =>
    [world, ...world.minters].every(
      (bound) => bound && firstToSpeak(bound, world.toolsets)?.grant.agents?.includes(agent),
    );

  return [
    ...(['mcp_servers', 'mcp_access_groups', 'mcp_toolsets'] as const).flatMap((field) =>
      (grant[field] ?? [])
        .filter((id) => id === '*' || !isWithin({ [field]: [id] }, isListed))
        .map((id) => ({ field, name: nameOf(id) })),
    ),
    ...Object.entries(permissions).flatMap(([id, listed]) =>
      listed
        .filter((tool) => !isWithin({ mcp_tool_permissions: { [id]: [tool] } }))
        .map((tool) => ({
          field: 'mcp_tool_permissions' as const,
          name: `${nameOf(id)}.${typeof tool === 'string' ? tool : tool.name}`,
        })),
    ),
    ...(grant.agents ?? []).filter((id) => !mayInvoke(id)).map((name) => ({ field: 'agents' as const, name })),
  ];
}
