import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { legacyRequest, modernRequest, namesIn, restCall } from '../support/doors.ts';
import { type Answered, type Json, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { newOrg, type TestOrg } from '../support/org.ts';
import { legacyUpstream } from '../support/upstreams/legacy.ts';
import { modernUpstream } from '../support/upstreams/modern.ts';
import type { RunningUpstream } from '../support/upstreams/record.ts';

let gateway: TestGateway;
let org: TestOrg;
let old: RunningUpstream;
let modern: RunningUpstream;
let key: string;
let other: string;

beforeAll(async () => {
  [gateway, old, modern] = await Promise.all([startTestGateway(), legacyUpstream(), modernUpstream()]);
  org = await newOrg(gateway);
  await org.server('old', old.url);
  await org.server('new', modern.url);
  key = (await org.key({ object_permission: { mcp_servers: ['*'] } }))['key'];
  other = (await org.key({ object_permission: { mcp_servers: ['*'] } }))['key'];
});
afterAll(() => Promise.all([gateway.close(), old.close(), modern.close()]));

const code = ({ body }: Answered) => body['error']?.code;
const post = (body: unknown, headers = {}, path = '/mcp') => gateway.send('POST', path, key, body, headers);
const doors = ['/mcp', '/old/mcp', '/old/mcp/v1'];

test.each(['GET', 'DELETE', 'PUT', 'PATCH'])('%s at an MCP door is 405 with Allow: POST', async (method) => {
  for (const path of doors) {
    const answer = await gateway.send(method, path, key);
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
    expect(answer.body).toMatchObject({ jsonrpc: '2.0', id: null, error: { code: -32000 } });
  }
});

test('a notification is 202 without a body, and a batch is refused, at every MCP door', async () => {
  for (const path of doors) {
    const told = await post({ jsonrpc: '2.0', method: 'notifications/initialized' }, {}, path);
    expect([told.status, told.text]).toEqual([202, '']);
    const batch = await post([{ jsonrpc: '2.0', id: 1, method: 'ping' }], {}, path);
    expect([batch.status, code(batch)]).toEqual([400, -32600]);
  }
});

test('the legacy handshake negotiates a revision and keeps no session', async () => {
  for (const [asked, spoken] of [
    ['2025-03-26', '2025-03-26'],
    ['2025-06-18', '2025-06-18'],
    ['2025-11-25', '2025-11-25'],
    ['2024-11-05', '2025-11-25'],
    ['2099-01-01', '2025-11-25'],
  ]) {
    const params = { protocolVersion: asked, capabilities: {}, clientInfo: { name: 't', version: '1' } };
    const answer = await post({ jsonrpc: '2.0', id: 'a', method: 'initialize', params }, {}, '/old/mcp');
    expect(answer.body).toMatchObject({
      id: 'a',
      result: { protocolVersion: spoken, capabilities: { tools: {} }, instructions: 'Say hello first.' },
    });
    expect(answer.headers.get('mcp-session-id')).toBeNull();
  }
  expect((await legacyRequest(gateway, { key }, 'ping')).body).toEqual({ jsonrpc: '2.0', id: 1, result: {} });
});

test('server/discover says what is served, privately, and lists say the same (MP-19)', async () => {
  const answer = await modernRequest(gateway, { key, path: '/new/mcp/v1' }, 'server/discover');
  expect(answer.body['result']).toMatchObject({
    supportedVersions: ['2026-07-28'],
    capabilities: { tools: {} },
    instructions: 'Be brief.',
    resultType: 'complete',
    cacheScope: 'private',
  });
  expect(answer.body['result'].ttlMs).toBeLessThanOrEqual(60_000);
  const list = await modernRequest(gateway, { key }, 'tools/list');
  expect(list.body['result']).toMatchObject({ resultType: 'complete', cacheScope: 'private' });
  expect(list.body['result'].ttlMs).toBeLessThanOrEqual(60_000);
  expect(JSON.stringify(list.body)).not.toContain('x-mcp-header');
});

test('a modern request whose envelope or headers are wrong is 400 with the code of the specification', async () => {
  const asking = (headers: Record<string, string>, params: Json = {}, method = 'tools/list') =>
    modernRequest(gateway, { key, headers }, method, params);
  const called = { name: 'old__echo', arguments: { message: 'hi' } };
  for (const [answer, wanted] of [
    [await asking({ 'mcp-method': 'tools/call' }), -32020],
    [await asking({ 'mcp-protocol-version': '2025-11-25' }), -32020],
    [await asking({ 'mcp-name': 'new__echo' }, called, 'tools/call'), -32020],
    [await asking({}, { _meta: { 'io.modelcontextprotocol/clientCapabilities': undefined } }), -32602],
    [
      await asking(
        { 'mcp-protocol-version': '2030-01-01' },
        { _meta: { 'io.modelcontextprotocol/protocolVersion': '2030-01-01' } },
      ),
      -32022,
    ],
  ] as const)
    expect([answer.status, code(answer)]).toEqual([400, wanted]);
});

test('an unknown method is 404 in the modern era and an ordinary answer in the legacy one', async () => {
  for (const method of ['tools/explode', 'constructor', 'sampling/createMessage']) {
    const modernAnswer = await modernRequest(gateway, { key }, method);
    expect([modernAnswer.status, code(modernAnswer)]).toEqual([404, -32601]);
    const legacyAnswer = await legacyRequest(gateway, { key }, method);
    expect([legacyAnswer.status, code(legacyAnswer)]).toEqual([200, -32601]);
  }
});

test('what a caller writes into _meta under a reserved or our own prefix is never trusted or forwarded (MP-24)', async () => {
  const _meta = {
    'io.modelcontextprotocol/x': 'reserved',
    'xct/cost': { usd: 9 },
    'com.example/trace': 'kept',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  };
  const params = { name: 'new__echo', arguments: { message: 'hi' }, _meta };
  const answer = await modernRequest(gateway, { key }, 'tools/call', params);
  expect(answer.body['result']._meta['xct/cost']).toMatchObject({ usd: 0 });
  const sent = JSON.parse(modern.requests.at(-1)?.body ?? '{}').params._meta;
  expect(sent).toMatchObject({ 'com.example/trace': 'kept', traceparent: _meta.traceparent });
  expect(Object.keys(sent)).not.toContain('io.modelcontextprotocol/x');
  expect(Object.keys(sent)).not.toContain('xct/cost');
});

test('a mirrored argument reaches a modern upstream as Mcp-Param header, whatever era the client speaks', async () => {
  const params = { name: 'new__region', arguments: { region: 'eu-west-1' } };
  for (const request of [legacyRequest, modernRequest]) {
    await request(gateway, { key }, 'tools/call', params);
    expect(modern.requests.at(-1)?.headers['mcp-param-region']).toBe('eu-west-1');
  }
  await restCall(gateway, { key }, 'new.region', { region: 'süd' });
  const header = modern.requests.at(-1)?.headers['mcp-param-region'];
  expect(header).toBe(`=?base64?${Buffer.from('süd').toString('base64')}?=`);
});

test('an integer beyond a double is the same in arguments and in the result (CL-18)', async () => {
  const body = '{"name":"old.echo","arguments":{"message":"n","extra":12345678901234567890}}';
  await gateway.send('POST', '/mcp-rest/tools/call', key, body);
  expect(old.requests.at(-1)?.body).toContain('12345678901234567890');
});

test('pages join to the whole list, and a cursor opens nothing when changed or shown by another key (MP-15)', async () => {
  const list = (cursor = '', as = key) =>
    gateway.send('GET', `/mcp-rest/tools/list?limit=3${cursor && `&cursor=${encodeURIComponent(cursor)}`}`, as);
  const names: string[] = [];
  let cursor = '';
  do {
    const page = await list(cursor);
    names.push(...namesIn(page));
    cursor = page.body['next_cursor'] ?? '';
  } while (cursor !== '');
  expect(names).toEqual(namesIn(await gateway.send('GET', '/mcp-rest/tools/list', key)));
  const good: string = (await list()).body['next_cursor'];
  expect((await list(good)).status).toBe(200);
  const last = good.at(-2) === 'A' ? 'B' : 'A';
  const bad = [good.slice(0, -2) + last + good.slice(-1), `${good}A`, good.slice(1), 'x', Buffer.from('0').toString()];
  for (const changed of bad) {
    const answer = await list(changed);
    expect([answer.status, answer.body['error']?.param]).toEqual([400, 'cursor']);
    const mcp = await legacyRequest(gateway, { key }, 'tools/list', { cursor: changed });
    expect([mcp.status, code(mcp)]).toEqual([200, -32602]);
  }
  expect((await list(good, other)).status).toBe(400);
  const mcp = await legacyRequest(gateway, { key: other }, 'tools/list', { cursor: good });
  expect([mcp.status, code(mcp)]).toEqual([200, -32602]);
  for (const path of ['/v1/keys', '/v1/audit', '/v1/mcp/server'])
    expect((await gateway.send('GET', `${path}?cursor=${encodeURIComponent(good)}`, org.adminKey)).status).toBe(400);
});

test('a cursor of one management list opens no other list, and none of another org', async () => {
  const page = await org.admin('GET', '/v1/keys?limit=1');
  const cursor = encodeURIComponent(page['next_cursor']);
  expect((await org.admin('GET', `/v1/keys?limit=1&cursor=${cursor}`))['data']).toHaveLength(1);
  expect((await gateway.send('GET', `/v1/audit?cursor=${cursor}`, org.adminKey)).status).toBe(400);
  expect((await gateway.send('GET', `/v1/keys?cursor=${cursor}`, (await newOrg(gateway)).adminKey)).status).toBe(400);
});

test('a browser page of a foreign origin is refused, and the gateway’s own host is not', async () => {
  for (const [method, path] of [
    ['POST', '/mcp'],
    ['GET', '/v1/mcp/tools'],
    ['GET', '/v1/me'],
  ] as const) {
    const body = method === 'POST' ? { jsonrpc: '2.0', id: 1, method: 'ping' } : undefined;
    for (const origin of ['https://evil.example', 'null', `${gateway.url}.evil.example`]) {
      const answer = await gateway.send(method, path, key, body, { origin });
      expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([403, null]);
    }
    const own = await gateway.send(method, path, key, body, { origin: gateway.url });
    expect([own.status, own.headers.get('access-control-allow-origin')]).toEqual([200, gateway.url]);
  }
});
