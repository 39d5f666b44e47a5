import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { legacyRequest, modernRequest, namesIn, restCall } from '../support/doors.ts';
import { type Json, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { newOrg, type TestOrg } from '../support/org.ts';
import { legacyUpstream } from '../support/upstreams/legacy.ts';
import type { RunningUpstream } from '../support/upstreams/record.ts';

let gateway: TestGateway;
let upstreams: readonly [RunningUpstream, RunningUpstream];
let a: TestOrg;
let b: TestOrg;
/** What exists in org A. */
let inA: Json;
let keyA: string;
let keyB: string;
const all = { object_permission: { mcp_servers: ['*'] } };

beforeAll(async () => {
  gateway = await startTestGateway();
  upstreams = [await legacyUpstream(), await legacyUpstream()];
  [a, b] = [await newOrg(gateway, 'A'), await newOrg(gateway, 'B')];
  const server = await a.server('only-a', upstreams[0].url, { access_groups: ['group-a'] });
  await a.server('shared', upstreams[0].url);
  await b.server('shared', upstreams[1].url);
  const made = async (path: string, body: Json) => (await a.admin('POST', path, body))['id'];
  const minted = await a.key(all);
  keyA = minted['key'];
  keyB = (await b.key(all))['key'];
  inA = {
    server: server['id'],
    key: minted['id'],
    team: await made('/v1/teams', { name: 't' }),
    user: await made('/v1/users', { name: 'u' }),
    agent: await made('/v1/agents', { name: 'g', url: 'https://agent.example.com' }),
    toolset: await made('/v1/mcp/toolset', { name: 'bundle-a', tools: [{ server: 'only-a', tool: 'echo' }] }),
  };
});
afterAll(() => Promise.all([gateway.close(), ...upstreams.map((upstream) => upstream.close())]));

test('a body or query that names a principal of another org is 400 or 404, as if it did not exist (MT-03)', async () => {
  const refused = async (method: string, path: string, body?: Json) => {
    const answer = await gateway.send(method, path, b.adminKey, body);
    expect([400, 404]).toContain(answer.status);
    // A name that was sent may come back; nothing else of org A does.
    if (!(path + JSON.stringify(body ?? {})).includes('only-a')) expect(answer.text).not.toContain('only-a');
  };
  for (const field of ['team', 'user', 'agent'])
    await refused('POST', '/v1/keys', { name: 'k', [`${field}_id`]: inA[field] });
  await refused('POST', '/v1/keys', { name: 'k', org_id: a.id });
  await refused('POST', '/v1/teams', { name: 't', org_id: a.id });
  const server = { alias: 's', url: upstreams[1].url, auth_type: 'none' };
  await refused('POST', '/v1/mcp/server', { ...server, owner_team_id: inA['team'] });
  await refused('POST', '/v1/mcp/server', { ...server, org_id: a.id });
  for (const kind of ['key', 'team', 'user', 'agent'])
    await refused('POST', '/v1/mcp/toolset', { name: 'x', tools: [], assigned_to: [{ kind, id: inA[kind] }] });
  await refused('POST', '/v1/mcp/toolset', { name: 'x', tools: [], assigned_to: [{ kind: 'org', id: a.id }] });
  await refused('POST', '/v1/mcp/toolset', { name: 'x', tools: [{ server: inA['server'], tool: 'echo' }] });
  for (const grant of [
    { mcp_servers: [inA['server']] },
    { mcp_servers: ['only-a'] },
    { mcp_toolsets: [inA['toolset']] },
    { mcp_tool_permissions: { [inA['server']]: ['echo'] } },
    { agents: [inA['agent']] },
  ])
    await refused('POST', '/v1/keys', { name: 'k', object_permission: grant });
  await refused('GET', `/v1/mcp/access/explain?tool=only-a.echo&key_id=${inA['key']}`);
  await refused('GET', `/v1/keys?org_id=${a.id}`);
  await refused('GET', `/v1/audit?org=${a.id}`);
});

test('what exists in org A answers for org B like what does not exist, word for word, by every door', async () => {
  const same = async (ask: (name: string, id: string) => Promise<Json>) => {
    const plain = ({ status, text, headers }: Json, name: string, id: string) => [
      status,
      text
        .replaceAll(headers.get('x-request-id') ?? '-', 'ID')
        .replaceAll(name, 'NAME')
        .replaceAll(id, 'REF'),
    ];
    const nobody = inA['server'].replace(/.{4}$/, '0000');
    const there = plain(await ask('only-a', inA['server']), 'only-a', inA['server']);
    expect(there).toEqual(plain(await ask('no-such', nobody), 'no-such', nobody));
    return there;
  };
  for (const as of [keyB, b.adminKey]) {
    const get = (path: string, headers = {}) => gateway.send('GET', path, as, undefined, headers);
    expect((await same((name) => restCall(gateway, { key: as }, `${name}.echo`, { message: 'x' })))[0]).toBe(404);
    const byId = (_: string, id: string) =>
      gateway.send('POST', '/mcp-rest/tools/call', as, { server_id: id, name: 'echo', arguments: {} });
    expect((await same(byId))[0]).toBe(404);
    expect((await same((name) => get(`/${name}/mcp/v1/tools`)))[0]).toBe(404);
    expect((await same((_, id) => get(`/${id}/mcp/v1/tools`)))[0]).toBe(404);
    expect((await same((name) => get(`/v1/mcp/tools?servers=${name}`)))[0]).toBe(400);
    expect((await same((name) => get('/mcp-rest/tools/list', { 'x-mcp-servers': name })))[0]).toBe(400);
    expect((await same((_, id) => get(`/mcp-rest/tools/list?server_id=${id}`)))[0]).toBe(400);
    expect((await same((name) => get(`/v1/mcp/server/${name}`)))[0]).toBe(404);
    expect((await same((_, id) => get(`/v1/mcp/server/${id}`)))[0]).toBe(404);
    for (const request of [legacyRequest, modernRequest]) {
      const call = (name: string) => request(gateway, { key: as }, 'tools/call', { name: `${name}__echo` });
      expect((await same(call))[1]).toContain('-32602');
      expect((await same((name) => request(gateway, { key: as, path: `/${name}/mcp` }, 'tools/list')))[1]).toContain(
        '-32602',
      );
    }
  }
  for (const name of ['bundle-a', 'group-a'])
    expect((await gateway.send('GET', `/${name}/mcp/v1/tools`, keyB)).status).toBe(404);
  expect(
    namesIn(await gateway.send('GET', '/mcp-rest/tools/list', keyB)).every((name) => name.startsWith('shared.')),
  ).toBe(true);
});

test('an operator acts in its own org: the servers and keys of others do not exist for it', async () => {
  for (const path of [`/v1/mcp/server/${inA['server']}`, `/v1/keys/${inA['key']}`, `/v1/teams/${inA['team']}`])
    expect((await gateway.send('GET', path, gateway.operatorKey)).status).toBe(404);
  expect((await gateway.admin('GET', '/v1/mcp/server'))['data']).toEqual([]);
});

test('lists and audits of two orgs share no row', async () => {
  for (const path of [
    '/v1/keys',
    '/v1/teams',
    '/v1/users',
    '/v1/agents',
    '/v1/mcp/toolset',
    '/v1/mcp/server',
    '/v1/audit',
  ]) {
    const [ofA, ofB] = [await a.admin('GET', path), await b.admin('GET', path)];
    const ids = new Set(ofA['data'].map(({ id }: Json) => id));
    expect(ids.size).toBeGreaterThan(0);
    expect(ofB['data'].filter(({ id }: Json) => ids.has(id))).toEqual([]);
  }
});

test('the same names may exist in both orgs, and each reaches its own upstream', async () => {
  const counts = upstreams.map(({ requests }) => requests.length);
  await restCall(gateway, { key: keyB }, 'shared.echo', { message: 'for B' });
  expect(upstreams[0].requests).toHaveLength(counts[0]!);
  expect(upstreams[1].requests.at(-1)?.body).toContain('for B');
});

test('a deleted server’s alias, taken again, grants nothing to who was granted the old one', async () => {
  const own = await newOrg(gateway);
  const first = await own.server('reborn', upstreams[1].url);
  const { key } = await own.key({ object_permission: { mcp_servers: ['reborn'] } });
  await own.admin('DELETE', `/v1/mcp/server/${first['id']}`);
  await own.server('reborn', upstreams[1].url);
  expect((await restCall(gateway, { key }, 'reborn.echo', { message: 'x' })).status).toBe(403);
});

test('concurrent requests with the same JSON-RPC id get each its own answer (MT-08)', async () => {
  const call = async (key: string, message: string) => {
    const params = { name: 'shared__echo', arguments: { message } };
    const answer = await legacyRequest(gateway, { key }, 'tools/call', params);
    return answer.body['result'].content[0].text === message;
  };
  const calls = Array.from({ length: 40 }, (_, at) => call(at % 2 === 0 ? keyA : keyB, `message ${at}`));
  expect((await Promise.all(calls)).every(Boolean)).toBe(true);
  const [bodiesA, bodiesB] = upstreams.map(({ requests }) => requests.map(({ body }) => body).join());
  expect(bodiesA).toContain('message 38');
  expect(bodiesA).not.toContain('message 39');
  expect(bodiesB).not.toContain('message 38');
});
