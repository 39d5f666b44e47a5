import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { StartLine } from './peer-process.ts';

const run = promisify(execFile);

/** Where the peers and what they write are kept: ignored by Git, and apart from the project's own packages. */
export const peerFolder: string = resolve('.local/bench-peers');

const packages = ['mcp-proxy@6.7.19', '@civic/passthrough-mcp-server@0.12.1', 'mcp-hub@4.2.1'];
const installed = (file: string) => join(peerFolder, 'node_modules', file);

/** Installs the Node peers with npm, once; throws what npm says when it fails. */
export async function installPeers(): Promise<void> {
  const marker = join(peerFolder, `${packages.join(' ').replaceAll('/', ' ')}.txt`);
  if (existsSync(marker)) return;
  mkdirSync(peerFolder, { recursive: true });
  writeFileSync(join(peerFolder, 'package.json'), '{ "private": true }\n');
  const quietly = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
  await run('npm', ['install', ...quietly, ...packages], { cwd: peerFolder });
  writeFileSync(marker, '');
}

/** nginx before the backend: one process, connections kept on both sides, no log. */
export function nginxLine(port: number, backend: string): StartLine {
  const folder = join(peerFolder, 'nginx');
  mkdirSync(folder, { recursive: true });
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (of) => `${of}_temp_path ${folder}/${of};`,
  );
  const settings = `
    daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
    events { worker_connections 512; }
    http {
      access_log off; keepalive_requests 1000000; ${temporary.join(' ')}
      upstream backend { server ${new URL(backend).host}; keepalive 64; keepalive_requests 1000000; }
      server {
        listen 127.0.0.1:${port};
        location / { proxy_pass http://backend; proxy_http_version 1.1; proxy_set_header Connection ""; }
      }
    }`;
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, settings);
  return { command: 'nginx', args: ['-p', folder, '-e', join(folder, 'error.log'), '-c', file] };
}

/** A proxy in Node that only copies: the floor of all that is written in it. */
export const bareProxyLine = (port: number, backend: string): StartLine => ({
  command: process.execPath,
  args: [fileURLToPath(import.meta.resolve('./bare-proxy.ts')), String(port), backend],
});

/** mcp-proxy starts its upstream itself and speaks to it over pipes. */
export const mcpProxyLine = (port: number): StartLine => ({
  command: process.execPath,
  args: [
    installed('mcp-proxy/dist/bin/mcp-proxy.mjs'),
    ...['--host', '127.0.0.1', '--port', String(port), '--server', 'stream', '--stateless', '--no-eventStore'],
    ...['--upstreamProtocol', 'modern', '--', process.execPath],
    fileURLToPath(import.meta.resolve('./backend-stdio.ts')),
  ],
});

/** Civic's passthrough knows one upstream, of 2025. */
export const civicLine = (port: number, backend: string): StartLine => ({
  command: process.execPath,
  args: [installed('@civic/passthrough-mcp-server/dist/cli.js')],
  env: {
    PORT: String(port),
    TARGET_SERVER_URL: backend,
    TARGET_SERVER_MCP_PATH: '/legacy/mcp',
    SOURCE_SERVER_MCP_PATH: '/mcp',
  },
});

/** mcp-hub reads its upstreams from a file; what it writes at home it writes into the peers' folder. */
export function mcpHubLine(port: number, backend: string): StartLine {
  const home = join(peerFolder, 'hub');
  mkdirSync(join(home, 'mcp-hub'), { recursive: true });
  const config = join(home, 'servers.json');
  writeFileSync(config, JSON.stringify({ mcpServers: { echo: { url: `${backend}/legacy/mcp` } } }));
  return {
    command: process.execPath,
    args: [installed('mcp-hub/dist/cli.js'), '--port', String(port), '--config', config],
    env: { HOME: home, XDG_STATE_HOME: home, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home },
  };
}
