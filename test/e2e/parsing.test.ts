import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { newOrg, type TestOrg } from '../support/org.ts';
import { legacyUpstream } from '../support/upstreams/legacy.ts';
import type { RunningUpstream } from '../support/upstreams/record.ts';
import { wire } from '../support/wire.ts';

let gateway: TestGateway;
let org: TestOrg;
let upstream: RunningUpstream;
let key: string;

beforeAll(async () => {
  [gateway, upstream] = await Promise.all([startTestGateway(), legacyUpstream()]);
  org = await newOrg(gateway);
  await org.server('a', upstream.url);
  key = (await org.key({ object_permission: { mcp_servers: ['*'] } }))['key'];
});
afterAll(() => Promise.all([gateway.close(), upstream.close()]));

/** Bodies that hold a text where an argument would stand, one for each kind of door. */
const bodies = (args: string): readonly (readonly [path: string, body: string])[] => [
  ['/mcp-rest/tools/call', `{"name":"a.echo","arguments":${args}}`],
  ['/a/mcp/v1/tools/call', `{"name":"echo","arguments":${args}}`],
  ['/mcp', `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a__echo","arguments":${args}}}`],
  ['/a/mcp/v1', `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":${args}}}`],
];
const post = (path: string, body: string | Buffer, headers: Record<string, string> = {}, as = key) =>
  fetch(gateway.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${as}`, 'content-type': 'application/json', ...headers },
    body: body as string,
  });
const untouched = async (act: () => Promise<void>): Promise<void> => {
  const before = upstream.requests.length;
  await act();
  expect(upstream.requests).toHaveLength(before);
};

test.each([
  '{"message":"safe","message":"danger"}',
  '{"message":"safe","mess\\u0061ge":"danger"}',
  '{"message":"x","deep":{"k":1,"k":2}}',
  '{"message":"x","list":[{"k":1,"k":2}]}',
])('arguments with a duplicate key are 400: %s (MP-03)', (args) =>
  untouched(async () => {
    for (const [path, body] of bodies(args)) expect((await post(path, body)).status).toBe(400);
  }),
);

test('a duplicate key in the message, in params or in a management body is 400 (MP-03)', () =>
  untouched(async () => {
    for (const [path, body] of [
      ['/mcp-rest/tools/call', '{"name":"a.echo","name":"a.fail","arguments":{"message":"x"}}'],
      ['/mcp', '{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/list"}'],
      ['/mcp', '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a__echo","name":"a__fail"}}'],
    ] as const)
      expect((await post(path, body)).status).toBe(400);
    for (const path of ['/v1/keys', '/v1/teams'])
      expect((await post(path, '{"name":"a","name":"b"}', {}, org.adminKey)).status).toBe(400);
  }));

test('what the upstream gets is JSON written anew, not the caller’s text (MP-03)', async () => {
  const [[path, body]] = bodies('{ "message" :\t"\\u0068i" , "a\\u0062c": 1.50 }') as [[string, string]];
  expect((await post(path, body)).status).toBe(200);
  expect(upstream.requests.at(-1)?.body).toContain('"arguments":{"message":"hi","abc":1.5}');
});

test('a body over 1 MB is 413 before it is parsed, by every door (MP-05)', () =>
  untouched(async () => {
    const over = 1024 * 1024 + 1;
    for (const [path, body] of bodies('{"message":"')) {
      const answer = await post(path, body.replace('"message":"', `"message":"${'x'.repeat(over)}`));
      expect([answer.status, JSON.parse(await answer.text()).error !== undefined]).toEqual([413, true]);
    }
    expect((await post('/v1/keys', 'x'.repeat(over), {}, org.adminKey)).status).toBe(413);
    expect((await post('/mcp-rest/tools/call', ' '.repeat(over - 1))).status).toBe(400);
    const huge = await post('/mcp-rest/tools/call', 'x'.repeat(6 * 1024 * 1024));
    expect(huge.status).toBe(413);
  }));

test('a length that lies and a body without end do not get through (MP-05)', () =>
  untouched(async () => {
    const headers = [`Authorization: Bearer ${key}`, 'Content-Type: application/json'];
    const line = 'POST /mcp-rest/tools/call';
    const [[, body]] = bodies('{"message":"x"}') as [[string, string]];
    const short = await wire(gateway.url, line, [...headers, 'Content-Length: 10'], body);
    expect([400, 0]).toContain(short.status);
    const long = await wire(gateway.url, line, [...headers, 'Content-Length: 100000'], body, 500);
    expect(long.status).toBe(0);
    const both = ['Content-Length: 5', 'Transfer-Encoding: chunked'];
    expect((await wire(gateway.url, line, [...headers, ...both], '0\r\n\r\n')).status).toBe(400);
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const endless = await wire(gateway.url, line, [...headers, 'Transfer-Encoding: chunked'], chunk.repeat(200), 3_000);
    expect([413, 0]).toContain(endless.status);
    expect((await gateway.send('GET', '/health', '')).status).toBe(200);
  }));

test.each([
  ['110,000 keys', () => `{${Array.from({ length: 110_000 }, (_, at) => `"${at.toString(36)}":1`).join()}}`],
  ['a number of 100,000 digits', () => `{"message":${'9'.repeat(100_000)}}`],
  ['an exponent of 10,000 digits', () => `{"message":1e${'9'.repeat(10_000)}}`],
  ['65 levels of arrays', () => `{"message":${'['.repeat(65)}${']'.repeat(65)}}`],
  ['100,000 levels', () => `{"message":${'['.repeat(100_000)}`],
])('arguments with %s are 400 or 413 and the gateway lives (MP-07)', (_, args) =>
  untouched(async () => {
    for (const [path, body] of bodies(args())) expect([400, 413]).toContain((await post(path, body)).status);
  }),
);

