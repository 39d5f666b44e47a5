import type { ObjectPermission } from '../../../contract/permission.ts';
import type { Grant, ServerRecord, ToolsetRecord } from '../records.ts';
import { invalid, type Refusal } from '../refusal.ts';
import { no, ok, type Result } from '../result.ts';

/** What the names in a grant may refer to. */
export interface Known {
  readonly servers: readonly ServerRecord[];
  readonly toolsets: readonly ToolsetRecord[];
  /** Ids. */
  readonly agents: ReadonlySet<string>;
}

/** Name → id, and id → id. No name has an id's form, so neither hides the other. */
const idsOf = (rows: readonly (readonly [name: string, id: string])[]): ReadonlyMap<string, string> =>
  new Map(rows.flatMap(([name, id]) => [[name, id] as const, [id, id] as const]));

const unknown = (what: string, name: string, param: string): Result<never, Refusal> => {
  const message = `${param}: ${JSON.stringify(name)} is not ${what} of this org.`;
  return what === 'a server' ? no({ code: 'unknown_server', message, param }) : invalid(message, param);
};

function storeTools(
  permissions: NonNullable<ObjectPermission['mcp_tool_permissions']>,
  servers: ReadonlyMap<string, string>,
  path: string,
): Result<NonNullable<Grant['mcp_tool_permissions']>, Refusal> {
  const stored = new Map<string, NonNullable<Grant['mcp_tool_permissions']>[string]>();
  for (const [name, tools] of Object.entries(permissions)) {
    const id = servers.get(name);
    if (id === undefined) return unknown('a server', name, `${path}.${name}`);
    if (stored.has(id))
      return invalid(`${path}.${name}: the server is given twice, by name and by id.`, `${path}.${name}`);
    const names = tools.map((tool) => (typeof tool === 'string' ? tool : tool.name));
    const twice = names.findIndex((tool, at) => names.indexOf(tool) !== at);
    if (twice !== -1) {
      const param = `${path}.${name}[${twice}]`;
      return invalid(`${param}: ${JSON.stringify(names[twice])} is given twice.`, param);
    }
    stored.set(id, tools);
  }
  return ok(Object.fromEntries(stored));
}

/** A grant as it was written, by names or ids, in its stored form; the first name that is not `known` is 400 with its path. */
export function toStored(
  permission: ObjectPermission,
  known: Known,
  path = 'object_permission',
): Result<Grant, Refusal> {
  const servers = idsOf(known.servers.map(({ alias, id }) => [alias, id]));
  const labels = known.servers.flatMap(({ access_groups }) => access_groups);
  const lists = [
    ['mcp_servers', 'a server', new Map([...servers, ['*', '*']])],
    ['mcp_access_groups', 'an access group', new Map(labels.map((label) => [label, label]))],
    ['mcp_toolsets', 'a toolset', idsOf(known.toolsets.map(({ name, id }) => [name, id]))],
    ['agents', 'an agent', new Map([...known.agents].map((id) => [id, id]))],
  ] as const;
  const stored: Grant = {};
  for (const [field, what, ids] of lists) {
    const given = permission[field];
    if (given === undefined) continue;
    const found = given.map((name) => ids.get(name));
    const missing = found.indexOf(undefined);
    if (missing !== -1) return unknown(what, given[missing]!, `${path}.${field}[${missing}]`);
    stored[field] = [...new Set(found as string[])];
  }
  if (permission.mcp_tool_permissions === undefined) return ok(stored);
  const tools = storeTools(permission.mcp_tool_permissions, servers, `${path}.mcp_tool_permissions`);
  return tools.ok ? ok({ ...stored, mcp_tool_permissions: tools.value }) : tools;
}

/**
 * A stored grant by names, without the servers and toolsets that are gone. Access groups and agents stay as they are:
 * a label that no server carries today grants again when one does, so it must be seen.
 */
export function toShown(grant: Grant, { servers, toolsets }: Pick<Known, 'servers' | 'toolsets'>): ObjectPermission {
  const aliases = new Map([['*', '*'], ...servers.map(({ id, alias }) => [id, alias] as const)]);
  const bundles = new Map(toolsets.map(({ id, name }) => [id, name]));
  const named = (ids: readonly string[], names: ReadonlyMap<string, string>) =>
    ids.flatMap((id) => names.get(id) ?? []);
  const { mcp_servers, mcp_toolsets, mcp_tool_permissions } = grant;
  return {
    ...grant,
    ...(mcp_servers && { mcp_servers: named(mcp_servers, aliases) }),
    ...(mcp_toolsets && { mcp_toolsets: named(mcp_toolsets, bundles) }),
    ...(mcp_tool_permissions && {
      mcp_tool_permissions: Object.fromEntries(
        Object.entries(mcp_tool_permissions).flatMap(([id, tools]) =>
          named([id], aliases).map((alias) => [alias, tools]),
        ),
      ),
    }),
  };
}
