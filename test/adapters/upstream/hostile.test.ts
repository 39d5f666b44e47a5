import { afterEach, expect, test } from '@jest/globals';
import { httpUpstream } from '../../../lambdas/adapters/upstream/upstream.ts';
import { credentialHash, guardedUpstream } from '../../support/upstreams/guarded.ts';
import {
  echoingUpstream,
  rawUpstream,
  redirectingUpstream,
  rpcUpstream,
  silentUpstream,
} from '../../support/upstreams/raw.ts';
import { callTool, said, started, stopAll, targetOf } from './target.ts';

afterEach(stopAll);
const modern = { protocolVersion: '2026-07-28' };
const rpc = (id: unknown, rest: object) => ({ jsonrpc: '2.0', id, ...rest });

/** Calls a tool of a modern server that answers with what `reply` makes of the request's id. */
async function callAt(reply: (id: unknown) => unknown, more = {}) {
  const server = await started(rpcUpstream(({ id }) => reply(id)));
  return callTool(httpUpstream(), targetOf(server.url, { ...modern, ...more }), { name: 't', arguments: {} });
}
const protocol = { ok: false, refusal: { code: 'upstream_protocol' } };

test('MP-18 an answer with another id, with both result and error, or with neither is refused', async () => {
  expect(await callAt(() => rpc(99_999, { result: said('x') }))).toMatchObject(protocol);
  expect(await callAt((id) => rpc(String(id), { result: said('x') }))).toMatchObject(protocol);
  expect(await callAt((id) => rpc(id, { result: said('x'), error: { code: -32603, message: 'm' } }))).toMatchObject(
    protocol,
  );
  expect(await callAt((id) => rpc(id, {}))).toMatchObject(protocol);
  expect(await callAt((id) => rpc(id, { result: 'x' }))).toMatchObject(protocol);
  expect(await callAt(() => [])).toMatchObject(protocol);
});

test('MP-18 of two answers the first counts, and messages for others are passed over', async () => {
  const stream = (id: unknown) => [
    { jsonrpc: '2.0', method: 'notifications/progress', params: {} },
    rpc('server-1', { method: 'ping' }),
    rpc(99_999, { result: said('other') }),
    rpc(id, { result: said('first') }),
    rpc(id, { result: said('second') }),
  ];
  expect(await callAt(stream)).toEqual({ ok: true, value: said('first') });
});

test('MP-18 a result without resultType is complete, even an empty one', async () => {
  expect(await callAt((id) => rpc(id, { result: {} }))).toEqual({
    ok: true,
    value: { resultType: 'complete', content: [] },
  });
});

test('other kinds of result are refused', async () => {
  for (const asks of [{}, { inputRequests: [] }, { inputRequests: {}, requestState: 7 }, { requestState: {} }])
    expect(await callAt((id) => rpc(id, { result: { ...asks, resultType: 'input_required' } }))).toMatchObject(
      protocol,
    );
  expect(await callAt((id) => rpc(id, { result: { ...said('x'), resultType: 'task' } }))).toMatchObject(protocol);
  expect(await callAt((id) => rpc(id, { result: { content: 'x' } }))).toMatchObject(protocol);
});

test('an error of the tool is a failed result, an error of the protocol is a refusal', async () => {
  for (const code of [-32602, -32603, -32050, 7])
    expect(await callAt((id) => rpc(id, { error: { code, message: 'Unknown tool: t' } }))).toEqual({
      ok: true,
      value: { ...said('Unknown tool: t'), isError: true },
    });
  for (const code of [-32700, -32600, -32601, -32000, -32020])
    expect(await callAt((id) => rpc(id, { error: { code, message: 'no' } }))).toMatchObject(protocol);
});

test('CL-18 integers that a double cannot hold, and unknown fields, pass unchanged', async () => {
  const body = '{"content":[],"structuredContent":{"n":12345678901234567890,"x":{"y":[1e2]}},"later":true}';
  const server = await started(
    rawUpstream((_request, response, seen) =>
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(`{"jsonrpc":"2.0","id":${JSON.parse(seen.body).id},"result":${body}}`),
    ),
  );
  const result = await callTool(httpUpstream(), targetOf(server.url, { ...modern, secrets: ['later!'] }), {
    name: 't',
    arguments: {},
  });
  expect(JSON.stringify(result.ok && result.value)).toContain('"n":12345678901234567890');
  expect(result).toMatchObject({ ok: true, value: { later: true } });
});

test('LK-02 a credential that the server repeats is scrubbed from results and error texts', async () => {
  const secret = 'canary/"secret"';
  const more = { headers: { Authorization: `Bearer ${secret}` }, secrets: [secret] };
  const spellings = [JSON.stringify(secret), JSON.stringify(secret).replace('/', '\\/'), '"\\u0063anary/\\"secret\\""'];
  for (const spelling of spellings) {
    const server = await started(
      rawUpstream((_request, response, seen) =>
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(
            `{"jsonrpc":"2.0","id":${JSON.parse(seen.body).id},"result":{"content":[],"x":{${spelling}:[${spelling}]}}}`,
          ),
      ),
    );
    const result = await callTool(httpUpstream(), targetOf(server.url, { ...modern, ...more }), {
      name: 't',
      arguments: {},
    });
    expect(result).toEqual({
      ok: true,
      value: { resultType: 'complete', content: [], x: { '[secret]': ['[secret]'] } },
    });
  }
  for (const status of [200, 400, 401, 403, 500]) {
    const server = await started(echoingUpstream(status));
    const result = await callTool(httpUpstream(), targetOf(server.url, { ...modern, ...more }), {
      name: 't',
      arguments: {},
    });
    expect(JSON.stringify(result)).not.toContain('canary');
  }
});

