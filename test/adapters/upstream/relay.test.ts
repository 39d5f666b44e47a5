import { afterEach, expect, test } from '@jest/globals';
import { httpUpstream } from '../../../lambdas/adapters/upstream/upstream.ts';
import type { Notification, UpstreamRequest, UpstreamTarget } from '../../../lambdas/ports/upstream.ts';
import { rawUpstream, rpcUpstream } from '../../support/upstreams/raw.ts';
import { messageOf } from '../../support/upstreams/record.ts';
import { granted, said, started, stopAll, targetOf } from './target.ts';

afterEach(stopAll);
const modern = { protocolVersion: '2026-07-28' };
const legacy = { protocolVersion: '2025-11-25' };
const protocol = { ok: false, refusal: { code: 'upstream_protocol' } };
const methods = ['tools/call', 'prompts/get', 'resources/read', 'completion/complete'] as const;
type Method = UpstreamRequest['method'];

/** A server of both eras that answers `initialize`, and anything else with what `reply` makes of the request's id. */
const serverOf = (reply: (id: unknown) => object | object[]) =>
  started(
    rpcUpstream(({ id, method }) => {
      if (id === undefined || method === undefined) return undefined;
      if (method === 'initialize') return { jsonrpc: '2.0', id, result: { protocolVersion: '2025-11-25' } };
      const answer = reply(id);
      return Array.isArray(answer)
        ? answer.map((each) => ({ jsonrpc: '2.0', ...each }))
        : { jsonrpc: '2.0', id, ...answer };
    }),
  );

/** Asks such a server. */
async function askAt(
  reply: (id: unknown) => object | object[],
  method: Method = 'prompts/get',
  target: Partial<UpstreamTarget> = modern,
  extras: Partial<UpstreamRequest> = {},
) {
  const server = await serverOf(reply);
  return httpUpstream().ask(targetOf(server.url, target), { method, params: { name: 'n', uri: 'a:b' }, ...extras });
}

test.each([
  ['prompts/get', {}],
  ['prompts/get', { messages: {} }],
  ['resources/read', { contents: 'x' }],
  ['resources/read', { messages: [] }],
  ['completion/complete', { completion: {} }],
  ['completion/complete', { values: [] }],
] as const)('MP-18 an answer to %s that is none is refused: %j', async (method, result) => {
  expect(await askAt(() => ({ result }), method)).toMatchObject(protocol);
});

test('MP-17 a question for input is none from a legacy server, and none in answer to a completion', async () => {
  const result = { resultType: 'input_required', inputRequests: {}, requestState: 's' };
  for (const method of methods) {
    expect(await askAt(() => ({ result }), method, legacy)).toMatchObject(protocol);
    const answer = await askAt(() => ({ result }), method);
    if (method === 'completion/complete') expect(answer).toMatchObject(protocol);
    else expect(granted(answer)).toEqual(result);
  }
});

test('MP-17 a continuation reaches the server with every byte of it', async () => {
  const params = {
    name: 'n',
    inputResponses: { a: { content: { n: 0.1, t: 'ü\u2028"\\' } } },
    requestState: 'é \ud83d\ude00=',
  };
  const server = await serverOf(() => ({ result: { messages: [] } }));
  granted(await httpUpstream().ask(targetOf(server.url, modern), { method: 'prompts/get', params }));
  expect(server.requests[0]!.body).toContain(JSON.stringify(params).slice(0, -1));
});

test('CL-18 unknown kinds of content, unknown fields and large integers pass unchanged', async () => {
  const odd = '{"type":"hologram","n":12345678901234567890,"x":{"y":[1E400,-0.5]}}';
  const results = {
    'tools/call': `{"content":[${odd}],"later":${odd}}`,
    'prompts/get': `{"messages":[{"role":"user","content":${odd}}],"later":${odd}}`,
    'resources/read': `{"contents":[${odd}],"ttlMs":5,"later":${odd}}`,
    'completion/complete': `{"completion":{"values":["a"],"total":12345678901234567890},"later":${odd}}`,
  };
  for (const method of methods) {
    const server = await started(
      rawUpstream((_request, response, seen) =>
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(`{"jsonrpc":"2.0","id":${messageOf(seen).id},"result":${results[method]}}`),
      ),
    );
    const answer = await httpUpstream().ask(targetOf(server.url, modern), {
      method,
      params: { name: 'n', uri: 'a:b' },
    });
    expect(JSON.stringify(granted(answer))).toBe(`${results[method].slice(0, -1)},"resultType":"complete"}`);
  }
});

