import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { legacyRequest, namesIn, restCall } from '../support/doors.ts';
import { type Json, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { newOrg, type TestOrg, until } from '../support/org.ts';
import { storedRecord, tamper } from '../support/stores.ts';
import { type LegacyUpstream, legacyUpstream } from '../support/upstreams/legacy.ts';

let gateway: TestGateway;
let org: TestOrg;
let upstream: LegacyUpstream;
let key: string;

beforeAll(async () => {
  [gateway, upstream] = await Promise.all([startTestGateway(), legacyUpstream()]);
  org = await newOrg(gateway);
  await org.server('a', upstream.url, { access_groups: ['grouped'] });
  key = (await org.key({ object_permission: { mcp_servers: ['*'] } }))['key'];
});
afterAll(() => Promise.all([gateway.close(), upstream.close()]));

const echo = { message: 'hi' };
const call = (as: string, name = 'a.echo') => restCall(gateway, { key: as }, name, echo);

test('the block list of the org wins over a grant on the key, by every door and in every list', async () => {
  const own = await newOrg(gateway);
  await own.server('a', upstream.url);
  await own.server('b', upstream.url);
  const { version } = await gateway.admin('GET', `/v1/orgs/${own.id}`);
  const blocked = { version, blocked_servers: ['b'], blocked_tools: ['a.echo'] };
  await gateway.admin('PATCH', `/v1/orgs/${own.id}`, blocked);
  const minted = await own.key({ object_permission: { mcp_servers: ['a', 'b'] } });
  const as: string = minted['key'];
  expect(namesIn(await gateway.send('GET', '/mcp-rest/tools/list', as))).toEqual(['a.add', 'a.fail', 'a.slow']);
  for (const name of ['a.echo', 'b.add']) {
    const refused = await call(as, name);
    expect([refused.status, refused.body['error'].details.level]).toEqual([403, 'block list']);
    const mcp = await legacyRequest(gateway, { key: as }, 'tools/call', { name: name.replace('.', '__') });
    expect(mcp.body['error'].code).toBe(-32602);
    const why = await own.admin('GET', `/v1/mcp/access/explain?tool=${name}&key_id=${minted['id']}`);
    expect(why['decided_by']).toMatchObject({ kind: 'gate', name: 'block list' });
    expect(why['levels'][0]).toMatchObject({ level: 'key', said: 'allows' });
  }
  expect((await gateway.send('GET', '/b/mcp/v1/tools', as)).status).toBe(403);
});

test.each(['disabled', 'pending_review', 'inactive'] as const)(
  'a %s server is 404 by id, alias, namespace, group and toolset, whatever the key allows (CA-09, AP-13)',
  async (status) => {
    const own = await newOrg(gateway);
    const server = await own.server('a', upstream.url, { access_groups: ['grouped'] });
    await own.server('b', upstream.url);
    const tools = [
      { server: 'a', tool: 'echo' },
      { server: 'b', tool: 'echo' },
    ];
    await own.admin('POST', '/v1/mcp/toolset', { name: 'bundle', tools });
    const path = `/v1/mcp/server/${server['id']}`;
    if (status === 'disabled') await own.admin('PATCH', path, { version: server['version'], disabled: true });
    else if (status === 'pending_review') {
      const moved = upstream.url.replace('127.0.0.1', 'localhost');
      const patched = await own.admin('PATCH', path, { version: server['version'], url: moved });
      expect(patched['status']).toBe('pending_review');
    } else await tamper(gateway, server['id'], { status });
    const minted = await own.key({ object_permission: { mcp_servers: ['*'], mcp_access_groups: ['grouped'] } });
    const as: string = minted['key'];
    const before = upstream.requests.length;
    const status404 = async (body: Json) => (await gateway.send('POST', '/mcp-rest/tools/call', as, body)).status;
    expect(await status404({ name: 'a.echo', arguments: echo })).toBe(404);
    expect(await status404({ server: 'a', name: 'echo', arguments: echo })).toBe(404);
    expect(await status404({ server_id: server['id'], name: 'echo', arguments: echo })).toBe(404);
    for (const set of ['a', 'grouped']) {
      expect((await gateway.send('GET', `/${set}/mcp/v1/tools`, as)).status).toBe(404);
      const mcp = await legacyRequest(gateway, { key: as, path: `/${set}/mcp` }, 'tools/call', { name: 'echo' });
      expect([mcp.status, mcp.body['error'].code]).toEqual([200, -32602]);
    }
    const inBundle = await gateway.send('POST', '/bundle/mcp/v1/tools/call', as, { name: 'a.echo', arguments: echo });
    expect(inBundle.status).toBe(404);
    const header = await gateway.send('GET', '/v1/mcp/tools', as, undefined, { 'x-mcp-servers': 'a' });
    expect([header.status, header.body['error'].code]).toEqual([400, 'unknown_server']);
    const listed = namesIn(await gateway.send('GET', '/mcp-rest/tools/list', as));
    expect(listed).toEqual(['b.add', 'b.echo', 'b.fail', 'b.slow']);
    expect(namesIn(await gateway.send('GET', '/bundle/mcp/v1/tools', as))).toEqual(['b.echo']);
    expect((await gateway.send('GET', `/v1/mcp/server/${server['id']}`, as)).status).toBe(404);
    expect(upstream.requests).toHaveLength(before);
  },
);

test('a toolset that names a tool of another org’s server is refused at write, and ignored when it is there (CA-12)', async () => {
  const other = await newOrg(gateway);
  const foreign = await other.server('theirs', upstream.url);
  for (const server of [foreign['id'], 'theirs']) {
    const body = { name: 'stolen', tools: [{ server, tool: 'echo' }] };
    const refused = await gateway.send('POST', '/v1/mcp/toolset', org.adminKey, body);
    expect([refused.status, refused.body['error'].code]).toEqual([400, 'unknown_server']);
  }
  const minted = await org.key();
  const tools = [{ server: 'a', tool: 'echo' }];
  const assigned_to = [{ kind: 'key', id: minted['id'] }];
  const toolset = await org.admin('POST', '/v1/mcp/toolset', { name: 'mixed', tools, assigned_to });
  const stored = await storedRecord(gateway, toolset['id']);
  await tamper(gateway, toolset['id'], { tools: [...stored['tools'], { server: foreign['id'], tool: 'add' }] });
  const list = async () => namesIn(await gateway.send('GET', '/mcp-rest/tools/list', minted['key']));
  expect(await until(list, ({ length }) => length > 0)).toEqual(['a.echo']);
  const byId = { server_id: foreign['id'], name: 'add', arguments: { a: 1, b: 1 } };
  expect((await gateway.send('POST', '/mcp-rest/tools/call', minted['key'], byId)).status).toBe(404);
});

test.each(['github*', '*/search', 'server/*', 'a*', '**', '*a'])(
  'the wildcard %s is refused at write, for every principal and every field (CA-16)',
  async (wild) => {
    const grants = [
      { mcp_servers: [wild] },
      { mcp_access_groups: [wild] },
      { mcp_toolsets: [wild] },
      { mcp_tool_permissions: { [wild]: ['echo'] } },
      { mcp_tool_permissions: { a: [wild] } },
    ];
    for (const object_permission of grants) {
      const refused = async (noun: string, as = org.adminKey, more = {}) => {
        const body = { name: 'n', object_permission, ...more };
        return (await gateway.send('POST', `/v1/${noun}`, as, body)).status;
      };
      for (const noun of ['keys', 'teams', 'users']) expect(await refused(noun)).toBe(400);
      expect(await refused('agents', org.adminKey, { url: 'https://agent.example.com' })).toBe(400);
      expect(await refused('orgs', gateway.operatorKey)).toBe(400);
    }
  },
);

test('"*" is no wildcard anywhere but as a whole entry of mcp_servers (CA-16)', async () => {
  for (const object_permission of [
    { mcp_access_groups: ['*'] },
    { mcp_toolsets: ['*'] },
    { mcp_tool_permissions: { '*': ['echo'] } },
    { mcp_tool_permissions: { a: ['*'] } },
  ])
    expect((await gateway.send('POST', '/v1/keys', org.adminKey, { name: 'n', object_permission })).status).toBe(400);
  const tools = [{ server: '*', tool: 'echo' }];
  expect((await gateway.send('POST', '/v1/mcp/toolset', org.adminKey, { name: 'w', tools })).status).toBe(400);
});

test.each(['Echo', 'ECHO', '\uff45cho', 'ech\u03bf', 'e\u0301cho', 'echo ', ' echo', 'echo\u200b', 'ech%6f'])(
  'the look-alike %j is an unknown tool: nothing is folded (CA-18)',
  async (tool) => {
    const before = upstream.requests.length;
    const rest = await call(key, `a.${tool}`);
    expect([rest.status, rest.body['error'].code]).toEqual([404, 'not_found']);
    for (const path of ['/mcp', '/a/mcp/v1']) {
      const name = path === '/mcp' ? `a__${tool}` : tool;
      const mcp = await legacyRequest(gateway, { key, path }, 'tools/call', { name, arguments: echo });
      expect([mcp.status, mcp.body['error'].code]).toEqual([200, -32602]);
    }
    expect(upstream.requests).toHaveLength(before);
  },
);

test.each(['A', 'a\u200b', '\u0430', 'a.'])('the look-alike set %j is no server (CA-18)', async (set) => {
  expect((await gateway.send('GET', `/${encodeURIComponent(set)}/mcp/v1/tools`, key)).status).toBe(404);
  expect((await call(key, `${set}.echo`)).status).toBe(404);
});

test.each([
  ['BatchGetItem', 'ProvisionedThroughputExceededException'],
  ['BatchGetItem', 'InternalServerError'],
  ['Query', 'InternalServerError'],
])('a level that cannot be read is 503 and never "absent": %s fails with %s (CA-19)', async (operation, error) => {
  const own = await newOrg(gateway);
  await own.server('a', upstream.url);
  const team = await own.admin('POST', '/v1/teams', { name: 't', object_permission: { mcp_servers: ['a'] } });
  const minted = await own.key({ team_id: team['id'] });
  // The authorizer has the key in its memory after this; the doors' functions know nothing of it yet.
  await gateway.send('GET', '/v1/keys', minted['key']);
  const before = upstream.requests.length;
  await gateway.faults.dynamodb.failNext(operation, error, 1_000);
  try {
    const rest = await call(minted['key']);
    expect([rest.status, rest.body['error'].code]).toEqual([503, 'unavailable']);
    // The SDK takes seconds to give up on a throttled table; the other doors are asked where it does not.
    if (error !== 'InternalServerError') return;
    const list = await gateway.send('GET', '/mcp-rest/tools/list', minted['key']);
    expect([list.status, list.body['error'].code]).toEqual([503, 'unavailable']);
    const mcp = await legacyRequest(gateway, { key: minted['key'] }, 'tools/list');
    expect([mcp.status, mcp.body['error'].data.code]).toEqual([503, 'unavailable']);
    expect((await gateway.send('GET', '/v1/me', minted['key'])).status).toBe(503);
  } finally {
    await gateway.faults.dynamodb.clear();
    expect(upstream.requests).toHaveLength(before);
  }
  expect((await call(minted['key'])).status).toBe(200);
});

test.each(['GetItem', 'BatchGetItem'])('a key whose %s fails is 503 and not 401 (CA-19)', async (operation) => {
  const minted = await org.key({ object_permission: { mcp_servers: ['*'] } });
  await gateway.faults.dynamodb.failNext(operation, 'InternalServerError', 1_000);
  try {
    for (const [method, path] of [
      ['GET', '/v1/me'],
      ['GET', '/mcp-rest/tools/list'],
      ['POST', '/mcp'],
    ] as const) {
      const answer = await gateway.send(method, path, minted['key'], method === 'POST' ? {} : undefined);
      expect([answer.status, answer.body['error'].code]).toEqual([503, 'unavailable']);
      expect(answer.headers.get('retry-after')).toBe('1');
    }
  } finally {
    await gateway.faults.dynamodb.clear();
  }
  expect((await call(minted['key'])).status).toBe(200);
});
