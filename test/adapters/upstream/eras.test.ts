import { tmpdir } from 'node:os';
import { afterEach, expect, test } from '@jest/globals';
import { httpUpstream } from '../../../lambdas/adapters/upstream/upstream.ts';
import { everythingUpstream } from '../../support/upstreams/everything.ts';
import { filesystemUpstream } from '../../support/upstreams/filesystem.ts';
import { legacyAnswer, legacyUpstream } from '../../support/upstreams/legacy.ts';
import { modernAnswer, modernUpstream } from '../../support/upstreams/modern.ts';
import { messageOf, type Seen, startRecording } from '../../support/upstreams/record.ts';
import { callTool, granted, said, started, stopAll, targetOf } from './target.ts';

afterEach(stopAll);
const methods = (requests: readonly Seen[]) => requests.map((seen) => messageOf(seen).method);
const echo = (message: string) => ({ name: 'echo', arguments: { message } });

test('a modern server is read by discover and list, each request describing itself', async () => {
  const server = await started(modernUpstream());
  const read = granted(await httpUpstream().read(targetOf(server.url)));
  expect(read.protocolVersion).toBe('2026-07-28');
  expect(read.snapshot.tools.map((tool) => tool.name)).toEqual(['echo', 'add', 'fail', 'region']);
  expect(read.snapshot.instructions).toBe('Be brief.');
  expect(read.snapshot.server_info).toMatchObject({ name: 'modern-upstream', version: '2.0.0' });
  expect(methods(server.requests)).toEqual(['server/discover', 'tools/list']);
  expect(server.requests[1]!.headers).toMatchObject({
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'tools/list',
  });
});

test('a call to a modern server is one POST, its result without what is between the two of us', async () => {
  const server = await started(modernUpstream());
  const upstream = httpUpstream();
  const target = targetOf(server.url, { protocolVersion: '2026-07-28' });
  expect(granted(await callTool(upstream, target, echo('hi')))).toEqual(said('hi'));
  expect(granted(await callTool(upstream, target, { name: 'fail', arguments: {} }))).toEqual({
    ...said('it failed'),
    isError: true,
  });
  const sum = await callTool(upstream, target, {
    name: 'add',
    arguments: { a: 1, b: 2 },
    meta: { traceparent: '00-x' },
  });
  expect(granted(sum)).toEqual(said('3'));
  expect(methods(server.requests)).toEqual(['tools/call', 'tools/call', 'tools/call']);
  expect(messageOf(server.requests[2]!).params?.['_meta']).toMatchObject({ traceparent: '00-x' });
});

test('a mirrored argument reaches a modern server as a header too, in base64 where it is not ASCII', async () => {
  const server = await started(modernUpstream());
  const mirrored = { region: 'Region' };
  const call = (region: string, more = {}) =>
    callTool(httpUpstream(), targetOf(server.url, { protocolVersion: '2026-07-28' }), {
      name: 'region',
      arguments: { region },
      ...more,
    });
  expect(granted(await call('eu', { mirrored }))).toEqual(said('eu'));
  expect(granted(await call('Köln', { mirrored }))).toEqual(said('Köln'));
  expect(server.requests[0]!.headers['mcp-param-region']).toBe('eu');
  expect(await call('eu')).toMatchObject({ ok: false, refusal: { code: 'upstream_protocol' } });
});

for (const json of [false, true])
  test(`a legacy server that answers ${json ? 'JSON' : 'events'} is initialized once, then a call is one POST`, async () => {
    const server = await started(legacyUpstream({ json }));
    const upstream = httpUpstream();
    const target = targetOf(server.url);
    const read = granted(await upstream.read(target));
    expect(read).toMatchObject({ protocolVersion: '2025-11-25', snapshot: { instructions: 'Say hello first.' } });
    expect(read.snapshot.tools.map((tool) => tool.name)).toEqual(['echo', 'add', 'fail', 'slow']);
    server.requests.length = 0;
    for (const word of ['a', 'b']) expect(granted(await callTool(upstream, target, echo(word)))).toEqual(said(word));
    expect(methods(server.requests)).toEqual([
      'server/discover',
      'initialize',
      'notifications/initialized',
      'tools/call',
      'tools/call',
    ]);
    const { headers } = server.requests[3]!;
    expect([headers['mcp-protocol-version'], typeof headers['mcp-session-id']]).toEqual(['2025-11-25', 'string']);
  });

