import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from '@modelcontextprotocol/client';
import { legacyRequest, modernRequest, namesIn, restCall } from '../support/doors.ts';
import { type Json, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { newOrg, type TestOrg } from '../support/org.ts';
import { legacyUpstream } from '../support/upstreams/legacy.ts';
import { modernUpstream } from '../support/upstreams/modern.ts';
import { rpcUpstream } from '../support/upstreams/raw.ts';
import { messageOf, type RunningUpstream } from '../support/upstreams/record.ts';
import { greeting, noted, rich } from '../support/upstreams/whole.ts';

let gateway: TestGateway;
let org: TestOrg;
let upstreams: Record<'old' | 'new' | 'odd', RunningUpstream>;
let key: string;

/** Names and URIs that only an exact map brings back. */
const hostile = {
  prompts: ['a__b', 'old__greet', 'x.y', 'x_y', 'p'.repeat(100), 'sp ace', '\u{1f600}'],
  uris: ['xct:old:test://note', 'file:///a b#c?d=é', 'urn:x:{y}', 'test://big'],
};
/** A modern server whose answers repeat what it was asked for, with what the SDKs would not let through. */
const oddServer = () =>
  rpcUpstream(({ id, method, params }) => {
    const modern = { resultType: 'complete', ttlMs: 3_600_000, cacheScope: 'public' };
    const results: Record<string, object> = {
      'server/discover': { supportedVersions: ['2026-07-28'], capabilities: { tools: {}, prompts: {}, resources: {} } },
      'tools/list': { tools: [{ name: 'odd', inputSchema: { type: 'object' } }] },
      'prompts/list': { prompts: hostile.prompts.map((name) => ({ name, novel: { deep: [1] } })) },
      'resources/list': { resources: hostile.uris.map((uri) => ({ uri, name: uri, novel: 1 })) },
      'resources/templates/list': { resourceTemplates: [{ uriTemplate: 'xct:{+path}', name: 't' }] },
      'prompts/get': { messages: [{ role: 'user', content: { type: 'novel', said: params['name'] } }] },
      'resources/read': { contents: [{ uri: params['uri'], text: String(params['uri']), novel: 1 }] },
    };
    return { jsonrpc: '2.0', id, result: { ...modern, ...results[method] } };
  });

beforeAll(async () => {
  const [started, old, young, odd] = await Promise.all([
    startTestGateway(),
    legacyUpstream({ whole: true }),
    modernUpstream({ whole: true }),
    oddServer(),
  ]);
  gateway = started;
  upstreams = { old, new: young, odd };
  org = await newOrg(gateway);
  for (const [alias, { url }] of Object.entries(upstreams)) await org.server(alias, url);
  key = (await org.key({ object_permission: { mcp_servers: ['*'] } }))['key'];
});
afterAll(() => Promise.all([gateway.close(), ...Object.values(upstreams).map((one) => one.close())]));

const requests = { legacy: legacyRequest, modern: modernRequest };
type Era = keyof typeof requests;
/** The result of a request at a door; throws what else came. */
async function result(era: Era, path: string, method: string, params: Json = {}, as = key): Promise<Json> {
  const headers: Record<string, string> = method === 'resources/read' && era === 'modern' ? named(params['uri']) : {};
  const answer = await requests[era](gateway, { key: as, path, headers }, method, params);
  if (!answer.body['result']) throw new Error(`${method} answered ${answer.status}: ${answer.text}`);
  return answer.body['result'];
}
const named = (name: string) => ({ 'mcp-name': `=?base64?${Buffer.from(name).toString('base64')}?=` });

const combinations = (['legacy', 'modern'] as const).flatMap((client) =>
  (['old', 'new'] as const).map((alias) => ({ client, alias, server: alias === 'old' ? 'legacy' : 'modern' })),
);

test.each(combinations)(
  'a $client client reads the prompts, resources and completions of a $server server, alone and among others',
  async ({ client, alias }) => {
    for (const [path, name, uri] of [
      [`/${alias}/mcp`, (own: string) => own, (own: string) => own],
      ['/mcp', (own: string) => `${alias}__${own}`, (own: string) => `xct:${alias}:${own}`],
    ] as const) {
      const list = async (method: string, field: string) => (await result(client, path, method))[field];
      expect(await list('prompts/list', 'prompts')).toContainEqual(expect.objectContaining({ name: name('greet') }));
      const resources = await list('resources/list', 'resources');
      expect(resources).toContainEqual(expect.objectContaining({ uri: uri('test://note'), name: 'note' }));
      const templates = await list('resources/templates/list', 'resourceTemplates');
      expect(templates).toContainEqual(expect.objectContaining({ uriTemplate: uri('test://notes/{id}') }));

      const got = await result(client, path, 'prompts/get', { name: name('greet'), arguments: { name: 'Ada' } });
      expect(got).toMatchObject(greeting('Ada'));
      for (const own of ['test://note', 'test://notes/7']) {
        const read = await result(client, path, 'resources/read', { uri: uri(own) });
        expect(read['contents']).toEqual([{ ...noted(own).contents[0], uri: uri(own) }]);
        expect(read['cacheScope']).toBe(client === 'modern' ? 'private' : undefined);
      }
      for (const [ref, argument] of [
        [{ type: 'ref/prompt', name: name('greet') }, 'name'],
        [{ type: 'ref/resource', uri: uri('test://notes/{id}') }, 'id'],
      ] as const) {
        const params = { ref, argument: { name: argument, value: 'a' } };
        const { completion } = await result(client, path, 'completion/complete', params);
        expect(completion).toMatchObject({ values: ['ada', 'alan'] });
      }
      const called = await result(client, path, 'tools/call', { name: name('rich'), arguments: {} });
      const exposed = JSON.parse(JSON.stringify(rich).replaceAll('"test://', `"${uri('test://')}`));
      expect(called).toMatchObject(exposed);
      expect(called['resultType']).toBe(client === 'modern' ? 'complete' : undefined);
    }
  },
);

test.each(['legacy', 'modern'] as const)('what a %s client is promised is what servers offer', async (client) => {
  const method = client === 'legacy' ? 'initialize' : 'server/discover';
  const all = { tools: {}, prompts: {}, resources: {}, completions: {} };
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 't', version: '1' } };
  const promised = async (path: string, as = key) =>
    (await result(client, path, method, client === 'legacy' ? params : {}, as))['capabilities'];
  expect(await promised('/mcp')).toEqual(all);
  expect(await promised('/odd/mcp')).toEqual({ tools: {}, prompts: {}, resources: {} });
  const some = (await org.key({ object_permission: { mcp_tool_permissions: { new: ['echo'] } } }))['key'];
  expect(await promised('/mcp', some)).toEqual({ tools: {} });
});

