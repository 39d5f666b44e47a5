import { afterEach, expect, test } from '@jest/globals';
import { httpUpstream } from '../../../lambdas/adapters/upstream/upstream.ts';
import type { UpstreamTarget } from '../../../lambdas/ports/upstream.ts';
import { rawUpstream, rpcUpstream } from '../../support/upstreams/raw.ts';
import { messageOf } from '../../support/upstreams/record.ts';
import { started, stopAll, targetOf } from './target.ts';

afterEach(stopAll);
const modern = { protocolVersion: '2026-07-28' };
const legacy = { protocolVersion: '2025-11-25' };
const ask = (url: string, more: Partial<UpstreamTarget>, upstream = httpUpstream()) =>
  upstream.ask(targetOf(url, more), { method: 'tools/call', params: { name: 't', arguments: {} } });
/** `false` where the request was certainly not sent. */
async function sentAt(url: string, more: Partial<UpstreamTarget>) {
  const answer = await ask(url, { timeoutMs: 300, ...more });
  if (answer.ok) throw new Error('no refusal');
  return answer.refusal.sent;
}

/** Initializes, holds every other request open, and remembers when one was left. */
async function holding() {
  const left: unknown[] = [];
  const server = await started(
    rawUpstream((_request, response, seen) => {
      const { id, method } = messageOf(seen);
      if (id === undefined) return response.writeHead(202).end();
      if (method !== 'initialize') return response.on('close', () => left.push(id));
      const result = { protocolVersion: '2025-11-25', capabilities: {} };
      return response
        .writeHead(200, { 'content-type': 'application/json', 'mcp-session-id': 's1' })
        .end(JSON.stringify({ jsonrpc: '2.0', id, result }));
    }),
  );
  return { server, left };
}
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const arrived = async (condition: () => boolean) => {
  for (let turn = 0; turn < 100 && !condition(); turn++) await wait(20);
  expect(condition()).toBe(true);
};

test('a refusal says so where no byte of the request can have been sent', async () => {
  const closed = await rpcUpstream(() => undefined);
  await closed.close();
  for (const era of [modern, legacy, {}]) {
    expect(await sentAt('https://10.0.0.1/mcp', era)).toBe(false);
    expect(await sentAt('http://127.0.0.1:22/mcp', era)).toBe(false);
    expect(await sentAt(closed.url, era)).toBe(false);
    expect(await sentAt(closed.url, { ...era, signal: AbortSignal.abort() })).toBe(false);
  }
});

test('a handshake that fails leaves the call unsent', async () => {
  const refusing = await started(rawUpstream((_request, response) => response.writeHead(503).end()));
  expect(await sentAt(refusing.url, legacy)).toBe(false);
  expect(await sentAt(refusing.url, {})).toBe(false);
});

test('where the request may have been sent the refusal does not say that it was not', async () => {
  const refusing = await started(rawUpstream((_request, response) => response.writeHead(503).end()));
  expect(await sentAt(refusing.url, modern)).toBeUndefined();
  const broken = await started(rawUpstream((request) => request.socket.destroy()));
  expect(await sentAt(broken.url, modern)).toBeUndefined();
  const { server } = await holding();
  for (const era of [modern, legacy]) expect(await sentAt(server.url, era)).toBeUndefined();
});

test('a call that was refused as stale was sent, whatever comes of the second one', async () => {
  const forgetful = await started(rawUpstream((_request, response) => response.writeHead(404).end()));
  expect(await sentAt(forgetful.url, modern)).toBeUndefined();
});

test('a caller that leaves ends the exchange at once; a legacy server is told so, a modern one sees the stream close', async () => {
  for (const [era, told] of [
    [modern, []],
    [legacy, ['notifications/cancelled']],
  ] as const) {
    const { server, left } = await holding();
    const leaving = new AbortController();
    const isAsked = () => server.requests.some((seen) => messageOf(seen).method === 'tools/call');
    const asking = ask(server.url, { ...era, signal: leaving.signal });
    await arrived(isAsked);
    leaving.abort();
    expect(await asking).toMatchObject({ ok: false, refusal: { code: 'upstream_timeout' } });
    const called = server.requests.find((seen) => messageOf(seen).method === 'tools/call')!;
    await arrived(() => left.includes(messageOf(called).id));
    await wait(200);
    const after = server.requests.slice(server.requests.indexOf(called) + 1);
    const { id: requestId } = messageOf(called);
    expect(after.map(messageOf)).toMatchObject(told.map((method) => ({ method, params: { requestId } })));
    expect(after.map(({ headers }) => headers['mcp-session-id'])).toEqual(told.map(() => 's1'));
  }
});

test('a handshake that is left is not cancelled', async () => {
  const silent = await started(rawUpstream(() => {}));
  expect(await sentAt(silent.url, { ...legacy, timeoutMs: 100 })).toBe(false);
  await wait(200);
  expect(silent.requests.map((seen) => messageOf(seen).method)).toEqual(['initialize']);
});

test('a deadline that passes is told to a legacy server too, and the session stays in use', async () => {
  const { server } = await holding();
  const upstream = httpUpstream();
  await ask(server.url, { ...legacy, timeoutMs: 100 }, upstream);
  await ask(server.url, { ...legacy, timeoutMs: 100 }, upstream);
  const methods = () => server.requests.map((seen) => messageOf(seen).method);
  await arrived(() => methods().filter((method) => method === 'notifications/cancelled').length === 2);
  expect(methods().filter((method) => method === 'initialize')).toHaveLength(1);
  expect(methods()).toHaveLength(6);
});
