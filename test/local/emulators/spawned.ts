import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach } from '@jest/globals';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** An emulator in its own process; `kill` is SIGKILL and resolves when the process is gone. */
export async function spawned(module: string, start: string, folder: string) {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('./child.ts', import.meta.url)), new URL(module, import.meta.url).href, start, folder],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  children.push(child);
  const exited = once(child, 'exit');
  const line = await Promise.race([once(child.stdout, 'data'), exited.then(() => ['the emulator ended at its start'])]);
  return {
    endpoint: String(line[0]).trim(),
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
