import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeKey } from '../../lambdas/domain/proofs/index.ts';
import { manualClock } from '../local/manual-clock.ts';
import { legacyRequest, restCall } from '../support/doors.ts';
import { type Json, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { newOrg, type TestOrg, until } from '../support/org.ts';
import { readsOf, storedRecord, writesOf } from '../support/stores.ts';
import { guardedUpstream } from '../support/upstreams/guarded.ts';
import type { RunningUpstream } from '../support/upstreams/record.ts';
import { wire } from '../support/wire.ts';

let gateway: TestGateway;
let org: TestOrg;
let upstream: RunningUpstream;
let minted: Json;
let key: string;

beforeAll(async () => {
  [gateway, upstream] = await Promise.all([
    startTestGateway({ clock: manualClock(Date.now()) }),
    guardedUpstream({ auth_type: 'none' }),
  ]);
  org = await newOrg(gateway);
  await org.server('a', upstream.url);
  minted = await org.key({ object_permission: { mcp_servers: ['*'] } });
  key = minted['key'];
});
afterAll(() => Promise.all([gateway.close(), upstream.close()]));

const me = (headers: Record<string, string>) => gateway.send('GET', '/v1/me', '', undefined, headers);
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

test('a key with one character changed is refused by its checksum: 401 without a read of the table (AU-03)', async () => {
  const reads = await readsOf(gateway);
  for (let at = 0; at < key.length; at += 3) {
    const changed = key.slice(0, at) + (key[at] === 'x' ? 'y' : 'x') + key.slice(at + 1);
    expect((await me(bearer(changed))).status).toBe(401);
    expect((await me({ 'x-xct-api-key': changed })).status).toBe(401);
  }
  for (const odd of [key.slice(0, -1), `${key}A`, key.toUpperCase(), key.slice(4), `"${key}"`])
    expect((await me({ 'x-xct-api-key': odd })).status).toBe(401);
  expect(await readsOf(gateway)).toBe(reads);
});

test('an unknown id and a wrong secret of a known id cost the same reads and get the same answer (AU-04)', async () => {
  const secret = 'abcdefghijklmnopqrstuvwxyzABCDEF';
  const texts = new Set<string>();
  const costs: number[] = [];
  for (const id of ['AAAAAAAAAAAA', minted['id'], 'BBBBBBBBBBBB']) {
    const before = await readsOf(gateway);
    const answer = await me(bearer(makeKey(id, secret)));
    costs.push((await readsOf(gateway)) - before);
    const { request_id: _, ...error } = answer.body['error'];
    texts.add(JSON.stringify([answer.status, error]));
  }
  expect(costs).toEqual([1, 1, 1]);
  expect([...texts]).toEqual([expect.stringContaining('401')]);
});

test('what the table keeps of a key is no key (AU-06)', async () => {
  const { hmac, id } = await storedRecord(gateway, minted['id']);
  expect(hmac).toMatch(/^[0-9a-f]{64}$/);
  for (const tried of [hmac, `xct_${hmac}`, makeKey(id, hmac.slice(0, 32)), makeKey(id, hmac.slice(32))])
    for (const headers of [bearer(tried), { 'x-xct-api-key': tried }]) expect((await me(headers)).status).toBe(401);
});

test('a JWT in Authorization counts for nothing alone and harms nothing beside a key (AU-07)', async () => {
  const jwt = (signature: string) =>
    `${btoa('{"alg":"RS256"}')}.${btoa(JSON.stringify({ sub: 'u'.repeat(200), role: 'admin' }))}.${signature}`.replaceAll(
      '=',
      '',
    );
  for (const signature of ['good', 'bad', ''])
    for (let round = 0; round < 2; round += 1) {
      expect((await me(bearer(jwt(signature)))).status).toBe(401);
      const beside = await me({ ...bearer(jwt(signature)), 'x-xct-api-key': key });
      expect([beside.status, beside.body['role']]).toEqual([200, 'member']);
    }
});

test.each(['none', 'api_key', 'bearer_token', 'basic', 'oauth2', 'oauth2_token_exchange', 'delegate_auth_to_upstream'])(
  'a foreign bearer alone is 401 on list and call of a server with auth_type %s, and nothing is sent (AU-09)',
  async (auth_type) => {
    const alias = auth_type.replaceAll('_', '-').slice(0, 20).replace(/-$/, '');
    const credentials: Json = {
      api_key: { credentials: { secret: 'secret-one' } },
      bearer_token: { credentials: { secret: 'secret-two' } },
      basic: { credentials: { username: 'u', password: 'p' } },
    };
    await org.server(alias, upstream.url, { auth_type, ...credentials[auth_type] });
    const before = upstream.requests.length;
    for (const path of ['/mcp', `/${alias}/mcp`, `/${alias}/mcp/v1`])
      for (const method of ['tools/list', 'tools/call', 'initialize']) {
        const params = { name: 'whoami', arguments: {} };
        const answer = await legacyRequest(gateway, { key: '', path, headers: bearer('x') }, method, params);
        expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
      }
    expect(upstream.requests).toHaveLength(before);
  },
);

test('no spelling of a well-known path opens a door without a key (AU-10)', async () => {
  const call = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'whoami', arguments: {} },
  });
  const type = 'Content-Type: application/json';
  const before = upstream.requests.length;
  for (const [line, ...headers] of [
    ['POST /a/mcp?x=/.well-known/'],
    ['POST /.well-known/x/../../a/mcp'],
    ['POST /.well-known/oauth-protected-resource'],
    ['POST /.well-known/oauth-protected-resource/a/mcp'],
    ['POST /.well-known/../a/mcp'],
    ['POST /a/mcp', 'Host: .well-known'],
    ['POST /a/mcp', 'Host: x.well-known/.well-known/'],
    ['POST /a/mcp#/.well-known/'],
    ['POST /%2ewell-known/mcp'],
  ]) {
    const answer = await wire(gateway.url, line!, [type, ...headers], call);
    expect([401, 404, 405, 400]).toContain(answer.status);
    expect(answer.body).not.toContain('result');
  }
  expect(upstream.requests).toHaveLength(before);
});

