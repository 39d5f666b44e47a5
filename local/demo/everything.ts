import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** The demo's upstream: a real MCP server that nobody here wrote, over Streamable HTTP on loopback. */
export interface Everything {
  readonly url: string;
  readonly port: number;
  close(): void;
}

/** Starts `@modelcontextprotocol/server-everything` on `port`, or on a free one where that is taken or 0. */
export async function startEverything(preferred: number): Promise<Everything> {
  const port = await freePort(preferred);
  const script = createRequire(import.meta.url).resolve('@modelcontextprotocol/server-everything/dist/index.js');
  const child = spawn(process.execPath, [script, 'streamableHttp'], {
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2_000);
  });
  const url = `http://127.0.0.1:${port}/mcp`;
  for (let tries = 0; tries < 200; tries += 1) {
    if (child.exitCode !== null) break;
    if (await answers(url)) return { url, port, close: () => child.kill() };
    await pause(50);
  }
  child.kill();
  throw new Error(`the demo upstream did not start: ${said.trim()}`);
}

/** Any HTTP answer will do: the server refuses a bare GET, but it is there. */
const answers = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(1_000) }).then(
    (answer) => answer.body?.cancel().then(() => true) ?? true,
    () => false,
  );

function freePort(preferred: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const server = createServer();
  server.once('error', () => (preferred === 0 ? reject(new Error('no free port')) : resolve(freePort(0))));
  server.listen(preferred, '127.0.0.1', () => {
    const address = server.address();
    server.close(() => resolve(typeof address === 'object' && address ? address.port : preferred));
  });
  return promise;
}
