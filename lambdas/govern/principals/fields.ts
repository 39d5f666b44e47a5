import type { AgentCreate, OrgCreate, UserCreate } from '../../../contract/principals.ts';
import { splitFullName } from '../../domain/names.ts';
import type { OrgRecord, ServerRecord } from '../../domain/records.ts';
import { invalid, type Refusal } from '../../domain/refusal.ts';
import { no, ok, type Result } from '../../domain/result.ts';
import type { AdminActing } from '../admin-acting.ts';
import { type Names, storeGrant } from '../grants.ts';

/** What a write of any principal may give; the contract decides which fields each noun has. */
export type PrincipalWrite = Partial<OrgCreate & UserCreate & AgentCreate>;

/** The fields of a write as they are stored: names of the org as ids, null for what is cleared. */
export async function storedFields(
  acting: Pick<AdminActing, 'records' | 'tiers'>,
  orgId: string,
  names: Names,
  { object_permission, blocked_servers, blocked_tools, ...given }: PrincipalWrite,
): Promise<Result<Readonly<Record<string, unknown>>, Refusal>> {
  const { tier, url } = given;
  if (tier !== undefined && !Object.hasOwn(acting.tiers.byName, tier))
    return invalid(`tier: one of ${Object.keys(acting.tiers.byName).join(', ')}.`, 'tier');
  // Nothing dials it here, but it is shown: `javascript:` and the like must not become a link.
  if (url !== undefined && !/^https?:\/\//i.test(url)) return invalid('url: an http or https URL.', 'url');
  const grant = await storeGrant(acting, orgId, names, object_permission);
  if (!grant.ok) return grant;
  const servers = storeServers(blocked_servers, names.servers);
  if (!servers.ok) return servers;
  const tools = storeTools(blocked_tools, names.servers);
  if (!tools.ok) return tools;
  return ok({ ...given, object_permission: grant.value, blocked_servers: servers.value, blocked_tools: tools.value });
}

/** The id behind an alias or an id; 400 with the field that names a server which is not in the org. */
export function serverId(servers: readonly ServerRecord[], name: string, param: string): Result<string, Refusal> {
  const server = servers.find(({ alias, id }) => alias === name || id === name);
  const message = `${param}: ${JSON.stringify(name)} is not a server of this org.`;
  return server ? ok(server.id) : no({ code: 'unknown_server', message, param });
}

function storeServers(
  given: readonly string[] | undefined,
  servers: readonly ServerRecord[],
): Result<OrgRecord['blocked_servers'] | undefined, Refusal> {
  if (given === undefined) return ok(undefined);
  const ids = new Set<string>();
  for (const [at, name] of given.entries()) {
    const id = serverId(servers, name, `blocked_servers[${at}]`);
    if (!id.ok) return id;
    ids.add(id.value);
  }
  return ok([...ids]);
}

function storeTools(
  given: readonly string[] | undefined,
  servers: readonly ServerRecord[],
): Result<OrgRecord['blocked_tools'] | undefined, Refusal> {
  if (given === undefined) return ok(undefined);
  const blocked: { server_id: string; tool: string }[] = [];
  for (const [at, name] of [...new Set(given)].entries()) {
    const param = `blocked_tools[${at}]`;
    const parts = splitFullName(name);
    if (!parts) return invalid(`${param}: {alias}.{tool}, such as github.delete_repo.`, param);
    const id = serverId(servers, parts.alias, param);
    if (!id.ok) return id;
    blocked.push({ server_id: id.value, tool: parts.tool });
  }
  return ok(blocked);
}
