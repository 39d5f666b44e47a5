import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { legacyRequest, modernRequest, restCall } from '../support/doors.ts';
import { type FickleUpstream, fickleUpstream, plainTool, reply } from '../support/fickle.ts';
import { type Json, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { newOrg, type TestOrg } from '../support/org.ts';
import { type LegacyUpstream, legacyUpstream } from '../support/upstreams/legacy.ts';
import { redirectingUpstream } from '../support/upstreams/raw.ts';

let gateway: TestGateway;
let org: TestOrg;
let upstream: FickleUpstream;
let sessions: LegacyUpstream;
let key: string;

beforeAll(async () => {
  [gateway, upstream, sessions] = await Promise.all([startTestGateway(), fickleUpstream(), legacyUpstream()]);
  org = await newOrg(gateway);
  upstream.tools = [plainTool('run')];
  const fields = { auth_type: 'bearer_token', credentials: { secret: 'bearer-of-fickle' }, timeout_ms: 1_500 };
  await org.server('fickle', upstream.url, fields);
  await org.server('sessions', sessions.url);
  key = (await org.key({ object_permission: { mcp_servers: ['*'] } }))['key'];
});
afterAll(() => Promise.all([gateway.close(), upstream.close(), sessions.close()]));

/** What REST and both eras of MCP say of a call: status and code of each. */
async function called(name = 'fickle.run'): Promise<Json> {
  const params = { name: name.replace('.', '__'), arguments: {} };
  const [rest, legacy, modern] = await Promise.all([
    restCall(gateway, { key }, name),
    legacyRequest(gateway, { key }, 'tools/call', params),
    modernRequest(gateway, { key }, 'tools/call', params),
  ]);
  const code = ({ body }: { body: Json }) => body['error']?.code;
  return {
    rest: [rest.status, code(rest)],
    mcp: [legacy, modern].map((one) => [one.status, one.body['error']?.data?.code]),
    text: rest.text + legacy.text + modern.text,
  };
}
const json = { 'content-type': 'application/json' };
const events = (response: ServerResponse, ...messages: Json[]) =>
  response
    .writeHead(200, { 'content-type': 'text/event-stream' })
    .end(messages.map((message) => `data: ${JSON.stringify({ jsonrpc: '2.0', ...message })}\n\n`).join(''));
const done = { result: { content: [{ type: 'text', text: 'fine' }] } };
const big = 6_000_000;
const bigCompressed = gzipSync(Buffer.alloc(big, ' '));

const failing: readonly [string, number, string, FickleUpstream['onCall']][] = [
  ['answers 500', 502, 'upstream_refused', (response) => response.writeHead(500).end('boom')],
  ['answers 403', 502, 'upstream_denied', (response) => response.writeHead(403).end('no')],
  ['answers 401', 502, 'upstream_auth_failed', (response) => response.writeHead(401).end('who?')],
  ['hangs up', 502, 'upstream_refused', (response) => response.destroy()],
  ['never answers', 504, 'upstream_timeout', () => undefined],
  [
    'stops in the middle',
    504,
    'upstream_timeout',
    (response) => response.writeHead(200, json).write('{"jsonrpc":"2.0",'),
  ],
  ['sends HTML', 502, 'upstream_protocol', (response) => response.writeHead(200).end('<html>hello</html>')],
  [
    'sends over 5 MB',
    502,
    'upstream_too_large',
    (response, { id }) => reply(response, { id, result: { content: [{ type: 'text', text: 'x'.repeat(big) }] } }),
  ],
  [
    'sends over 5 MB compressed',
    502,
    'upstream_too_large',
    (response) => response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(bigCompressed),
  ],
  ['answers another id (MP-18)', 502, 'upstream_protocol', (response) => reply(response, { id: 424242, ...done })],
  [
    'answers with both result and error (MP-18)',
    502,
    'upstream_protocol',
    (response, { id }) => reply(response, { id, ...done, error: { code: -32603, message: 'both' } }),
  ],
  ['answers with neither (MP-18)', 502, 'upstream_protocol', (response, { id }) => reply(response, { id })],
  [
    'sends content that is no list',
    502,
    'upstream_protocol',
    (response, { id }) => reply(response, { id, result: { content: 'text' } }),
  ],
  [
    'asks the caller for input',
    502,
    'upstream_protocol',
    (response, { id }) => reply(response, { id, result: { resultType: 'input_required', inputRequests: {} } }),
  ],
];

test.each(failing)('an upstream that %s is %i %s, by REST and in-band by MCP', async (_, status, code, onCall) => {
  upstream.onCall = onCall;
  const seen = await called();
  expect(seen['rest']).toEqual([status, code]);
  expect(seen['mcp']).toEqual([
    [200, code],
    [200, code],
  ]);
  expect(seen['text']).not.toMatch(/127\.0\.0\.1|bearer-of-fickle|boom|<html>| at .*\.ts/);
});

test('of two answers to one request the first counts, and {} without resultType is complete (MP-18)', async () => {
  upstream.onCall = (response, { id }) => events(response, { id, ...done }, { id, result: { content: [] } });
  const first = await restCall(gateway, { key }, 'fickle.run');
  expect(first.body['content']).toEqual(done.result.content);
  upstream.onCall = (response, { id }) =>
    events(response, { method: 'notifications/progress' }, { id: 9e9 }, { id, ...done });
  expect((await restCall(gateway, { key }, 'fickle.run')).body['content']).toEqual(done.result.content);
  upstream.onCall = (response, { id }) => reply(response, { id, result: {} });
  expect((await restCall(gateway, { key }, 'fickle.run')).body).toEqual({ content: [], isError: false });
});

test('an error of the tool’s own server is a failed tool and no error of the gateway', async () => {
  upstream.onCall = (response, { id }) => reply(response, { id, error: { code: -32602, message: 'bad repo name' } });
  const rest = await restCall(gateway, { key }, 'fickle.run');
  expect([rest.status, rest.body]).toEqual([
    200,
    { content: [{ type: 'text', text: 'bad repo name' }], isError: true },
  ]);
});

test.each([301, 302, 303, 307, 308])(
  'a redirect by %i is not followed and the bearer is seen once only (SS-13)',
  async (status) => {
    const target = await fickleUpstream();
    try {
      upstream.onCall = (response) => response.writeHead(status, { location: target.url }).end();
      const before = upstream.requests.length;
      const rest = await restCall(gateway, { key }, 'fickle.run');
      expect([rest.status, rest.body['error'].code]).toEqual([502, 'upstream_redirect']);
      expect(upstream.requests.length - before).toBe(1);
      expect(target.requests).toHaveLength(0);
    } finally {
      await target.close();
    }
  },
);

test('a server that redirects cannot be pinned: it is saved inactive with the reason (SS-13)', async () => {
  const target = await fickleUpstream();
  const redirecting = await redirectingUpstream(307, target.url);
  try {
    const fields = { auth_type: 'bearer_token', credentials: { secret: 'never-forwarded' } };
    const server = await org.server('redirects', redirecting.url, fields);
    expect(server).toMatchObject({ status: 'inactive', status_reason: expect.stringContaining('redirect') });
    expect(target.requests).toHaveLength(0);
  } finally {
    await Promise.all([target.close(), redirecting.close()]);
  }
});

test('an upstream that is gone is 502, and one that lost its sessions is met again', async () => {
  const gone = await fickleUpstream();
  const own = await newOrg(gateway);
  await own.server('gone', gone.url);
  const as = (await own.key({ object_permission: { mcp_servers: ['*'] } }))['key'];
  expect((await restCall(gateway, { key: as }, 'gone.run')).status).toBe(200);
  await gone.close();
  const refused = await restCall(gateway, { key: as }, 'gone.run');
  expect([refused.status, refused.body['error'].code]).toEqual([502, 'upstream_refused']);
  expect((await gateway.send('GET', '/mcp-rest/tools/list', as)).body['tools']).toHaveLength(1);
  const add = () => restCall(gateway, { key }, 'sessions.add', { a: 1, b: 2 });
  expect((await add()).status).toBe(200);
  sessions.forget();
  expect((await add()).body['content']).toEqual([{ type: 'text', text: '3' }]);
});

test('a request that this gateway sent is refused when it comes back (SS-20, CL-20)', async () => {
  for (const [method, path] of [
    ['GET', '/v1/me'],
    ['GET', '/mcp-rest/tools/list'],
    ['GET', '/health'],
  ] as const) {
    const answer = await gateway.send(method, path, key, undefined, { 'x-xct-hop': '1' });
    expect([answer.status, answer.body['error'].details.rule]).toEqual([403, 'hop']);
  }
  const mcp = await legacyRequest(gateway, { key, headers: { 'x-xct-hop': '1' } }, 'tools/list');
  expect(mcp.status).toBe(403);
  expect(upstream.requests.every(({ headers }) => headers['x-xct-hop'] === '1')).toBe(true);
});