test('a grant of only some tools reads no prompt and no resource, by list, by name or by URI', async () => {
  const some = (
    await org.key({ object_permission: { mcp_servers: ['old'], mcp_tool_permissions: { new: ['echo'] } } })
  )['key'];
  const { prompts } = await result('modern', '/mcp', 'prompts/list', {}, some);
  expect(prompts.map(({ name }: Json) => name)).toEqual(['old__greet']);
  const code = async (path: string, method: string, params: Json) =>
    (await legacyRequest(gateway, { key: some, path }, method, params)).body['error']?.code;
  const before = upstreams.new.requests.length;
  expect(await code('/mcp', 'prompts/get', { name: 'new__greet' })).toBe(-32602);
  expect(await code('/mcp', 'resources/read', { uri: 'xct:new:test://note' })).toBe(-32602);
  expect(await code('/new/mcp', 'prompts/list', {})).toBe(-32601);
  expect(await code('/new/mcp', 'resources/read', { uri: 'test://note' })).toBe(-32601);
  const argument = { name: 'name', value: 'a' };
  const ref = { type: 'ref/prompt', name: 'new__greet' };
  expect(await code('/mcp', 'completion/complete', { ref, argument })).toBe(-32602);
  expect(upstreams.new.requests.length).toBe(before);
});

