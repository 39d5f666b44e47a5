import { execFile, spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { promisify } from 'node:util';
import { closeServer, listen } from '../local/listen.ts';

const run = promisify(execFile);

/** How a peer is started: the command line and what its environment has beside ours. */
export interface StartLine {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A program that runs. */
export interface Running {
  readonly pid: number;
  close(): void;
}

/** A port of loopback that nothing listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const url = await listen(server);
  await closeServer(server);
  return Number(new URL(url).port);
}

/** Starts a program whose output goes nowhere; rejects when there is no such program. */
export function startProgram({ command, args, env }: StartLine): Promise<Running> {
  const child = spawn(command, args, { stdio: 'ignore', env: { ...process.env, ...env } });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => resolve({ pid: child.pid!, close: () => child.kill() }));
  });
}

/** Megabytes of memory that a process holds (its resident set), by ps. */
export async function memoryOf(pid: number): Promise<number> {
  const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Number(stdout) / 1024;
}
