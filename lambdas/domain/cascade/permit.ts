import type { ToolPermission } from '../../../contract/permission.ts';
import type { Grant, ServerRecord, ToolsetRecord } from '../records.ts';
import type { Rules } from './rules.ts';

/** That a grant covers a tool: under which argument rules, by which of its fields and entries (a name, not an id). */
export interface Granted {
  readonly rules: Rules;
  readonly field: Exclude<keyof Grant, 'agents'>;
  readonly entry: string;
}

/** What a grant says of a tool of a server; undefined: it does not cover it. */
export type Permit = (server: ServerRecord, tool: string) => Granted | undefined;

const free: Rules = [];

/** Every listed tool with its rules; should a tool be listed twice, both sets of rules hold. */
function listedTools(permissions: readonly ToolPermission[]): ReadonlyMap<string, Rules> {
  const listed = new Map<string, Rules>();
  for (const permission of permissions) {
    const { name, rules } =
      typeof permission === 'string'
        ? { name: permission, rules: free }
        : { name: permission.name, rules: [permission.params] };
    listed.set(name, [...(listed.get(name) ?? free), ...rules]);
  }
  return listed;
}

/** Reads a grant once, so that each question costs the same however long the grant is. Ids that name nothing grant nothing. */
export function compileGrant(grant: Grant, toolsets: readonly ToolsetRecord[]): Permit {
  const servers = new Set(grant.mcp_servers);
  const groups = new Set(grant.mcp_access_groups);
  const listed = new Map(
    Object.entries(grant.mcp_tool_permissions ?? {}).map(([id, tools]) => [id, listedTools(tools)]),
  );
  const named = new Set(grant.mcp_toolsets);
  // Ids hold no space, so the first one ends the id whatever the tool's name is.
  const bundled = new Map(
    toolsets
      .filter(({ id }) => named.has(id))
      .flatMap(({ name, tools }) => tools.map(({ server, tool }) => [`${server} ${tool}`, name])),
  );
  return (server, tool) => {
    const only = listed.get(server.id);
    if (only !== undefined) {
      const rules = only.get(tool);
      return rules && { rules, field: 'mcp_tool_permissions', entry: server.alias };
    }
    if (servers.has('*')) return { rules: free, field: 'mcp_servers', entry: '*' };
    if (servers.has(server.id)) return { rules: free, field: 'mcp_servers', entry: server.alias };
    const group = server.access_groups.find((label) => groups.has(label));
    if (group !== undefined) return { rules: free, field: 'mcp_access_groups', entry: group };
    const toolset = bundled.get(`${server.id} ${tool}`);
    return toolset === undefined ? undefined : { rules: free, field: 'mcp_toolsets', entry: toolset };
  };
}
