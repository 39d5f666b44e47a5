import type { GatewayProcess } from './gateway.ts';
import { send } from './http.ts';

type Json = Readonly<Record<string, unknown>>;

/** Member keys of teams that hold what they call. */
export interface World {
  /** Of an org with four servers: `echo`, `slow` (a call takes 100 ms), `legacy` (era of 2025) and `keyed` (a stored API key). */
  readonly small: string;
  /** Further keys of that org that nobody has used yet. */
  readonly unused: readonly string[];
  /** Of an org with 50 servers of 20 tools, all granted. */
  readonly large: string;
  /** Further keys of that org that nobody has used yet. */
  readonly largeUnused: readonly string[];
}

const serversOfLarge = 50;

async function manage(url: string, key: string, path: string, body: Json): Promise<Json> {
  const headers: Record<string, string> = key === '' ? {} : { authorization: `Bearer ${key}` };
  const answer = await send(url + path, { headers, body: JSON.stringify(body) });
  if (answer.status >= 300) throw new Error(`${path} answered ${answer.status}: ${answer.text}`);
  return JSON.parse(answer.text) as Json;
}

/** Fills an empty gateway through its own routes, as an operator and two admins would. */
export async function fillWorld({ url, bootstrapToken }: GatewayProcess, backend: string): Promise<World> {
  const operator = await manage(url, '', '/v1/bootstrap', { token: bootstrapToken });
  /** An org with servers; answers a maker of keys that hold all of them. */
  const org = async (name: string, servers: readonly Json[]) => {
    const made = await manage(url, String(operator['key']), '/v1/orgs', { name, tier: 'enterprise' });
    const admin = String((made['admin_key'] as Json)['key']);
    for (const server of servers) await manage(url, admin, '/v1/mcp/server', { auth_type: 'none', ...server });
    const object_permission = { mcp_servers: servers.map(({ alias }) => alias) };
    const team = await manage(url, admin, '/v1/teams', { name: 'web', object_permission });
    return async (count: number) => {
      const keys: string[] = [];
      for (let at = 0; at < count; at += 1)
        keys.push(String((await manage(url, admin, '/v1/keys', { name: `key ${at}`, team_id: team['id'] }))['key']));
      return keys;
    };
  };
  const smallKeys = await org('small', [
    { alias: 'echo', url: `${backend}/echo/mcp` },
    { alias: 'slow', url: `${backend}/slow/mcp` },
    { alias: 'legacy', url: `${backend}/legacy/mcp` },
    { alias: 'keyed', url: `${backend}/keyed/mcp`, auth_type: 'api_key', credentials: { secret: 'an-example-only' } },
  ]);
  const largeKeys = await org(
    'large',
    Array.from({ length: serversOfLarge }, (_, at) => ({ alias: `server${at}`, url: `${backend}/server${at}/mcp` })),
  );
  const [small, ...unused] = (await smallKeys(41)) as [string, ...string[]];
  const [large, ...largeUnused] = (await largeKeys(41)) as [string, ...string[]];
  return { small, unused, large, largeUnused };
}