test('TD-07 hostile names of prompts and URIs get names of their own and come back exactly', async () => {
  for (const [path, prefix] of [
    ['/odd/mcp', ''],
    ['/mcp', 'odd__'],
  ] as const) {
    const { prompts } = await result('modern', path, 'prompts/list');
    const shown: string[] = prompts.map(({ name }: Json) => name).filter((name: string) => name.startsWith(prefix));
    const names = prefix === '' ? shown : shown.filter((name) => name !== 'old__greet' && name !== 'new__greet');
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
    const said = await Promise.all(
      names.map(async (name) => (await result('modern', path, 'prompts/get', { name }))['messages'][0].content),
    );
    const pinned = said.map((content) => content.said).sort();
    expect(pinned).toEqual([...pinned].sort());
    for (const own of pinned) expect(hostile.prompts).toContain(own);
    expect(pinned.length).toBeGreaterThanOrEqual(4);
    expect(said[0]).toMatchObject({ type: 'novel' });

    const { resources } = await result('legacy', path, 'resources/list');
    const uris: string[] = resources.map(({ uri }: Json) => uri);
    const mine = prefix === '' ? uris : uris.filter((uri) => uri.startsWith('xct:odd:'));
    expect(mine.length).toBeGreaterThanOrEqual(3);
    for (const uri of mine) {
      const { contents } = await result('legacy', path, 'resources/read', { uri });
      expect(contents).toEqual([{ uri, text: prefix === '' ? uri : uri.slice('xct:odd:'.length), novel: 1 }]);
    }
  }
});

test('MP-19 a server’s public hour is our private minute', async () => {
  const read = await result('modern', '/odd/mcp', 'resources/read', { uri: 'test://any' });
  expect(read).toMatchObject({ ttlMs: 60_000, cacheScope: 'private', resultType: 'complete' });
});

test('lists are from snapshots: no server is asked for one', async () => {
  const before = Object.values(upstreams).map(({ requests: seen }) => seen.length);
  for (const method of ['tools/list', 'prompts/list', 'resources/list', 'resources/templates/list'])
    await result('modern', '/mcp', method);
  expect(Object.values(upstreams).map(({ requests: seen }) => seen.length)).toEqual(before);
});

test('the official v2 client finds and reads all of it through the gateway', async () => {
  const client = new ModernClient({ name: 't', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  await client.connect(
    new ModernTransport(new URL(`${gateway.url}/mcp`), {
      requestInit: { headers: { authorization: `Bearer ${key}` } },
    }),
  );
  const { prompts } = await client.listPrompts();
  expect(prompts.map(({ name }) => name)).toContain('new__greet');
  const got = await client.getPrompt({ name: 'new__greet', arguments: { name: 'Ada' } });
  expect(got.messages).toEqual(greeting('Ada').messages);
  const read = await client.readResource({ uri: 'xct:old:test://note' });
  expect(read.contents).toMatchObject([{ uri: 'xct:old:test://note', text: 'note at test://note' }]);
  await client.close();
});

test('numbers no double holds pass in both directions, at the REST door too', async () => {
  const big = '12345678901234567890';
  const body = (name: string) =>
    `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"${name}","arguments":{"message":"x","n":${big}}}}`;
  const accept = { accept: 'application/json', 'mcp-protocol-version': '2025-11-25' };
  await gateway.send('POST', '/mcp', key, body('odd__odd'), accept);
  expect(upstreams.odd.requests.at(-1)?.body).toContain(`"n":${big}`);
  expect(messageOf(upstreams.odd.requests.at(-1)!).params).toMatchObject({ name: 'odd' });
  const rest = await restCall(gateway, { key }, 'new.rich');
  expect(rest.body).toMatchObject({ ...rich, isError: false });
  expect(rest.body).not.toHaveProperty('resultType');
  expect(namesIn(await modernRequest(gateway, { key, path: '/odd/mcp' }, 'tools/list'))).toEqual(['odd']);
});
