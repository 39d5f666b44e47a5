import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Route, routeKey } from '../../contract/route.ts';
import { routes } from '../../contract/routes.ts';
import { manualClock } from '../local/manual-clock.ts';
import { type Answered, type Json, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { newOrg, type TestOrg } from '../support/org.ts';
import { readsOf, tamper, writesOf } from '../support/stores.ts';
import { legacyUpstream } from '../support/upstreams/legacy.ts';
import type { RunningUpstream } from '../support/upstreams/record.ts';

/**
 * What each credential meets on each route: `401`; `not_admin` (403); `hidden` (404, or -32602 at an MCP door, for what
 * exists in another org); `reached`: the handler answered, whatever it said to a harmless request.
 */
type Outcome = '401' | 'not_admin' | 'hidden' | 'reached';
const table: { readonly credentials: readonly string[]; readonly routes: Record<string, readonly Outcome[]> } =
  JSON.parse(readFileSync(new URL('./route-matrix.json', import.meta.url), 'utf8'));

let gateway: TestGateway;
let org: TestOrg;
let upstream: RunningUpstream;
let keys: Record<string, string>;
/** Ids of things that exist in the org, by the first part of the route that names them. */
let ids: Record<string, string>;

beforeAll(async () => {
  [gateway, upstream] = await Promise.all([startTestGateway({ clock: manualClock(Date.now()) }), legacyUpstream()]);
  org = await newOrg(gateway);
  const server = await org.server('a', upstream.url);
  const grant = { object_permission: { mcp_servers: ['*'] } };
  const member = await org.key(grant);
  const revoked = await org.key(grant);
  await org.admin('DELETE', `/v1/keys/${revoked['id']}`);
  const expired = await org.key({ ...grant, expires_in: 60 });
  await tamper(gateway, expired['id'], { expires_at: '2026-01-01T00:00:00.000Z' });
  const other = await newOrg(gateway);
  keys = {
    none: '',
    garbage: 'xct_garbage',
    'other org': other.adminKey,
    member: member['key'],
    admin: org.adminKey,
    operator: gateway.operatorKey,
    revoked: revoked['key'],
    expired: expired['key'],
  };
  const made = async (path: string, body: Json) => (await org.admin('POST', path, body))['id'];
  ids = {
    '/v1/mcp/server': server['id'],
    '/v1/keys': member['id'],
    '/v1/orgs': org.id,
    '/v1/teams': await made('/v1/teams', { name: 't' }),
    '/v1/users': await made('/v1/users', { name: 'u' }),
    '/v1/agents': await made('/v1/agents', { name: 'g', url: 'https://agent.example.com' }),
    '/v1/mcp/toolset': await made('/v1/mcp/toolset', { name: 'bundle', tools: [{ server: 'a', tool: 'echo' }] }),
    '/v1/mcp/catalog': 'github',
  };
});
afterAll(() => Promise.all([gateway.close(), upstream.close()]));

/** Bodies that the routes of a submission take, by the end of the path. */
const decisions: Record<string, Json> = {
  approve: { revision: 1, snapshot_hash: '0'.repeat(64) },
  reject: { revision: 1, note: 'no' },
  'request-changes': { revision: 1, note: 'more' },
  credentials: { revision: 1, credentials: { secret: 's' } },
  '{id}': { revision: 1 },
};

/**
 * A request that changes nothing where it is let through: a body that no schema takes, an id that nobody has. A caller of
 * another org asks for what exists here, by bodies that are taken, so that only the org stands between.
 */
function ask(route: Route, as: string, key: string): Promise<Answered> {
  const foreign = as === 'other org';
  const id = foreign ? (ids[route.path.replace(/\/\{id\}.*$/, '')] ?? 'sub_000000000000') : 'nobody-has-this';
  const path = route.path.replace('{id}', id).replace('{set}', 'a');
  const method = route.method === 'ANY' ? 'GET' : route.method;
  if (method === 'GET' || method === 'DELETE') {
    const query = route.path.endsWith('/explain') ? `?tool=a.echo${foreign ? `&key_id=${ids['/v1/keys']}` : ''}` : '';
    return gateway.send(method, path + query, key);
  }
  if (route.dialect === 'mcp') return gateway.send(method, path, key, { jsonrpc: '2.0', id: 1, method: 'ping' });
  if (route.path.endsWith('/rotate') || route.path.endsWith('/refresh')) return gateway.send(method, path, key, {});
  if (foreign && route.path.startsWith('/v1/mcp/server/submissions/'))
    return gateway.send(method, path, key, decisions[route.path.split('/').at(-1) ?? '']);
  if (foreign && method === 'PATCH') return gateway.send(method, path, key, { version: 1 });
  if (foreign && route.path === '/mcp-rest/tools/call') return gateway.send(method, path, key, { name: 'a.echo' });
  if (foreign && route.path.startsWith('/{set}/')) return gateway.send(method, path, key, { name: 'echo' });
  return gateway.send(method, path, key, { no_such_field: true });
}

function outcomeOf({ status, body }: Answered, as: string): Outcome {
  const code = body['error']?.code;
  if (status === 401) return '401';
  if (status === 403 && code === 'not_admin') return 'not_admin';
  if (as === 'other org' && (code === 'not_found' || code === -32602)) return 'hidden';
  expect(status).toBeLessThan(500);
  return 'reached';
}

test('every row of the route table has a row in the checked-in table and the other way round (AU-01)', () => {
  expect(Object.keys(table.routes).sort()).toEqual(routes.map(routeKey).sort());
});

test.each(routes.map((route) => [routeKey(route), route] as const))(
  '%s meets each credential as the checked-in table says (AU-01)',
  async (name, route) => {
    const row: Outcome[] = [];
    for (const as of table.credentials) row.push(outcomeOf(await ask(route, as, keys[as]!), as));
    expect(row).toEqual(table.routes[name]);
  },
);

test('no credential is 401 with a challenge and the envelope; nothing is read, written or sent (AU-02)', async () => {
  const [reads, writes, sent] = [await readsOf(gateway), await writesOf(gateway), upstream.requests.length];
  for (const route of routes.filter(({ access }) => access !== 'public')) {
    const answer = await ask(route, 'none', '');
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(answer.body).toEqual({
      error: {
        message: expect.any(String),
        type: 'authentication_error',
        code: 'unauthorized',
        param: null,
        request_id: answer.headers.get('x-request-id'),
      },
    });
  }
  expect([await readsOf(gateway), await writesOf(gateway), upstream.requests.length]).toEqual([reads, writes, sent]);
});

test('what the matrix asked for is still there: no refused request changed anything', async () => {
  for (const [path, id] of Object.entries(ids).filter(([path]) => !/catalog|orgs/.test(path)))
    expect((await org.admin('GET', `${path}/${id}`))['id']).toBe(id);
  expect(await gateway.admin('GET', `/v1/orgs/${org.id}`)).toMatchObject({ id: org.id, disabled: false });
});