test('a revoked key is 401 on the namespaced, the multi-server and the REST routes (AU-11)', async () => {
  const gone = await org.key({ object_permission: { mcp_servers: ['*'] } });
  const paths = ['/a/mcp/v1', '/mcp', '/a,none/mcp'];
  const statuses = async () => {
    const seen = [(await restCall(gateway, { key: gone['key'] }, 'a.whoami')).status];
    for (const path of paths)
      seen.push((await legacyRequest(gateway, { key: gone['key'], path }, 'tools/list')).status);
    return seen;
  };
  expect(await statuses()).toEqual([200, 200, 200, 200]);
  await org.admin('DELETE', `/v1/keys/${gone['id']}`);
  const after = await until(statuses, (seen) => seen.every((status) => status === 401));
  expect(after).toEqual([401, 401, 401, 401]);
});

test('nobody makes itself more by a field that is not there (AU-15)', async () => {
  const user = (await org.admin('POST', '/v1/users', { name: 'u' }))['id'];
  const own = await org.key({ user_id: user });
  const writes = await writesOf(gateway);
  for (const field of ['"role":"admin"', '"org_id":"default"', '"__proto__":{"role":"admin"}', '"Role":"admin"']) {
    const body = `{"version":1,${field}}`;
    const answer = await gateway.send('PATCH', `/v1/users/${user}`, org.adminKey, body);
    expect([answer.status, answer.body['error'].code]).toEqual([400, 'invalid_request']);
    if (!field.includes('proto')) expect(answer.body['error'].param).toBe(field.split('"')[1]);
    expect((await gateway.send('PATCH', `/v1/users/${user}`, own['key'], body)).status).toBe(403);
    expect((await gateway.send('PATCH', `/v1/keys/${own['id']}`, own['key'], body)).status).toBe(400);
  }
  expect(await writesOf(gateway)).toBe(writes);
});

test('a server cannot be born approved, and its price is no number of its own (AU-16)', async () => {
  const writes = await writesOf(gateway);
  for (const [field, value] of Object.entries({ status: 'active', approved_by: 'me', cost: 0, org_id: 'default' })) {
    const body = { alias: 'born', url: upstream.url, auth_type: 'none', [field]: value };
    const answer = await gateway.send('POST', '/v1/mcp/server', org.adminKey, body);
    expect([answer.status, answer.body['error'].param]).toEqual([400, field]);
  }
  expect(await writesOf(gateway)).toBe(writes);
});