test('401 is told apart from 403, and neither asks a second time', async () => {
  const server = await started(guardedUpstream({ auth_type: 'bearer_token', secret: 'right' }));
  const upstream = httpUpstream();
  const call = (secret: string) =>
    callTool(upstream, targetOf(server.url, { session: secret, headers: { Authorization: `Bearer ${secret}` } }), {
      name: 'whoami',
      arguments: {},
    });
  expect(await call('right')).toMatchObject({
    ok: true,
    value: { structuredContent: { sha256: credentialHash('Bearer right') } },
  });
  server.requests.length = 0;
  expect(await call('wrong')).toMatchObject({
    ok: false,
    refusal: { code: 'upstream_auth_failed', unauthorized: true },
  });
  expect(await upstream.read(targetOf(server.url))).toMatchObject({ ok: false, refusal: { unauthorized: true } });
  expect(server.requests).toHaveLength(2);
  const denied = await started(echoingUpstream(403));
  expect(await upstream.read(targetOf(denied.url))).toMatchObject({ ok: false, refusal: { code: 'upstream_denied' } });
  server.rotate({ auth_type: 'bearer_token', secret: 'newer' });
  expect(await call('right')).toMatchObject({ ok: false, refusal: { unauthorized: true } });
});

test('SS-13 a redirecting server is refused, and a slow or broken one ends in its own code', async () => {
  const call = async (server: { url: string }) => {
    const result = await callTool(httpUpstream(), targetOf(server.url, { timeoutMs: 100 }), {
      name: 't',
      arguments: {},
    });
    return result.ok ? 'ok' : result.refusal.code;
  };
  const elsewhere = await started(rawUpstream((_request, response) => response.end()));
  const moved = await started(redirectingUpstream(307, elsewhere.url));
  expect(await call(moved)).toBe('upstream_redirect');
  expect([moved.requests.length, elsewhere.requests.length]).toEqual([1, 0]);
  expect(await call(await started(silentUpstream()))).toBe('upstream_timeout');
  const down = await started(rawUpstream((_request, response) => response.writeHead(503).end('down')));
  expect(await call(down)).toBe('upstream_refused');
  const web = await started(rawUpstream((_request, response) => response.end('<html>')));
  expect(await call(web)).toBe('upstream_protocol');
});

/** Reads the tools of a modern server whose tools/list answers with `page` of a cursor. */
async function readPages(page: (cursor: unknown) => object) {
  const server = await started(
    rpcUpstream(({ id, method, params }) =>
      rpc(id, {
        result: method === 'server/discover' ? { supportedVersions: ['2026-07-28'] } : page(params['cursor']),
      }),
    ),
  );
  return { server, read: await httpUpstream().read(targetOf(server.url)) };
}
const tools = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => ({ name: `t${from + i}`, inputSchema: { type: 'object' } }));

test('TD-12 pages are followed up to 256 tools, more are refused', async () => {
  const paged = await readPages((cursor) =>
    cursor ? { tools: tools(128, 128) } : { tools: tools(128), nextCursor: 'b' },
  );
  expect(paged.read).toMatchObject({ ok: true, value: { snapshot: { tools: tools(256) } } });
  const many = await readPages(() => ({ tools: tools(5000) }));
  expect(many.read).toMatchObject({ ok: false, refusal: { code: 'upstream_too_large' } });
});

test('TD-12 the same cursor twice and a list without end are refused', async () => {
  const looping = await readPages((cursor) => ({ tools: [], nextCursor: cursor === 'a' ? 'b' : 'a' }));
  expect(looping.read).toMatchObject(protocol);
  expect(looping.server.requests).toHaveLength(4);
  let page = 0;
  const endless = await readPages(() => ({ tools: [], nextCursor: `c${page++}` }));
  expect(endless.read).toMatchObject({ ok: false, refusal: { code: 'upstream_too_large' } });
  expect(endless.server.requests).toHaveLength(101);
});

test('a list that is no list of tools is refused', async () => {
  for (const listed of [undefined, {}, [1], [{ name: 1 }], [null]])
    expect((await readPages(() => ({ tools: listed }))).read).toMatchObject(protocol);
});

test('a server that answers a notification with a stream without end does not hold the call up', async () => {
  const server = await started(
    rawUpstream((_request, response, seen) => {
      const { id, method } = JSON.parse(seen.body);
      if (id === undefined) return response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': open\n\n');
      const result = method === 'initialize' ? { protocolVersion: '2024-11-05' } : said('done');
      return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(rpc(id, { result })));
    }),
  );
  const target = targetOf(server.url, { protocolVersion: '2025-03-26' });
  expect(await callTool(httpUpstream(), target, { name: 't', arguments: {} })).toEqual({
    ok: true,
    value: said('done'),
  });
  expect(server.requests.at(-1)!.headers['mcp-protocol-version']).toBe('2024-11-05');
});