test('a string of a megabyte is a call like any other, or too large (MP-07)', async () => {
  const [[path, body]] = bodies(`{"message":"${'x'.repeat(1_000_000)}"}`) as [[string, string]];
  expect((await post(path, body)).status).toBe(200);
});

test.each([
  '/a/%2e%2e/mcp',
  '/a/../mcp/../a/mcp',
  '//mcp',
  '/a//mcp',
  '/a;x/mcp',
  '/a/mcp;x',
  '/a%00/mcp',
  '/A/mcp',
  '/a/MCP',
  '/a/mcp/',
  '/mcp/',
  '/a/mcp/v1/',
  '/%61/mcp',
  '/a%2fmcp',
  '/a%252e/mcp',
  '/%c3%a4/mcp',
  '/a/mcp/v2',
  '/a/%6dcp',
  '/.well-known/mcp',
  '/oauth/mcp',
  '/v1/mcp',
  '/console/mcp',
  '/mcp/mcp',
])('the path %s is no door: 404 and no tool runs (MP-11)', (path) =>
  untouched(async () => {
    const headers = [`Authorization: Bearer ${key}`, 'Content-Type: application/json'];
    const params = { name: path.includes('/a') ? 'echo' : 'a__echo', arguments: { message: 'x' } };
    const call = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
    expect((await wire(gateway.url, `POST ${path}`, headers, call)).status).toBe(404);
    expect((await wire(gateway.url, `POST ${path}/tools/call`, headers, JSON.stringify(params))).status).toBe(404);
  }),
);

test.each([
  '{"__proto__":{"polluted":true}}',
  '{"message":"x","__proto__":{"polluted":true}}',
  '{"message":"x","a":{"__proto__":{"polluted":true}}}',
  '{"message":"x","constructor":{"prototype":{"polluted":true}}}',
  '{"message":"x","constructor.prototype":{"polluted":true}}',
  '{"message":"x","a":[{"\\u005f_proto__":{"polluted":true}}]}',
])('a key that reaches a prototype is 400 anywhere in arguments: %s (MP-20)', (args) =>
  untouched(async () => {
    for (const [path, body] of bodies(args)) expect((await post(path, body)).status).toBe(400);
  }),
);

test('a key that reaches a prototype is 400 in settings and query, and nothing is polluted (MP-20)', async () => {
  for (const [path, body] of [
    ['/v1/keys', '{"name":"k","object_permission":{"mcp_tool_permissions":{"__proto__":["echo"]}}}'],
    ['/v1/keys', '{"name":"k","__proto__":{"role":"operator"}}'],
    [
      '/v1/mcp/server',
      '{"alias":"p","url":"https://x.example.org/","auth_type":"none","static_headers":{"__proto__":"x"}}',
    ],
    ['/v1/mcp/server/import', '{"mcpServers":{"__proto__":{"url":"https://x.example.org/"}}}'],
  ] as const)
    expect((await post(path, body, {}, org.adminKey)).status).toBe(400);
  for (const query of ['__proto__=x', '__proto__[polluted]=1', 'constructor.prototype=x', 'constructor[prototype]=x'])
    expect((await gateway.send('GET', `/v1/mcp/tools?${query}`, key)).status).toBe(400);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  const echoed = await gateway.send('GET', '/v1/me', key);
  expect(echoed.text).not.toContain('polluted');
});

test('only JSON in UTF-8 is read: 415 or 400 for all else, by every door (MP-22)', () =>
  untouched(async () => {
    for (const [path, body] of bodies('{"message":"x"}')) {
      const status = async (type: string, sent: string | Buffer = body) =>
        (await post(path, sent, { 'content-type': type })).status;
      expect(await status('text/plain')).toBe(415);
      expect(await status('application/json; charset=utf-16')).toBe(415);
      expect(await status('application/x-www-form-urlencoded')).toBe(415);
      expect(await status('application/json, text/plain')).toBe(415);
      expect(await status('application/json', Buffer.from(`\ufeff${body}`))).toBe(400);
      expect(await status('application/json', Buffer.from(body, 'utf16le'))).toBe(400);
      const invalid = Buffer.concat([Buffer.from(body.slice(0, -3)), Buffer.from([0xc3, 0x28]), Buffer.from('"}}')]);
      expect(await status('application/json', invalid)).toBe(400);
      expect(await status('application/json', Buffer.from(body).toString('base64'))).toBe(400);
    }
  }));

test('a body with every plane of Unicode arrives as it was sent (MP-22)', async () => {
  const message = 'é \u{1f600} \u0000 \u{10ffff} \u2028';
  const answer = await gateway.send('POST', '/mcp-rest/tools/call', key, { name: 'a.echo', arguments: { message } });
  expect(answer.body['content']).toEqual([{ type: 'text', text: message }]);
  const typed = { 'content-type': 'Application/JSON; Charset="UTF-8"' };
  const [[path, body]] = bodies('{"message":"ü"}') as [[string, string]];
  expect((await post(path, body, typed)).status).toBe(200);
});
