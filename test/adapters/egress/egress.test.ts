import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, expect, test } from '@jest/globals';
import { type Outgoing, openEgress } from '../../../lambdas/adapters/egress/egress.ts';
import { publicUpstream } from '../../support/upstreams/public.ts';
import { hugeUpstream, rawUpstream, redirectingUpstream, silentUpstream } from '../../support/upstreams/raw.ts';

process.env['LOOPBACK_UPSTREAMS'] = 'allow';
const running: { close(): Promise<void> }[] = [];
afterEach(() => Promise.all(running.splice(0).map((server) => server.close())));
const started = async <T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
  const server = await starting;
  running.push(server);
  return server;
};
const post = (url: string, more: Partial<Outgoing> = {}): Outgoing => ({
  url,
  method: 'POST',
  headers: {},
  body: '{}',
  ...more,
});
const codeOf = (result: { ok: boolean; refusal?: { code: string } }) => result.refusal?.code;

test('status, headers and text of an answer arrive; the connection is used again', async () => {
  const ports = new Set<number | undefined>();
  const server = await started(
    rawUpstream((request, response, seen) => {
      ports.add(request.socket.remotePort);
      response.writeHead(418, { 'X-Shown': 'yes' }).end(`got ${seen.body}`);
    }),
  );
  const { send } = openEgress();
  for (let i = 0; i < 3; i++) {
    const answer = await send(post(server.url, { body: '{"ü":1}' }));
    if (!answer.ok) throw new Error(answer.refusal.code);
    expect([answer.value.status, answer.value.headers['x-shown']]).toEqual([418, 'yes']);
    expect(await answer.value.text()).toEqual({ ok: true, value: 'got {"ü":1}' });
  }
  expect(ports.size).toBe(1);
});

test('a connection idle for more than four seconds is not used again', async () => {
  const ports = new Set<number | undefined>();
  const server = await started(
    rawUpstream((request, response) => {
      ports.add(request.socket.remotePort);
      response.end();
    }),
  );
  let now = 0;
  const { send } = openEgress({ now: () => now });
  for (now of [0, 3999, 20_000]) {
    const answer = await send(post(server.url));
    if (answer.ok) await answer.value.text();
    await new Promise(setImmediate);
  }
  expect(ports.size).toBe(2);
});

test('SS-20 headers of the connection and the hop mark are ours, never the caller’s', async () => {
  const server = await started(rawUpstream((_request, response) => response.end()));
  const headers = {
    Host: 'evil.com',
    'X-XCT-Hop': '0',
    Connection: 'close',
    'Accept-Encoding': 'zstd',
    TE: 'x',
    'X-Ok': 'a',
  };
  await openEgress().send(post(server.url, { headers }));
  expect(server.requests[0]!.headers).toEqual({
    host: new URL(server.url).host,
    'user-agent': 'xcity-mcp-gateway',
    'x-ok': 'a',
    'x-xct-hop': '1',
    'accept-encoding': 'gzip, br',
    'content-length': '2',
    connection: 'keep-alive',
  });
});

test('SS-06 a name is looked up once, the good address is dialled, SNI and Host keep the name', async () => {
  const answers = [['8.8.8.8'], ['127.0.0.1']];
  const server = await started(publicUpstream(['mcp.acme.com'], { addresses: () => answers.shift() ?? [] }));
  const { send } = openEgress(server.wires);
  const answer = await send(post('https://mcp.acme.com/mcp'));
  expect(answer.ok && (await answer.value.text())).toEqual({ ok: true, value: '{}' });
  expect(server.lookups).toEqual(['mcp.acme.com']);
  expect(server.dialled).toEqual(['8.8.8.8:443']);
  expect(server.requests).toEqual([{ host: 'mcp.acme.com', sni: 'mcp.acme.com', path: '/mcp' }]);
});

test('SS-06 a name with one inner address among its answers is not dialled', async () => {
  const server = await started(publicUpstream(['mcp.acme.com'], { addresses: () => ['8.8.8.8', '127.0.0.1'] }));
  expect(codeOf(await openEgress(server.wires).send(post('https://mcp.acme.com/mcp')))).toBe('upstream_refused');
  expect(server.dialled).toEqual([]);
});

test('SS-07 a socket whose peer is 127.0.0.1 is destroyed before any byte', async () => {
  const server = await started(publicUpstream(['mcp.acme.com'], { peer: () => '127.0.0.1' }));
  expect(codeOf(await openEgress(server.wires).send(post('https://mcp.acme.com/mcp')))).toBe('upstream_refused');
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(server.connections.map((socket) => socket.bytesRead)).toEqual([0]);
  expect(server.requests).toEqual([]);
});

test('SS-13 redirects are not followed, and the bearer is seen once only', async () => {
  for (const status of [301, 302, 303, 307, 308]) {
    const server = await started(
      publicUpstream(['a.acme.com', 'b.acme.com'], {
        answer: (_request, response) => response.writeHead(status, { location: 'https://b.acme.com/' }).end(),
      }),
    );
    const headers = { authorization: 'Bearer canary' };
    expect(codeOf(await openEgress(server.wires).send(post('https://a.acme.com/', { headers })))).toBe(
      'upstream_redirect',
    );
    expect(server.requests).toEqual([
      { host: 'a.acme.com', sni: 'a.acme.com', path: '/', authorization: 'Bearer canary' },
    ]);
  }
  const plain = await started(redirectingUpstream(302, 'https://b.acme.com/'));
  expect(codeOf(await openEgress().send(post(plain.url)))).toBe('upstream_redirect');
});

