import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Gateway, startGateway } from '../../../local/gateway.ts';
import { writeAssembly } from '../fixture/assembly.ts';
import { manualClock } from '../manual-clock.ts';

const clock = manualClock();
let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway({ assembly: writeAssembly(), clock });
});
afterAll(() => gateway.close());

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly json: any;
}

/** Sends a path as it is written: `fetch` would normalise it. */
const send = (method: string, path: string, headers: readonly string[] = [], body?: string | Buffer) =>
  new Promise<Answer>((resolve, reject) => {
    const sent = request(
      gateway.url,
      { method, path, headers: ['Host', 'client.example', ...headers] },
      async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk as Buffer);
        const text = Buffer.concat(chunks).toString('latin1');
        resolve({
          status: response.statusCode!,
          headers: response.headers,
          text,
          get json() {
            return JSON.parse(text);
          },
        });
      },
    );
    sent.on('error', reject).end(body);
  });
const bytes = (body: string) => ['Content-Length', String(Buffer.byteLength(body))];
const tell = (answer: unknown) => {
  const body = JSON.stringify({ answer });
  return send('POST', '/open', bytes(body), body);
};

test('a path whose literal resource lacks the verb falls through to the variable one, before authorization', async () => {
  expect((await send('GET', '/v1/mcp')).json.event.resource).toBe('/v1/mcp');
  expect((await send('POST', '/v1/mcp')).status).toBe(401);
  const fallen = await send('POST', '/v1/mcp', ['Authorization', 'allow']);
  expect(fallen.json.event).toMatchObject({ resource: '/{set}/mcp', path: '/v1/mcp', pathParameters: { set: 'v1' } });
});

test('an unmatched path or verb is answered by the template, without an authorizer', async () => {
  for (const [verb, path] of [
    ['GET', '/nowhere'],
    ['DELETE', '/v1/mcp'],
    ['GET', '/'],
  ] as const) {
    const answer = await send(verb, path);
    expect(answer.status).toBe(404);
    expect(answer.json.error).toEqual({
      message: 'Missing Authentication Token',
      code: 'not_found',
      request_id: answer.headers['x-amzn-requestid'],
    });
  }
});

test('ANY serves the seven verbs of API Gateway', async () => {
  expect((await send('PATCH', '/open')).status).toBe(200);
  expect((await send('TRACE', '/open')).status).toBe(404);
});

test('X-HTTP-Method-Override decides the method', async () => {
  expect((await send('POST', '/v1/mcp', ['X-HTTP-Method-Override', 'GET'])).json.event.httpMethod).toBe('GET');
});

test('MP-11: paths reach the function as sent, parameters decoded once', async () => {
  const { event } = (await send('GET', '/open/%252e%2e%20a?x=%20b&x=2')).json;
  expect(event.path).toBe('/open/%252e%2e%20a');
  expect(event.pathParameters).toEqual({ name: '%2e. a' });
  expect(event.queryStringParameters).toEqual({ x: '2' });
  expect(event.multiValueQueryStringParameters).toEqual({ x: [' b', '2'] });
  expect((await send('GET', '/open/%zz')).status).toBe(400);
});

test('MP-21: repeated headers keep all values in multiValueHeaders and the last in headers', async () => {
  const { event } = (await send('GET', '/open', ['X-Key', 'a', 'x-key', 'b'])).json;
  expect(event.multiValueHeaders['X-Key']).toEqual(['a', 'b']);
  expect(event.headers['X-Key']).toBe('b');
});

test('AU-17: the origin sees the API host name, whatever the client sent', async () => {
  const { event } = (await send('GET', '/open', ['X-Forwarded-Host', 'x', 'Connection', 'close'])).json;
  expect(event.multiValueHeaders['Host']).toEqual(['api.execute-api.us-east-1.amazonaws.com']);
  expect(event.headers['X-Forwarded-Proto']).toBe('https');
  expect(event.headers['Connection']).toBeUndefined();
});

test('the door adds the origin secret and drops the one a client sends', async () => {
  const { event } = (await send('GET', '/open', ['X-Origin-Secret', 'guess'])).json;
  expect(event.headers['X-Origin-Secret']).toBeUndefined();
  expect(event.multiValueHeaders['x-origin-secret']).toEqual([expect.stringMatching(/^[A-Za-z0-9]{40}$/)]);
});

