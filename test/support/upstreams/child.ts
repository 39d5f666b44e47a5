import { spawn } from 'node:child_process';
import { type AddressInfo, connect, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

/** A server that runs as its own process; nothing of its requests is recorded. */
export interface ChildUpstream {
  readonly url: string;
  close(): Promise<void>;
}

/** The path of a file inside node_modules. */
export const installed = (file: string): string =>
  fileURLToPath(new URL(`../../../node_modules/${file}`, import.meta.url));

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });

/** Runs a Node script with the arguments made for a free port, and waits until something listens there. */
export async function startChild(argsFor: (port: number) => readonly string[], path = '/mcp'): Promise<ChildUpstream> {
  const port = await freePort();
  const child = spawn(process.execPath, argsFor(port), {
    env: { ...process.env, PORT: String(port) },
    stdio: 'ignore',
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  for (let attempt = 0; !(await listens(port)); attempt++) {
    if (attempt === 200 || child.exitCode !== null) {
      child.kill('SIGKILL');
      throw new Error(`The upstream did not start (exit code ${child.exitCode}).`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url: `http://127.0.0.1:${port}${path}`,
    close: () => {
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), 2000);
      return gone.finally(() => clearTimeout(force));
    },
  };
}
