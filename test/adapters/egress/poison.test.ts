import { globSync, readFileSync } from 'node:fs';
import net from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { look } from '../../../lambdas/adapters/upstream/look.ts';
import { httpUpstream } from '../../../lambdas/adapters/upstream/upstream.ts';
import { legacyUpstream } from '../../support/upstreams/legacy.ts';
import { modernUpstream } from '../../support/upstreams/modern.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const sources = globSync('lambdas/**/*.ts', { cwd: root }).filter(
  (file) => !file.startsWith('lambdas/adapters/egress/'),
);
/** Modules and globals that open connections or processes. Types do no harm; the AWS SDK has its own endpoints. */
const wires =
  /(?:from|import|import\(|require\(|getBuiltinModule\()\s*['"](?:node:)?(?:http|https|http2|net|tls|dgram|dns|dns\/promises|child_process|worker_threads|cluster|undici|axios|got|node-fetch|ws)['"]/;
const globals = /(?<![\w.'"`-])(?:globalThis\.)?(?:fetch|WebSocket|EventSource|XMLHttpRequest)\s*\(/;

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');

test('SS-23 nothing in lambdas but the egress folder imports a network module or uses fetch', () => {
  expect(sources.length).toBeGreaterThan(20);
  const offenders = sources.filter((file) => {
    const text = withoutComments(readFileSync(`${root}${file}`, 'utf8')).replace(/^import type .*$/gm, '');
    // Pages are texts: what they call runs in a browser.
    return wires.test(text) || (!file.startsWith('lambdas/pages/') && globals.test(text));
  });
  expect(offenders).toEqual([]);
});

test('SS-23 the scan sees what it looks for', () => {
  for (const bad of [
    "import http from 'node:http';",
    "await import('undici')",
    'await fetch(url)',
    'globalThis.fetch(url)',
    'new WebSocket(url)',
  ])
    expect(wires.test(bad) || globals.test(bad)).toBe(true);
  for (const good of ['prefetch(x)', 'this.fetch(x)', "import { x } from './net.ts'"])
    expect(wires.test(good) || globals.test(good)).toBe(false);
});

const realFetch = globalThis.fetch;
const realConnect = net.Socket.prototype.connect;
const strangers: string[] = [];
let dialled = 0;
beforeAll(() => {
  process.env['LOOPBACK_UPSTREAMS'] = 'allow';
  globalThis.fetch = () => Promise.reject(new Error('fetch is poisoned'));
  net.Socket.prototype.connect = function poisoned(this: net.Socket, ...args: unknown[]) {
    const stack = String(new Error('connect').stack);
    if (stack.includes('lambdas/adapters/egress/dial')) dialled++;
    else strangers.push(stack);
    return (realConnect as (...given: unknown[]) => net.Socket).apply(this, args);
  } as typeof realConnect;
});
afterAll(() => {
  globalThis.fetch = realFetch;
  net.Socket.prototype.connect = realConnect;
});

test('SS-23 with fetch and every other way to connect poisoned, upstreams are probed, read and called', async () => {
  for (const starting of [modernUpstream(), legacyUpstream()]) {
    const server = await starting;
    const target = {
      url: server.url,
      headers: {},
      secrets: [],
      orgId: 'default',
      session: server.url,
      timeoutMs: 5000,
    };
    const upstream = httpUpstream();
    expect((await look(server.url)).report.tools).toHaveLength(4);
    expect(await upstream.read(target)).toMatchObject({ ok: true });
    expect(
      await upstream.ask(target, { method: 'tools/call', params: { name: 'add', arguments: { a: 1, b: 2 } } }),
    ).toMatchObject({ ok: true });
    await server.close();
  }
  expect(strangers).toEqual([]);
  expect(dialled).toBeGreaterThan(0);
});