test('an error of the server itself is for the client to hear; one of the protocol is not', async () => {
  const error = (code: number, more: object = {}) => ({ error: { code, message: 'no such thing', ...more } });
  for (const method of methods.slice(1)) {
    expect(await askAt(() => error(-32602, { data: { name: 'x' } }), method)).toMatchObject({
      refusal: { rpc: { code: -32602, message: 'no such thing', data: { name: 'x' } } },
    });
    expect(await askAt(() => error(-32002), method)).toMatchObject({ refusal: { rpc: { code: -32602 } } });
    expect(await askAt(() => error(-32603), method)).toMatchObject({ refusal: { rpc: { code: -32603 } } });
    for (const code of [-32700, -32600, -32601, -32000, -32020, -32022]) {
      const answer = await askAt(() => error(code), method);
      expect(answer).toMatchObject({ ok: false });
      expect(answer.ok || answer.refusal.rpc).toBeUndefined();
    }
  }
});

test('LK-02 an error that a client hears is cut, and holds no credential', async () => {
  const canary = 'canary-7d1';
  const data = { name: canary, long: 'x'.repeat(5000) };
  const target = { ...modern, secrets: [canary] };
  const answer = await askAt(
    () => ({ error: { code: 7, message: `${canary} ${'y'.repeat(5000)}`, data } }),
    'prompts/get',
    target,
  );
  expect(answer).toMatchObject({ refusal: { rpc: { code: 7 } } });
  const rpc = answer.ok ? undefined : answer.refusal.rpc;
  expect([rpc?.message.length, rpc?.data]).toEqual([4096, undefined]);
  const short = await askAt(() => ({ error: { code: 7, message: '', data: { name: canary } } }), 'prompts/get', target);
  expect(short).toMatchObject({ refusal: { rpc: { data: { name: '[secret]' } } } });
  expect(JSON.stringify([answer, short])).not.toContain(canary);
});

test('only progress under the token of this call, and messages, are handed on, without the credential', async () => {
  const canary = 'canary-7d1';
  const progress = (progressToken: unknown, more: object = {}) => ({
    method: 'notifications/progress',
    params: { progressToken, progress: 1, ...more },
  });
  const stream = (id: unknown) => [
    progress(7),
    progress('7'),
    progress(undefined),
    progress('mine', { message: canary, _meta: { 'io.modelcontextprotocol/x': 1, 'xct/partial': 1, kept: 1 } }),
    { method: 'notifications/tools/list_changed' },
    { method: 'notifications/resources/updated', params: { uri: 'a:b' } },
    { method: 'notifications/message', params: { level: 'info', data: 12 } },
    { method: 'notifications/message' },
    { id, result: { messages: [] } },
    progress('mine', { message: 'late' }),
  ];
  const heard: Notification[] = [];
  const onNotification = (notification: Notification) => void heard.push(notification);
  const target = { ...modern, secrets: [canary] };
  granted(await askAt(stream, 'prompts/get', target, { meta: { progressToken: 'mine' }, onNotification }));
  const message = { method: 'notifications/message', params: { level: 'info', data: 12 } };
  expect(heard).toEqual([
    {
      method: 'notifications/progress',
      params: { progressToken: 'mine', progress: 1, message: '[secret]', _meta: { kept: 1 } },
    },
    message,
  ]);
  heard.length = 0;
  granted(await askAt(stream, 'prompts/get', target, { onNotification }));
  expect(heard).toEqual([message]);
  granted(await askAt(stream, 'prompts/get', target, { meta: { progressToken: 'mine' } }));
});

test('a legacy server has at most 16 of its requests answered in one call, a modern one none', async () => {
  const stream = (id: unknown) => [
    ...Array.from({ length: 40 }, (_, n) => ({ id: `q${n}`, method: n % 2 ? 'ping' : 'roots/list' })),
    { id, result: { content: [] } },
  ];
  for (const [target, count] of [
    [legacy, 16],
    [modern, 0],
  ] as const) {
    const server = await serverOf(stream);
    granted(await httpUpstream().ask(targetOf(server.url, target), { method: 'tools/call', params: { name: 'n' } }));
    await new Promise((resolve) => setTimeout(resolve, 200));
    const replies = server.requests.map(messageOf).filter(({ method }) => method === undefined);
    expect(replies).toHaveLength(count);
    if (count > 0) expect(replies.find(({ id }) => id === 'q1')).toEqual({ jsonrpc: '2.0', id: 'q1', result: {} });
    if (count > 0) expect(replies.find(({ id }) => id === 'q0')).toMatchObject({ error: { code: -32601 } });
  }
});

test('MP-18 a batch of a stream is read message by message', async () => {
  const server = await started(
    rawUpstream((_request, response, seen) => {
      const { id } = messageOf(seen);
      const batch = [
        { jsonrpc: '2.0', method: 'notifications/message', params: { data: 1 } },
        { jsonrpc: '2.0', id, ...{ result: said('x') } },
      ];
      return response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`data: ${JSON.stringify(batch)}\n\n`);
    }),
  );
  const heard: Notification[] = [];
  const request = {
    method: 'tools/call',
    params: { name: 'n' },
    onNotification: (one: Notification) => void heard.push(one),
  } as const;
  expect(granted(await httpUpstream().ask(targetOf(server.url, modern), request))).toEqual(said('x'));
  expect(heard).toHaveLength(1);
});
