import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Front, openFront } from '../support/conformance/front.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { newOrg } from '../support/org.ts';
import { everythingUpstream } from '../support/upstreams/everything.ts';
import { filesystemUpstream } from '../support/upstreams/filesystem.ts';
import { legacyUpstream } from '../support/upstreams/legacy.ts';
import { modernUpstream } from '../support/upstreams/modern.ts';
import { kinds } from './kinds/index.ts';
import type { Kind, Session } from './kinds/kind.ts';
import { sdkV1 } from './kinds/sdk-v1.ts';
import { sdkV2 } from './kinds/sdk-v2.ts';

const home = mkdtempSync(join(tmpdir(), 'xct-clients-'));
let gateway: TestGateway;
let front: Front;
/** The revision of the last message. */
let revision: unknown;
let key: string;
let closers: readonly { close(): Promise<void> }[] = [];

beforeAll(async () => {
  writeFileSync(join(home, 'hello.txt'), 'written by nobody here');
  const upstreams = await Promise.all([
    everythingUpstream(),
    filesystemUpstream(home),
    legacyUpstream(),
    modernUpstream(),
  ]);
  gateway = await startTestGateway();
  front = await openFront((headers) => {
    revision = headers['mcp-protocol-version'];
    return headers;
  });
  front.aim(gateway.url);
  closers = [front, gateway, ...upstreams];
  const org = await newOrg(gateway);
  for (const [at, alias] of ['everything', 'files', 'legacy', 'modern'].entries())
    expect(await org.server(alias, upstreams[at]!.url)).toMatchObject({ status: 'active', refused_tools: [] });
  key = (await org.key({ object_permission: { mcp_servers: ['*'] } }))['key'];
}, 60_000);
afterAll(async () => {
  await Promise.all(closers.map((one) => one.close()));
  rmSync(home, { recursive: true });
});

const open = (kind: Kind, path: string): Promise<Session> => kind.connect({ url: front.url + path, key, home });

test.each(kinds)('$name lists and calls server-everything in its own namespace', async (kind) => {
  const session = await open(kind, '/everything/mcp/v1');
  const tools = await session.list();
  expect(tools).toHaveLength(13);
  expect(tools).toEqual(expect.arrayContaining(['echo', 'get-sum']));
  expect(await session.call('echo', { message: 'hello' })).toEqual({ text: 'Echo: hello', isError: false });
  expect(revision).toBe(kind.revision);
  await session.close();
});

test.each(kinds)(
  '$name lists and calls everything at /mcp, a stdio server behind mcp-proxy too, under prefixed names',
  async (kind) => {
    const session = await open(kind, '/mcp');
    const tools = await session.list();
    expect(tools).toEqual(expect.arrayContaining(['everything__echo', 'files__read_text_file', 'legacy__add']));
    expect(tools.every((name) => /^[A-Za-z0-9_-]{1,64}$/.test(name))).toBe(true);
    expect((await session.call('everything__get-sum', { a: 2, b: 40 })).text).toContain('42');
    const { text } = await session.call('files__read_text_file', { path: join(home, 'hello.txt') });
    expect(text).toBe('written by nobody here');
    await session.close();
  },
);

test.each([
  { client: 'legacy', kind: sdkV1, upstream: 'legacy' },
  { client: 'legacy', kind: sdkV1, upstream: 'modern' },
  { client: 'modern', kind: sdkV2, upstream: 'legacy' },
  { client: 'modern', kind: sdkV2, upstream: 'modern' },
])('a $client client reaches a $upstream upstream: list, call, failing tool', async ({ kind, upstream }) => {
  const session = await open(kind, `/${upstream}/mcp`);
  const last = upstream === 'legacy' ? 'slow' : 'region';
  expect(await session.list()).toEqual(['add', 'echo', 'fail', last]);
  expect((await session.call('add', { a: 20, b: 22 })).text).toBe('42');
  expect(await session.call('fail', {})).toEqual({ text: 'it failed', isError: true });
  expect((await session.call(last, last === 'slow' ? { ms: 1 } : { region: 'eu' })).isError).toBe(false);
  await session.close();
});

test.each([sdkV1, sdkV2])('$name without a valid key is refused before any MCP message', async (kind) => {
  const nobody = kind.connect({ url: `${gateway.url}/everything/mcp/v1`, key: 'nobody', home });
  await expect(nobody).rejects.toThrow(/401|unauthori[sz]ed/i);
});
