import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { legacyRequest, modernRequest } from '../support/doors.ts';
import { type Answered, type Json, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { newOrg } from '../support/org.ts';
import { modernUpstream } from '../support/upstreams/modern.ts';
import { rpcUpstream } from '../support/upstreams/raw.ts';
import type { RunningUpstream } from '../support/upstreams/record.ts';

let gateway: TestGateway;
let whole: RunningUpstream;
let bad: RunningUpstream;
let key: string;
/** What the server `bad` answers once it is pinned. */
let answer: (id: number) => unknown = () => ({});

beforeAll(async () => {
  const results: Record<string, object> = {
    'server/discover': {
      supportedVersions: ['2026-07-28'],
      capabilities: { tools: {}, prompts: {}, resources: {}, completions: {} },
    },
    'tools/list': { tools: [{ name: 'call', inputSchema: { type: 'object' } }] },
    'prompts/list': { prompts: [{ name: 'get' }] },
    'resources/list': { resources: [] },
    'resources/templates/list': { resourceTemplates: [] },
  };
  [gateway, whole, bad] = await Promise.all([
    startTestGateway(),
    modernUpstream({ whole: true }),
    rpcUpstream(({ id, method }) =>
      results[method]
        ? { jsonrpc: '2.0', id, result: { resultType: 'complete', ...results[method] } }
        : answer(Number(id)),
    ),
  ]);
  const org = await newOrg(gateway);
  await org.server('new', whole.url);
  await org.server('bad', bad.url);
  key = (await org.key({ object_permission: { mcp_servers: ['*'] } }))['key'];
});
afterAll(() => Promise.all([gateway.close(), whole.close(), bad.close()]));

const argument = { name: 'name', value: 'a' };
/** Every method that reaches a server, with good parameters for `alias`. */
const methodsOf = (alias: string, name: string): [method: string, params: Json][] => [
  ['prompts/get', { name: `${alias}__${name}` }],
  ['resources/read', { uri: `xct:${alias}:test://note` }],
  ['completion/complete', { ref: { type: 'ref/prompt', name: `${alias}__${name}` }, argument }],
];
const code = ({ body }: Answered) => body['error']?.code;
const legacy = { accept: 'application/json', 'mcp-protocol-version': '2025-11-25' };

test('MP-03 MP-07 MP-20 a message that cannot be read one way only is 400 for every method, and no server hears of it', async () => {
  const before = whole.requests.length;
  for (const [method, params] of methodsOf('new', 'greet')) {
    const inside = JSON.stringify(params).slice(1, -1);
    for (const text of [
      `{${inside},"x":1,"x":2}`,
      `{${inside},"x":{"__proto__":{"polluted":1}}}`,
      `{${inside},"x":{"constructor":{"prototype":1}}}`,
      `{${inside},"x":1${'0'.repeat(100_000)}}`,
      `{${inside},"x":${'['.repeat(70)}${']'.repeat(70)}}`,
    ]) {
      const body = `{"jsonrpc":"2.0","id":1,"method":"${method}","params":${text}}`;
      const refused = await gateway.send('POST', '/mcp', key, body, legacy);
      expect([method, refused.status, code(refused)]).toEqual([method, 400, -32700]);
    }
    const batch = [{ jsonrpc: '2.0', id: 1, method, params }];
    const refused = await gateway.send('POST', '/mcp', key, batch, { ...legacy, 'mcp-protocol-version': '2025-03-26' });
    expect([refused.status, code(refused)]).toEqual([400, -32600]);
  }
  expect(({} as Json)['polluted']).toBeUndefined();
  expect(whole.requests.length).toBe(before);
});

test('headers that repeat a prompt’s name or a resource’s URI must be there and agree', async () => {
  for (const [method, params] of methodsOf('new', 'greet').slice(0, 2)) {
    for (const headers of [{ 'mcp-name': 'other' }, { 'mcp-method': 'tools/call' }, { 'mcp-name': '=?base64?!?=' }]) {
      const refused = await modernRequest(gateway, { key, headers }, method, params);
      expect([refused.status, code(refused)]).toEqual([400, -32020]);
    }
  }
  const unnamed = await modernRequest(gateway, { key }, 'resources/read', { uri: 'xct:new:test://note' });
  expect([unnamed.status, code(unnamed)]).toEqual([400, -32020]);
});

test('MP-18 an answer that is none is an error, whatever was asked, and never an empty result', async () => {
  for (const reply of [
    (id: number) => ({ jsonrpc: '2.0', id: id + 1, result: {} }),
    (id: number) => ({ jsonrpc: '2.0', id, result: {}, error: { code: 1, message: 'both' } }),
    (id: number) => ({ jsonrpc: '2.0', id }),
    (id: number) => ({ jsonrpc: '2.0', id, result: {} }),
    (id: number) => ({ jsonrpc: '2.0', id, result: { resultType: 'novel' } }),
  ]) {
    answer = reply;
    for (const [method, params] of methodsOf('bad', 'get')) {
      const refused = await legacyRequest(gateway, { key }, method, params);
      expect([method, refused.status, code(refused)]).toEqual([method, 200, -32000]);
      expect(refused.body['error'].data.code).toBe('upstream_protocol');
    }
  }
});

test('a question in answer to a completion is no answer', async () => {
  answer = (id) => ({
    jsonrpc: '2.0',
    id,
    result: { resultType: 'input_required', inputRequests: {}, requestState: 'x' },
  });
  const [method, params] = methodsOf('bad', 'get')[2]!;
  const refused = await modernRequest(gateway, { key }, method, params);
  expect(refused.body['error'].data.code).toBe('upstream_protocol');
});

test('a foreign origin is 403 before anything else', async () => {
  for (const [method, params] of methodsOf('new', 'greet')) {
    const headers = { origin: 'https://evil.example' };
    const refused = await legacyRequest(gateway, { key, headers }, method, params);
    expect(refused.status).toBe(403);
  }
});
