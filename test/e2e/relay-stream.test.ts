import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from '@modelcontextprotocol/client';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as LegacyTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { legacyRequest, modernRequest } from '../support/doors.ts';
import { type Json, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { newOrg } from '../support/org.ts';
import { legacyUpstream } from '../support/upstreams/legacy.ts';
import { modernUpstream } from '../support/upstreams/modern.ts';
import { rawUpstream } from '../support/upstreams/raw.ts';
import type { RunningUpstream } from '../support/upstreams/record.ts';

let gateway: TestGateway;
let upstreams: readonly RunningUpstream[];
let key: string;
/** Lets the server `held` answer. */
let release = (): void => {};

/** A modern server that reports progress at once, under the caller's token and under another, and answers when released. */
const heldServer = () =>
  rawUpstream((_request, response, { body }) => {
    const { id, method, params } = JSON.parse(body);
    const result = (fields: object) => ({ jsonrpc: '2.0', id, result: { resultType: 'complete', ...fields } });
    const json = (message: object) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(message));
    if (method === 'server/discover')
      return json(result({ supportedVersions: ['2026-07-28'], capabilities: { tools: {} } }));
    if (method === 'tools/list') return json(result({ tools: [{ name: 'held', inputSchema: { type: 'object' } }] }));
    const event = (message: object) => response.write(`data: ${JSON.stringify(message)}\n\n`);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const progressToken of ['another', params._meta.progressToken])
      event({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken, progress: 1 } });
    release = () => {
      event(result({ content: [] }));
      response.end();
    };
    return undefined;
  });

beforeAll(async () => {
  const [started, ...running] = await Promise.all([
    startTestGateway(),
    legacyUpstream({ whole: true }),
    modernUpstream({ whole: true }),
    heldServer(),
  ]);
  gateway = started;
  upstreams = running;
  const org = await newOrg(gateway);
  for (const [at, alias] of ['old', 'new', 'held'].entries())
    await org.server(alias, upstreams[at]!.url, alias === 'held' ? { timeout_ms: 2_000 } : {});
  key = (await org.key({ object_permission: { mcp_servers: ['*'] } }))['key'];
});
afterAll(() => Promise.all([gateway.close(), ...upstreams.map((upstream) => upstream.close())]));

const requests = { legacy: legacyRequest, modern: modernRequest };
const messagesIn = (text: string): Json[] => [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data!));

for (const era of ['legacy', 'modern'] as const)
  for (const alias of ['old', 'new'])
    test(`progress of server ${alias} reaches a ${era} client under its own token, before the answer`, async () => {
      for (const progressToken of ['mine', 12]) {
        const params = { name: `${alias}__steps`, arguments: {}, _meta: { progressToken } };
        const answer = await requests[era](gateway, { key }, 'tools/call', params);
        expect(answer.headers.get('content-type')).toBe('text/event-stream');
        const progress = (count: number) => ({
          method: 'notifications/progress',
          params: { progressToken, progress: count, total: 3 },
        });
        const logged = { method: 'notifications/message', params: { level: 'info', data: 'stepped' } };
        expect(messagesIn(answer.text)).toMatchObject([
          ...[1, 2, 3].map(progress),
          ...(era === 'legacy' && alias === 'old' ? [logged] : []),
          { id: 1, result: { content: [{ type: 'text', text: 'stepped' }] } },
        ]);
      }
    });

test('a client that takes no events, or asked for no progress, gets plain JSON', async () => {
  for (const ask of [legacyRequest, modernRequest]) {
    const params = { name: 'new__steps', arguments: {} };
    const watched = { ...params, _meta: { progressToken: 1 } };
    for (const [given, headers] of [
      [watched, { accept: 'application/json' }],
      [params, {}],
    ] as const) {
      const answer = await ask(gateway, { key, headers }, 'tools/call', given);
      expect(answer.headers.get('content-type')).toBe('application/json');
      expect(answer.body['result']).toMatchObject({ content: [{ text: 'stepped' }] });
    }
  }
});

/** Opens a stream to the held server; `next` reads what has come. */
async function openHeld() {
  const abort = new AbortController();
  const answer = await fetch(`${gateway.url}/held/mcp`, {
    method: 'POST',
    signal: abort.signal,
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2025-11-25',
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 'a',
      method: 'tools/call',
      params: { name: 'held', _meta: { progressToken: 'mine' } },
    }),
  });
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  return { answer, reader, abort };
}

test('a notification arrives while the server is still at work, and the answer when it has it', async () => {
  const { answer, reader } = await openHeld();
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
  const first = messagesIn((await reader.read()).value!);
  expect(first).toMatchObject([{ method: 'notifications/progress', params: { progressToken: 'mine' } }]);
  release();
  expect(messagesIn((await reader.read()).value!)).toMatchObject([{ id: 'a', result: { content: [] } }]);
  expect((await reader.read()).done).toBe(true);
});

test('a server that is too slow ends the stream with an error, and its line says so once', async () => {
  const { answer, reader } = await openHeld();
  await reader.read();
  expect(messagesIn((await reader.read()).value!)).toMatchObject([
    { id: 'a', error: { code: -32000, data: { code: 'upstream_timeout' } } },
  ]);
  expect((await reader.read()).done).toBe(true);
  const id = answer.headers.get('x-request-id')!;
  const lines = () => gateway.lines.filter((line) => line.includes(id) && line.includes('"message":"request"'));
  while (lines().length === 0) await sleep(10);
  expect(lines()).toHaveLength(1);
  expect(JSON.parse(lines()[0]!).duration_ms).toBeGreaterThanOrEqual(1_900);
});

test('a client that leaves a stream leaves a gateway that goes on', async () => {
  const { reader, abort } = await openHeld();
  await reader.read();
  abort.abort();
  const answer = await modernRequest(gateway, { key }, 'tools/call', {
    name: 'new__echo',
    arguments: { message: 'x' },
  });
  expect(answer.body['result']).toMatchObject({ content: [{ text: 'x' }] });
});

test.each(['v1', 'v2'])('the official %s client is called back with progress', async (version) => {
  const headers = { authorization: `Bearer ${key}` };
  const url = new URL(`${gateway.url}/mcp`);
  const seen: number[] = [];
  const onprogress = ({ progress }: { progress: number }) => void seen.push(progress);
  if (version === 'v1') {
    const client = new LegacyClient({ name: 't', version: '1' });
    await client.connect(new LegacyTransport(url, { requestInit: { headers } }) as Transport);
    await client.callTool({ name: 'old__steps', arguments: {} }, undefined, { onprogress });
    await client.close();
  } else {
    const client = new ModernClient({ name: 't', version: '1' }, { versionNegotiation: { mode: 'auto' } });
    await client.connect(new ModernTransport(url, { requestInit: { headers } }));
    await client.callTool({ name: 'old__steps', arguments: {} }, { onprogress });
    await client.close();
  }
  expect(seen).toEqual([1, 2, 3]);
});