test('a pinned legacy server is not probed for the modern era', async () => {
  const server = await started(legacyUpstream());
  const target = targetOf(server.url, { protocolVersion: '2025-06-18' });
  expect(granted(await callTool(httpUpstream(), target, echo('x')))).toEqual(said('x'));
  expect(methods(server.requests)).toEqual(['initialize', 'notifications/initialized', 'tools/call']);
});

test('a lost session is begun anew once', async () => {
  const server = await started(legacyUpstream());
  const upstream = httpUpstream();
  const target = targetOf(server.url, { protocolVersion: '2025-11-25' });
  granted(await callTool(upstream, target, echo('a')));
  server.forget();
  server.requests.length = 0;
  expect(granted(await callTool(upstream, target, echo('b')))).toEqual(said('b'));
  expect(methods(server.requests)).toEqual(['tools/call', 'initialize', 'notifications/initialized', 'tools/call']);
});

test('a server that changed its era is met anew, in both directions', async () => {
  const eras = { legacy: legacyAnswer().answer, modern: modernAnswer() };
  let era: keyof typeof eras = 'modern';
  const server = await started(startRecording((request, response, seen) => eras[era](request, response, seen)));
  const upstream = httpUpstream();
  const target = targetOf(server.url, { protocolVersion: '2026-07-28' });
  for (era of ['modern', 'legacy', 'modern'] as const)
    expect(granted(await callTool(upstream, target, echo(era)))).toEqual(said(era));
  era = 'modern';
  const pinned = targetOf(server.url, { session: 'other', protocolVersion: '2025-11-25' });
  expect(granted(await callTool(upstream, pinned, echo('pinned')))).toEqual(said('pinned'));
});

test('sessions are apart: another session key means another session', async () => {
  const server = await started(legacyUpstream());
  const upstream = httpUpstream();
  for (const session of ['one', 'two', 'one'])
    granted(await callTool(upstream, targetOf(server.url, { session }), echo('x')));
  const calls = server.requests.filter((seen) => messageOf(seen).method === 'tools/call');
  const [first, second, third] = calls.map((seen) => seen.headers['mcp-session-id']);
  expect(first).not.toBe(second);
  expect(third).toBe(first);
});

test('calls at once in one session get their own answers', async () => {
  const server = await started(legacyUpstream());
  const upstream = httpUpstream();
  const target = targetOf(server.url);
  granted(await upstream.read(target));
  const words = Array.from({ length: 20 }, (_, i) => `word ${i}`);
  const answers = await Promise.all(words.map((word) => callTool(upstream, target, echo(word))));
  expect(answers.map((answer) => granted(answer))).toEqual(words.map(said));
});

test('the servers of the MCP project are read and called', async () => {
  const everything = await started(everythingUpstream());
  const files = await started(filesystemUpstream(tmpdir()));
  const upstream = httpUpstream();
  const read = granted(await upstream.read(targetOf(everything.url)));
  expect(read.protocolVersion).toBe('2025-11-25');
  expect(read.snapshot.tools.length).toBeGreaterThan(8);
  expect(granted(await callTool(upstream, targetOf(everything.url), echo('hi')))).toEqual(said('Echo: hi'));
  const bridged = targetOf(files.url, { timeoutMs: 10_000 });
  expect(granted(await upstream.read(bridged)).protocolVersion).toBe('2026-07-28');
  const listed = granted(await callTool(upstream, bridged, { name: 'list_allowed_directories', arguments: {} }));
  expect(JSON.stringify(listed)).toContain(tmpdir());
});
