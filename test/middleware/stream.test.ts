import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { mcpRoutes } from '../../contract/mcp.ts';
import { httpUpstream } from '../../lambdas/adapters/upstream/upstream.ts';
import type { Pieces } from '../../lambdas/domain/protocol/sse.ts';
import { ok } from '../../lambdas/domain/result.ts';
import type { Answer } from '../../lambdas/middleware/answer.ts';
import { offering, openDoor } from '../journey/relaying.ts';
import { rawUpstream } from '../support/upstreams/raw.ts';

process.env['LOOPBACK_UPSTREAMS'] = 'allow';
/** The part of Lambda's runtime that a streaming handler is given. */
const runtime = {
  streamifyResponse: <T>(handler: T) => handler,
  HttpResponseStream: { from: (stream: Sink, prelude: object) => Object.assign(stream, { prelude }) },
};
Object.assign(globalThis, { awslambda: runtime });
const { onText, serve } = await import('../../lambdas/middleware/serve.ts');

/** Where Lambda takes the answer of a function from. */
class Sink extends Writable {
  text = '';
  prelude: { statusCode?: number; headers?: Record<string, string> } = {};
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

const lines: Record<string, unknown>[] = [];
beforeEach(() => {
  lines.length = 0;
  jest.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(JSON.parse(String(line))) > 0);
});
afterEach(() => void jest.restoreAllMocks());

const route = mcpRoutes.find(({ method, path }) => method === 'POST' && path === '/mcp')!;
const event = {
  httpMethod: 'POST',
  resource: '/mcp',
  path: '/mcp',
  multiValueHeaders: { 'content-type': ['application/json'] },
  body: '{}',
  requestContext: { requestId: 'req-1' },
} as unknown as APIGatewayProxyEvent;

/** Runs a function that answers so; `sink` is what Lambda sees. */
function answering(answer: () => Promise<Answer>) {
  const sink = new Sink();
  const handler = serve([onText(route, async () => ok(await answer()))], { streaming: true });
  const done = (handler as unknown as (...args: unknown[]) => Promise<void>)(event, sink, {});
  return { sink, done };
}

const until = async (holds: () => boolean) => {
  while (!holds()) await sleep(5);
};

test('a stream has its own content type, goes out as it comes, and its line is written at its end', async () => {
  const end = Promise.withResolvers<void>();
  const left = jest.fn();
  const stream: Pieces = {
    async run(write) {
      write('first');
      await end.promise;
      write('last');
    },
    leave: left,
  };
  const { sink, done } = answering(async () => ({ stream }));
  await until(() => sink.text === 'first');
  expect(sink.prelude).toMatchObject({ statusCode: 200, headers: { 'content-type': 'text/event-stream' } });
  expect(lines).toEqual([]);
  end.resolve();
  await done;
  expect(sink.text).toBe('firstlast');
  await until(() => lines.length > 0);
  expect(lines).toEqual([
    {
      level: 'INFO',
      message: 'request',
      timestamp: expect.any(String),
      request_id: 'req-1',
      route: 'POST /mcp',
      status: 200,
      duration_ms: expect.any(Number),
    },
  ]);
});

test('an answer without a stream is JSON with its line at once', async () => {
  const { sink, done } = answering(async () => ({ body: { a: 1 } }));
  await done;
  expect([sink.text, sink.prelude.headers?.['content-type'], lines.length]).toEqual(['{"a":1}', 'application/json', 1]);
});

test('a client that leaves, where the platform tells, ends the request to the server within a second', async () => {
  const closed = Promise.withResolvers<number>();
  const upstream = await rawUpstream((_request, response, { body }) => {
    const { id, params } = JSON.parse(body);
    const progress = { progressToken: params._meta.progressToken, progress: 1 };
    const message = { jsonrpc: '2.0', method: 'notifications/progress', params: progress };
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`data: ${JSON.stringify(message)}\n\n`);
    response.on('close', () => closed.resolve(id));
  });
  const server = offering('docs', { url: upstream.url, protocol_version: '2026-07-28' });
  const door = openDoor({ servers: [server], ports: { upstream: httpUpstream() } });
  const params = { name: 'docs__echo', _meta: { progressToken: 'mine' } };
  const accept = 'application/json, text/event-stream';
  const { sink, done } = answering(() => door.ask('tools/call', params, { headers: { accept } }));
  await until(() => sink.text.includes('"progressToken":"mine"'));
  const begun = performance.now();
  sink.destroy();
  await expect(done).rejects.toThrow('Premature close');
  await closed.promise;
  expect(performance.now() - begun).toBeLessThan(1_000);
  await until(() => door.lines.length > 0);
  expect(lines).toMatchObject([{ code: 'client_left', status: 200 }]);
  expect(door.lines).toMatchObject([{ status: 'upstream_timeout' }]);
  await upstream.close();
});
