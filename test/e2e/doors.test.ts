import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { legacyRequest, modernRequest, namesIn, restCall } from '../support/doors.ts';
import { type Json, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { newOrg, type TestOrg } from '../support/org.ts';
import { type LegacyUpstream, legacyUpstream } from '../support/upstreams/legacy.ts';
import { modernUpstream } from '../support/upstreams/modern.ts';
import type { RunningUpstream } from '../support/upstreams/record.ts';

let gateway: TestGateway;
let org: TestOrg;
let old: LegacyUpstream;
let modern: RunningUpstream;
let oldId: string;
let all: string;
let some: string;

beforeAll(async () => {
  [gateway, old, modern] = await Promise.all([startTestGateway(), legacyUpstream(), modernUpstream()]);
  org = await newOrg(gateway);
  const cost = { default_usd: 0.001, tools: { echo: 0.0125 } };
  oldId = (await org.server('old', old.url, { cost, access_groups: ['daily'] }))['id'];
  await org.server('new', modern.url, { access_groups: ['daily'] });
  await org.server('spare', old.url, { access_groups: ['rare'] });
  const tools = [
    { server: 'old', tool: 'echo' },
    { server: 'new', tool: 'add' },
  ];
  await org.admin('POST', '/v1/mcp/toolset', { name: 'picks', tools });
  all = (await org.key({ object_permission: { mcp_servers: ['*'] } }))['key'];
  some = (await org.key({ object_permission: { mcp_servers: ['old'] } }))['key'];
});
afterAll(() => Promise.all([gateway.close(), old.close(), modern.close()]));

const oldTools = ['add', 'echo', 'fail', 'slow'];
const newTools = ['add', 'echo', 'fail', 'region'];
const full = (alias: string, tools: string[]) => tools.map((tool) => `${alias}.${tool}`);
const prefixed = (alias: string, tools: string[]) => tools.map((tool) => `${alias}__${tool}`);
const get = (path: string, key = all, headers = {}) => gateway.send('GET', path, key, undefined, headers);
const code = ({ body }: { body: Json }) => body['error']?.code;

test('GET /v1/mcp/tools lists the caller’s tools as OpenAI functions with server, tool and price', async () => {
  const answer = await get('/v1/mcp/tools', some);
  expect(answer.body).toMatchObject({ object: 'list' });
  expect(answer.body['data'].map((tool: Json) => tool['function'].name)).toEqual(full('old', oldTools));
  expect(answer.body['data'][1]).toEqual({
    type: 'function',
    function: { name: 'old.echo', description: 'Echoes', parameters: expect.objectContaining({ type: 'object' }) },
    xct: expect.objectContaining({ server: 'old', tool: 'echo', price_usd: 0.0125 }),
  });
  expect(answer.body['data'][0].xct.price_usd).toBe(0.001);
  const mcp = await get('/v1/mcp/tools?format=mcp', some);
  expect(mcp.body['data'][1]).toMatchObject({
    name: 'old.echo',
    inputSchema: { type: 'object' },
    mcp_info: { server_alias: 'old', server_id: oldId, price_usd: 0.0125 },
  });
  expect(namesIn(await get('/v1/mcp/tools?servers=new'))).toEqual(full('new', newTools));
});

test('GET /mcp-rest/tools/list is narrowed by ?server= and ?server_id=', async () => {
  const everything = await get('/mcp-rest/tools/list');
  expect(namesIn(everything)).toEqual([...full('new', newTools), ...full('old', oldTools), ...full('spare', oldTools)]);
  expect(everything.body['tools'][0].mcp_info.server_alias).toBe('new');
  expect(namesIn(await get('/mcp-rest/tools/list?server=old'))).toEqual(full('old', oldTools));
  expect(namesIn(await get(`/mcp-rest/tools/list?server_id=${oldId}`))).toEqual(full('old', oldTools));
  expect(code(await get('/mcp-rest/tools/list?server=nobody'))).toBe('unknown_server');
  expect((await get('/mcp-rest/tools/list?colour=red')).body['error']).toMatchObject({
    code: 'invalid_request',
    param: 'colour',
  });
});

test('POST /mcp-rest/tools/call takes a full name, or the tool’s own name beside server or server_id', async () => {
  const named = await restCall(gateway, { key: all }, 'old.echo', { message: 'hi' });
  expect([named.status, named.body]).toEqual([200, { content: [{ type: 'text', text: 'hi' }], isError: false }]);
  expect(named.headers.get('x-xct-cost-usd')).toBe('0.0125');
  expect(named.headers.get('x-xct-level')).toBe('key');
  expect(named.headers.get('x-request-id')).toMatch(/^[\w-]{10,}$/);
  for (const by of [{ server: 'old' }, { server_id: oldId }]) {
    const answer = await gateway.send('POST', '/mcp-rest/tools/call', all, {
      ...by,
      name: 'add',
      arguments: { a: 2, b: 3 },
    });
    expect(answer.body['content']).toEqual([{ type: 'text', text: '5' }]);
    expect(answer.headers.get('x-xct-cost-usd')).toBe('0.001');
  }
  const both = { server: 'old', server_id: oldId, name: 'add' };
  expect((await gateway.send('POST', '/mcp-rest/tools/call', all, both)).status).toBe(400);
});

test('a tool that ran and failed is an answer with isError and not an error of the gateway, by every door', async () => {
  for (const server of ['old', 'new']) {
    const rest = await restCall(gateway, { key: all }, `${server}.fail`);
    expect([rest.status, rest.body['isError']]).toEqual([200, true]);
    const inSet = await gateway.send('POST', `/${server}/mcp/v1/tools/call`, all, { name: 'fail' });
    expect([inSet.status, inSet.body['isError']]).toEqual([200, true]);
    for (const request of [legacyRequest, modernRequest]) {
      const mcp = await request(gateway, { key: all, path: `/${server}/mcp` }, 'tools/call', { name: 'fail' });
      expect([mcp.status, mcp.body['result'].isError]).toEqual([200, true]);
    }
  }
});

test.each([
  { set: 'old', rest: oldTools, mcp: oldTools },
  { set: 'old,new', rest: [...full('new', newTools), ...full('old', oldTools)] },
  { set: 'daily', rest: [...full('new', newTools), ...full('old', oldTools)] },
  { set: 'rare', rest: full('spare', oldTools) },
  { set: 'picks', rest: ['new.add', 'old.echo'] },
  { set: 'picks,spare', rest: ['new.add', 'old.echo', ...full('spare', oldTools)] },
])('only the tools of $set exist in its namespace, by REST and by MCP', async ({ set, rest, mcp }) => {
  const names = mcp ?? rest.map((name) => name.replace('.', '__'));
  expect(namesIn(await get(`/${set}/mcp/v1/tools`))).toEqual(rest);
  for (const path of [`/${set}/mcp`, `/${set}/mcp/v1`])
    for (const request of [legacyRequest, modernRequest])
      expect(namesIn(await request(gateway, { key: all, path }, 'tools/list'))).toEqual(names);
  const echo = rest.find((name) => name.endsWith('echo')) ?? '';
  const called = await gateway.send('POST', `/${set}/mcp/v1/tools/call`, all, {
    name: echo,
    arguments: { message: set },
  });
  expect(called.body['content']).toEqual([{ type: 'text', text: set }]);
  const params = { name: mcp ? 'echo' : echo.replace('.', '__'), arguments: { message: set } };
  for (const request of [legacyRequest, modernRequest]) {
    const answer = await request(gateway, { key: all, path: `/${set}/mcp/v1` }, 'tools/call', params);
    expect(answer.body['result'].content).toEqual([{ type: 'text', text: set }]);
  }
});

test('what is granted but outside the namespace is not callable in it', async () => {
  for (const name of ['new.echo', 'spare.echo', 'new.region'])
    expect((await gateway.send('POST', '/picks/mcp/v1/tools/call', all, { name })).status).toBe(404);
  const mcp = await legacyRequest(gateway, { key: all, path: '/picks/mcp' }, 'tools/call', { name: 'new__echo' });
  expect([mcp.status, code(mcp)]).toEqual([200, -32602]);
});

test('/mcp has everything the caller may use, prefixed, in both eras', async () => {
  for (const request of [legacyRequest, modernRequest]) {
    expect(namesIn(await request(gateway, { key: some }, 'tools/list'))).toEqual(prefixed('old', oldTools));
    const params = { name: 'old__echo', arguments: { message: 'hi' } };
    expect((await request(gateway, { key: some }, 'tools/call', params)).body['result']).toMatchObject({
      content: [{ type: 'text', text: 'hi' }],
      _meta: { 'xct/cost': { usd: 0.0125 } },
    });
  }
});

test('x-mcp-servers narrows every door and never widens it', async () => {
  const headers = { 'x-mcp-servers': 'new' };
  expect(namesIn(await get('/v1/mcp/tools', all, headers))).toEqual(full('new', newTools));
  expect(namesIn(await get('/mcp-rest/tools/list', all, headers))).toEqual(full('new', newTools));
  expect(namesIn(await get('/daily/mcp/v1/tools', all, headers))).toEqual(full('new', newTools));
  for (const request of [legacyRequest, modernRequest]) {
    expect(namesIn(await request(gateway, { key: all, headers }, 'tools/list'))).toEqual(prefixed('new', newTools));
    const asking = { key: all, headers, path: '/picks/mcp/v1' };
    expect(namesIn(await request(gateway, asking, 'tools/list'))).toEqual(['new__add']);
    const outside = await request(gateway, { key: all, headers }, 'tools/call', { name: 'old__echo' });
    expect([outside.status, code(outside)]).toEqual([200, -32602]);
  }
  const outside = await restCall(gateway, { key: all, headers }, 'old.echo', { message: 'no' });
  expect([outside.status, code(outside)]).toEqual([403, 'forbidden']);
  const two = { 'x-mcp-servers': ' picks , rare ' };
  expect(namesIn(await get('/mcp-rest/tools/list', all, two))).toEqual([
    'new.add',
    'old.echo',
    ...full('spare', oldTools),
  ]);
});

test('an unknown name is 400 in a header or query, 404 in a path or as target, and one not granted 403', async () => {
  const refusal = async (path: string, headers = {}) => {
    const answer = await get(path, some, headers);
    return [answer.status, code(answer)];
  };
  for (const path of ['/v1/mcp/tools', '/mcp-rest/tools/list', '/old/mcp/v1/tools']) {
    expect(await refusal(path, { 'x-mcp-servers': 'old,nobody' })).toEqual([400, 'unknown_server']);
    expect(await refusal(path, { 'x-mcp-servers': 'new' })).toEqual([403, 'forbidden']);
    expect(await refusal(path, { 'x-mcp-servers': '' })).toEqual([400, 'invalid_request']);
  }
  expect(await refusal('/v1/mcp/tools?servers=nobody')).toEqual([400, 'unknown_server']);
  expect(await refusal('/v1/mcp/tools?servers=new')).toEqual([403, 'forbidden']);
  expect(await refusal('/nobody/mcp/v1/tools')).toEqual([404, 'not_found']);
  expect(await refusal('/old,nobody/mcp/v1/tools')).toEqual([404, 'not_found']);
  expect(await refusal('/new/mcp/v1/tools')).toEqual([403, 'forbidden']);
  expect(await refusal('/rare/mcp/v1/tools')).toEqual([403, 'forbidden']);
  const called = async (name: string) => {
    const answer = await restCall(gateway, { key: some }, name);
    return [answer.status, code(answer)];
  };
  expect(await called('nobody.echo')).toEqual([404, 'not_found']);
  expect(await called('old.nothing')).toEqual([404, 'not_found']);
  expect(await called('nothing')).toEqual([404, 'not_found']);
  expect(await called('new.echo')).toEqual([403, 'forbidden']);
  const denied = await restCall(gateway, { key: some }, 'new.echo');
  expect(denied.body['error']).toMatchObject({
    type: 'permission_error',
    param: null,
    request_id: denied.headers.get('x-request-id'),
    details: { level: 'key', rule: expect.stringContaining('new.echo') },
  });
});

test('MCP answers -32602 for every name that is wrong, missing or not granted', async () => {
  for (const request of [legacyRequest, modernRequest]) {
    const refused = async (method: string, asking: Json, params = {}) => {
      const answer = await request(gateway, { key: some, ...asking }, method, params);
      return [answer.status, code(answer)];
    };
    for (const path of ['/nobody/mcp', '/new/mcp/v1', '/old,nobody/mcp'])
      expect(await refused('tools/list', { path })).toEqual([200, -32602]);
    for (const name of ['new', 'nobody'])
      expect(await refused('tools/list', { headers: { 'x-mcp-servers': name } })).toEqual([200, -32602]);
    for (const name of ['new__echo', 'nobody__echo', 'old__nothing', 'echo', 'old.echo'])
      expect(await refused('tools/call', {}, { name })).toEqual([200, -32602]);
    expect(await refused('tools/call', { path: '/old/mcp' }, { name: 'old__echo' })).toEqual([200, -32602]);
  }
});