test('bodies arrive in base64, and base64 answers leave as bytes', async () => {
  const body = '{"caf\u00e9":"\\u0000"}';
  const { event } = (await send('POST', '/guarded', ['Authorization', 'allow', ...bytes(body)], body)).json;
  expect(event.isBase64Encoded).toBe(true);
  expect(Buffer.from(event.body, 'base64').toString()).toBe(body);
  const binary = await tell({
    statusCode: 201,
    body: Buffer.from([0, 255, 1]).toString('base64'),
    isBase64Encoded: true,
  });
  expect([binary.status, binary.text]).toEqual([201, '\u0000\u00ff\u0001']);
});

test('WWW-Authenticate of an integration is renamed, that of a gateway response is not', async () => {
  const answer = await tell({
    statusCode: 401,
    headers: { 'WWW-Authenticate': 'Bearer', Server: 'mine', 'content-length': '999' },
    multiValueHeaders: { 'X-Two': ['1', '2'], 'Set-Cookie': ['a=1', 'b=2'] },
  });
  expect(answer.headers).toMatchObject({
    'x-amzn-remapped-www-authenticate': 'Bearer',
    'x-amzn-remapped-server': 'mine',
    'x-two': '1, 2',
    'set-cookie': ['a=1', 'b=2'],
    'content-type': 'application/json',
  });
  expect(answer.headers['www-authenticate']).toBeUndefined();
  expect((await send('GET', '/guarded')).headers['www-authenticate']).toBe('Bearer');
});

test('a malformed proxy answer is 502', async () => {
  for (const answer of [
    'text',
    { body: 'x' },
    { statusCode: 200, body: { a: 1 } },
    { statusCode: 200, extra: 1 },
    null,
  ])
    expect((await tell(answer)).status).toBe(502);
});

test('LK-11: a header that would split the answer makes it malformed', async () => {
  expect((await tell({ statusCode: 200, headers: { 'x-name': 'a\r\nset-cookie: b=1' } })).status).toBe(502);
});

test('AU-02: each outcome of the authorizer has its gateway response', async () => {
  const status = async (word: string) => (await send('GET', '/guarded', ['Authorization', word])).status;
  expect((await send('GET', '/guarded')).status).toBe(401);
  expect(await status('broken')).toBe(503);
  expect(await status('nested')).toBe(500);
  const denied = await send('GET', '/guarded', ['Authorization', 'deny']);
  expect([denied.status, denied.headers['www-authenticate']]).toEqual([401, 'Bearer realm="set"']);
  const elsewhere = await send('GET', '/guarded', ['Authorization', 'elsewhere']);
  expect([elsewhere.status, elsewhere.headers['www-authenticate']]).toEqual([401, undefined]);
  const { event } = (await send('GET', '/guarded', ['Authorization', 'allow'])).json;
  expect(event.requestContext.authorizer).toEqual({ org: 'default', level: '3', live: 'true', principalId: 'caller' });
});

test('a usage plan throttles by a token bucket and ends at its quota until the next UTC day', async () => {
  const post = (key: string) => send('POST', '/metered', ['Authorization', 'allow', 'x-usage-key', key]);
  const statuses = async (count: number) => {
    const seen: number[] = [];
    for (let call = 0; call < count; call += 1) seen.push((await post('tier-free-0123456789')).status);
    return seen;
  };
  expect((await post('unknown')).status).toBe(403);
  expect((await send('POST', '/metered', ['Authorization', 'allow'])).status).toBe(403);
  expect(await statuses(3)).toEqual([200, 200, 429]);
  clock.advance(1_000);
  const throttled = [...(await statuses(1)), (await post('tier-free-0123456789')).headers['retry-after']];
  expect(throttled).toEqual([200, '1']);
  clock.advance(60_000);
  expect(await statuses(2)).toEqual([200, 200]);
  clock.advance(60_000);
  const over = await post('tier-free-0123456789');
  expect([over.status, over.json.message]).toEqual([429, 'Limit Exceeded']);
  clock.advance(86_400_000);
  expect(await statuses(1)).toEqual([200]);
});

test('MP-05: header block and body have API Gateway limits', async () => {
  expect((await send('GET', '/open', ['x-filler', 'a'.repeat(9_000)])).status).toBe(200);
  expect((await send('GET', '/open', ['x-filler', 'a'.repeat(10_240)])).status).toBe(413);
  expect((await send('POST', '/open', ['Transfer-Encoding', 'chunked'], Buffer.alloc(11 * 1024 * 1024))).status).toBe(
    413,
  );
  expect((await send('POST', '/open', ['Transfer-Encoding', 'chunked'], Buffer.alloc(5 * 1024 * 1024))).status).toBe(
    413,
  );
});

test('a buffered integration ends at its own timeout with 504', async () => {
  expect((await send('GET', '/slow')).status).toBe(504);
});