test('a certificate of another host, or of nobody known, is refused and no header is sent', async () => {
  const server = await started(publicUpstream(['other.acme.com']));
  const { ca: _unknown, ...withoutCa } = server.wires;
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
  try {
    expect(codeOf(await openEgress(server.wires).send(post('https://mcp.acme.com/')))).toBe('upstream_refused');
    expect(codeOf(await openEgress(withoutCa).send(post('https://other.acme.com/')))).toBe('upstream_refused');
  } finally {
    delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
  }
  expect(server.requests).toEqual([]);
});

test('gzip and brotli are decoded; another encoding and a broken one are refused', async () => {
  const bodies = new Map<string, Buffer>([
    ['gzip', gzipSync('hello')],
    ['br', brotliCompressSync('hello')],
  ]);
  const server = await started(
    rawUpstream((_request, response, { body }) =>
      response
        .writeHead(200, { 'content-encoding': body.replace('broken', 'gzip') })
        .end(bodies.get(body) ?? 'not gzip at all'),
    ),
  );
  const read = async (body: string) => {
    const answer = await openEgress().send(post(server.url, { body }));
    const text = answer.ok ? await answer.value.text() : answer;
    return text.ok ? text.value : text.refusal.code;
  };
  expect(await Promise.all(['gzip', 'br'].map(read))).toEqual(['hello', 'hello']);
  for (const encoding of ['zstd', 'broken', 'constructor', '__proto__', 'gzip, gzip'])
    expect(await read(encoding)).toBe('upstream_protocol');
});

test('an answer over the cap ends as upstream_too_large, plain or as a gzip bomb, whole or in pieces', async () => {
  for (const compressed of [false, true]) {
    const server = await started(hugeUpstream(50_000_000, compressed));
    const { send } = openEgress();
    const whole = await send(post(server.url));
    expect(codeOf(whole.ok ? await whole.value.text() : whole)).toBe('upstream_too_large');
    const pieces = await send(post(server.url));
    if (!pieces.ok) throw new Error('no answer');
    let bytes = 0;
    for (;;) {
      const piece = await pieces.value.next();
      if (!piece.ok || piece.value === undefined) {
        expect(codeOf(piece)).toBe('upstream_too_large');
        break;
      }
      bytes += piece.value.length;
    }
    expect(bytes).toBeLessThanOrEqual(5_000_000);
  }
});

test('slow headers, a slow body, a lost connection and an abort end as refusals', async () => {
  const silent = await started(silentUpstream());
  const slow = await started(rawUpstream((_request, response) => response.write('{')));
  const lost = await started(rawUpstream((request) => request.socket.destroy()));
  const { send } = openEgress();
  expect(codeOf(await send(post(silent.url, { timeoutMs: 50 })))).toBe('upstream_timeout');
  const begun = await send(post(slow.url, { timeoutMs: 50 }));
  expect(codeOf(begun.ok ? await begun.value.text() : begun)).toBe('upstream_timeout');
  expect(codeOf(await send(post(lost.url)))).toBe('upstream_refused');
  expect(codeOf(await send(post('http://127.0.0.1:4999/')))).toBe('upstream_refused');
  const leaving = new AbortController();
  const left = send(post(silent.url, { signal: leaving.signal }));
  leaving.abort();
  expect(codeOf(await left)).toBe('upstream_timeout');
  expect(codeOf(await send(post(silent.url, { signal: leaving.signal })))).toBe('upstream_timeout');
});

test('a lookup that hangs or fails, and a server that switches protocols, end as refusals', async () => {
  const hanging = openEgress({ lookup: () => new Promise(() => {}) });
  expect(codeOf(await hanging.send(post('https://mcp.acme.com/', { timeoutMs: 30 })))).toBe('upstream_timeout');
  const failing = openEgress({ lookup: () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' })) });
  expect(await failing.send(post('https://mcp.acme.com/'))).toEqual({
    ok: false,
    refusal: { code: 'upstream_refused', message: 'The connection to the server failed (ENOTFOUND).', sent: false },
  });
  const nowhere = openEgress({ lookup: async () => [] });
  expect(codeOf(await nowhere.send(post('https://mcp.acme.com/')))).toBe('upstream_refused');
  const switching = await started(
    rawUpstream((request) =>
      request.socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
    ),
  );
  expect(codeOf(await openEgress().send(post(switching.url)))).toBe('upstream_protocol');
});

test('an answer with too many headers, or that is no HTTP, is upstream_protocol', async () => {
  for (const answer of [`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(70_000)}\r\n\r\n`, 'SSH-2.0-OpenSSH_9.6\r\n']) {
    const server = await started(rawUpstream((request) => request.socket.end(answer)));
    expect(codeOf(await openEgress().send(post(server.url)))).toBe('upstream_protocol');
  }
});