test('Host and rewriting headers change nothing (AU-17)', async () => {
  const auth = `Authorization: Bearer ${key}`;
  const plain = JSON.parse((await wire(gateway.url, 'GET /v1/me', [auth])).body);
  for (const headers of [
    ['Host: localhost/#@x'],
    ['Host: x/?'],
    ['Host: a.example', 'Host: b.example'],
    ['X-Forwarded-Host: evil.example'],
    ['X-Original-URL: /v1/orgs'],
    ['X-Rewrite-URL: /v1/orgs'],
    ['Forwarded: host=evil.example'],
  ]) {
    const answer = await wire(gateway.url, 'GET /v1/me', [auth, ...headers]);
    expect([answer.status, JSON.parse(answer.body)]).toEqual([200, plain]);
  }
  expect((await wire(gateway.url, 'GET /v1/orgs', [auth, 'X-Original-URL: /v1/me'])).status).toBe(403);
});

test('headers that look like ours inside are ignored and never forwarded (AU-18)', async () => {
  const headers = {
    'x-xct-principal': '{"role":"operator"}',
    'x-xct-internal': '1',
    'x-xct-origin': 'guessed',
    'router-key': 'k',
    'mcp-init-host': 'evil.example',
    'x-amzn-request-context': '{}',
  };
  const answer = await restCall(gateway, { key, headers }, 'a.whoami');
  expect(answer.status).toBe(200);
  const sent = upstream.requests.at(-1)?.headers ?? {};
  expect(Object.keys(headers).filter((name) => name in sent)).toEqual([]);
  expect(sent['authorization']).toBeUndefined();
  expect((await gateway.send('GET', '/v1/orgs', key, undefined, headers)).status).toBe(403);
  expect((await me(headers)).status).toBe(401);
  const listed = { alias: 'lists', url: upstream.url, auth_type: 'none', extra_headers: ['x-xct-api-key'] };
  expect((await gateway.send('POST', '/v1/mcp/server', org.adminKey, listed)).status).toBe(400);
});

test('no body starts a process: stdio fields are refused at create and test, and named as such at import (AU-19)', async () => {
  const before = upstream.requests.length;
  for (const field of [{ transport: 'stdio' }, { command: 'id' }, { args: ['-c'] }, { env: { A: 'b' } }])
    for (const path of ['/v1/mcp/server', '/v1/mcp/server/test']) {
      const named = path.endsWith('test') ? {} : { alias: 'stdio', auth_type: 'none' };
      const body = { ...named, url: upstream.url, ...field };
      const answer = await gateway.send('POST', path, org.adminKey, body);
      expect([answer.status, answer.body['error'].param]).toEqual([400, Object.keys(field)[0]]);
    }
  const servers = {
    local: { command: 'npx', args: ['-y', 'x'], env: { TOKEN: 't' } },
    typed: { type: 'stdio', url: 'x' },
  };
  const imported = await org.admin('POST', '/v1/mcp/server/import', { mcpServers: servers });
  expect(imported).toMatchObject({
    drafts: [],
    refused: [
      { name: 'local', reason: expect.stringContaining('stdio') },
      { name: 'typed', reason: expect.stringContaining('stdio') },
    ],
  });
  expect(upstream.requests).toHaveLength(before);
});

test('a repeated credential header, and two different keys, are 401 and never a guess (MP-21)', async () => {
  const other = (await org.key())['key'];
  const get = async (...headers: string[]) => (await wire(gateway.url, 'GET /v1/me', headers)).status;
  expect(await get(`Authorization: Bearer ${key}`, `Authorization: Bearer ${key}`)).toBe(401);
  expect(await get(`Authorization: Bearer ${key}`, `authorization: Bearer ${other}`)).toBe(401);
  expect(await get(`x-xct-api-key: ${key}`, `X-Xct-Api-Key: ${key}`)).toBe(401);
  expect(await get(`x-xct-api-key: ${key}`, `Authorization: Bearer ${other}`)).toBe(401);
  expect(await get(`x-xct-api-key: ${key}`, `x-litellm-api-key: ${other}`)).toBe(401);
  expect(await get(`x-xct-api-key: ${key}`, 'Authorization: Basic dTpw')).toBe(401);
  expect(await get(`x-xct-api-key: ${key}, ${other}`)).toBe(401);
  expect(await get(`x-xct-api-key: ${key}`, `Authorization: Bearer ${key}`)).toBe(200);
  expect(await get(`x-litellm-api-key: Bearer ${key}`)).toBe(200);
});
