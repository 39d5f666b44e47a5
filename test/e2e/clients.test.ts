import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from '@modelcontextprotocol/client';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as LegacyTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { type Json, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { newOrg } from '../support/org.ts';
import { installed } from '../support/upstreams/child.ts';
import { everythingUpstream } from '../support/upstreams/everything.ts';
import { filesystemUpstream } from '../support/upstreams/filesystem.ts';
import { legacyUpstream } from '../support/upstreams/legacy.ts';
import { modernUpstream } from '../support/upstreams/modern.ts';

const folder = mkdtempSync(join(tmpdir(), 'xct-clients-'));
let gateway: TestGateway;
let key: string;
let closers: readonly { close(): Promise<void> }[] = [];

beforeAll(async () => {
  writeFileSync(join(folder, 'hello.txt'), 'written by nobody here');
  const upstreams = await Promise.all([
    everythingUpstream(),
    filesystemUpstream(folder),
    legacyUpstream(),
    modernUpstream(),
  ]);
  gateway = await startTestGateway();
  closers = [gateway, ...upstreams];
  const org = await newOrg(gateway);
  for (const [at, alias] of ['everything', 'files', 'legacy', 'modern'].entries())
    expect(await org.server(alias, upstreams[at]!.url)).toMatchObject({ status: 'active', refused_tools: [] });
  key = (await org.key({ object_permission: { mcp_servers: ['*'] } }))['key'];
}, 60_000);
afterAll(async () => {
  await Promise.all(closers.map((one) => one.close()));
  rmSync(folder, { recursive: true });
});

/** A client at work: what the tests ask of any of them. */
interface Session {
  list(): Promise<string[]>;
  call(name: string, args: Json): Promise<Json>;
  readonly revision: string | undefined;
  close(): Promise<void>;
}
type Connect = (path: string) => Promise<Session>;

const legacySdk: Connect = async (path) => {
  const client = new LegacyClient({ name: 'sdk-v1', version: '1' });
  const headers = { authorization: `Bearer ${key}` };
  const transport = new LegacyTransport(new URL(gateway.url + path), { requestInit: { headers } });
  await client.connect(transport as Transport);
  return {
    list: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: (name, args) => client.callTool({ name, arguments: args }),
    revision: transport.protocolVersion,
    close: () => client.close(),
  };
};
const modernSdk: Connect = async (path) => {
  const mode = { pin: '2026-07-28' } as const;
  const client = new ModernClient({ name: 'sdk-v2', version: '1' }, { versionNegotiation: { mode } });
  const headers = { authorization: `Bearer ${key}` };
  await client.connect(new ModernTransport(new URL(gateway.url + path), { requestInit: { headers } }));
  return {
    list: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: (name, args) => client.callTool({ name, arguments: args }),
    revision: client.getNegotiatedProtocolVersion(),
    close: () => client.close(),
  };
};
/** The Inspector's command line, one process for each request. */
const inspector =
  (era: string): Connect =>
  async (path) => {
    const run = (...more: string[]) =>
      new Promise<Json>((resolve, reject) => {
        const script = installed('@modelcontextprotocol/inspector/clients/launcher/build/index.js');
        const url = gateway.url + path;
        const fixed = ['--cli', url, '--transport', 'http', '--protocol-era', era, '--format', 'json'];
        const asked = ['--header', `Authorization: Bearer ${key}`, '--method', ...more];
        // It keeps what it learns in the home directory.
        const child = spawn(process.execPath, [script, ...fixed, ...asked], { env: { ...process.env, HOME: folder } });
        let said = '';
        let cried = '';
        child.stdout.setEncoding('utf8').on('data', (text) => {
          said += text;
        });
        child.stderr.setEncoding('utf8').on('data', (text) => {
          cried += text;
        });
        child.on('close', (code) => (code === 0 ? resolve(JSON.parse(said)['result']) : reject(new Error(cried))));
      });
    return {
      list: async () => (await run('tools/list'))['tools'].map((tool: Json) => tool['name']),
      call: (name, args) => {
        const pairs = Object.entries(args).flatMap(([arg, value]) => ['--tool-arg', `${arg}=${value}`]);
        return run('tools/call', '--tool-name', name, ...pairs);
      },
      revision: undefined,
      close: async () => {},
    };
  };

const clients: readonly [string, Connect, string | undefined][] = [
  ['the SDK v1 client (legacy era)', legacySdk, '2025-11-25'],
  ['the SDK v2 client (modern era)', modernSdk, '2026-07-28'],
  ['the Inspector CLI (legacy era)', inspector('legacy'), undefined],
  ['the Inspector CLI (modern era)', inspector('modern'), undefined],
];

test.each(clients)('%s lists and calls server-everything in its own namespace', async (_, connect, revision) => {
  const session = await connect('/everything/mcp/v1');
  expect(session.revision).toBe(revision);
  const tools = await session.list();
  expect(tools).toHaveLength(13);
  expect(tools).toEqual(expect.arrayContaining(['echo', 'get-sum']));
  const result = await session.call('echo', { message: 'hello' });
  expect(result['content']).toEqual([{ type: 'text', text: 'Echo: hello' }]);
  expect(result['_meta']).toMatchObject({ 'xct/level': 'key' });
  await session.close();
});

test.each(clients)('%s lists and calls a stdio server behind mcp-proxy', async (_, connect) => {
  const session = await connect('/files/mcp/v1');
  expect(await session.list()).toEqual(expect.arrayContaining(['read_text_file', 'list_directory']));
  const result = await session.call('read_text_file', { path: join(folder, 'hello.txt') });
  expect(result['content']).toEqual([{ type: 'text', text: 'written by nobody here' }]);
  await session.close();
});

test.each(clients)('%s lists and calls everything at /mcp under prefixed names', async (_, connect) => {
  const session = await connect('/mcp');
  const tools = await session.list();
  expect(tools).toEqual(expect.arrayContaining(['everything__echo', 'files__list_directory', 'legacy__add']));
  expect(tools.every((name) => /^[A-Za-z0-9_-]{1,64}$/.test(name))).toBe(true);
  const sum = await session.call('everything__get-sum', { a: 2, b: 40 });
  expect(sum['content'][0].text).toContain('42');
  const listed = await session.call('files__list_directory', { path: folder });
  expect(listed['content'][0].text).toContain('hello.txt');
  await session.close();
});

test.each([
  { client: 'legacy', connect: legacySdk, upstream: 'legacy' },
  { client: 'legacy', connect: legacySdk, upstream: 'modern' },
  { client: 'modern', connect: modernSdk, upstream: 'legacy' },
  { client: 'modern', connect: modernSdk, upstream: 'modern' },
])('a $client client reaches a $upstream upstream: list, call, failing tool', async ({ connect, upstream }) => {
  const session = await connect(`/${upstream}/mcp/v1`);
  const last = upstream === 'legacy' ? 'slow' : 'region';
  expect(await session.list()).toEqual(['add', 'echo', 'fail', last]);
  expect((await session.call('add', { a: 20, b: 22 }))['content']).toEqual([{ type: 'text', text: '42' }]);
  expect(await session.call('fail', {})).toMatchObject({ isError: true, content: [{ text: 'it failed' }] });
  const odd = last === 'slow' ? await session.call('slow', { ms: 1 }) : await session.call('region', { region: 'eu' });
  expect(odd['isError'] ?? false).toBe(false);
  await session.close();
});

test('a client without a key is refused before any MCP message', async () => {
  const transport = new LegacyTransport(new URL(`${gateway.url}/everything/mcp/v1`));
  const client = new LegacyClient({ name: 'stranger', version: '1' });
  await expect(client.connect(transport as Transport)).rejects.toThrow(/401|unauthori[sz]ed/i);
});
