import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Lock files of this process: after a crash its number may come back, above all in a container. */
const held = new Set<string>();

const code = (error: unknown) => (error as NodeJS.ErrnoException).code;

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return code(error) === 'EPERM';
  }
}

function readHolder(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch (error) {
    if (code(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Moves a dead holder's lock away; if another process took the lock in between, that one is put back. */
function clearStale(file: string, dead: number): void {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (code(error) === 'ENOENT') return;
    throw error;
  }
  if (readHolder(aside) !== dead) linkSync(aside, file);
  rmSync(aside);
}

/** Takes `<folder>/lock` for this process; two processes on one data folder would destroy it. A dead process's lock is taken over; a living one is named in the error. Returns how to let go. */
export function takeLock(folder: string): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = resolve(folder, 'lock');
  const own = `${file}.new.${process.pid}`;
  for (;;) {
    try {
      // A link appears with its content at once; a file made in place could be read while still empty.
      writeFileSync(own, String(process.pid), { mode: 0o600 });
      linkSync(own, file);
      held.add(file);
      return () => {
        rmSync(file, { force: true });
        held.delete(file);
      };
    } catch (error) {
      if (code(error) !== 'EEXIST') throw error;
    } finally {
      rmSync(own, { force: true });
    }
    const holder = readHolder(file);
    if (holder === undefined) continue;
    if (holder === process.pid ? held.has(file) : lives(holder))
      throw new Error(`the data folder is in use by process ${holder}; stop it, or remove the file "lock" there`);
    clearStale(file, holder);
  }
}

/** Takes a data folder, emptied first when it is to be fresh. Returns how to let go. */
export function takeFolder(folder: string, fresh: boolean): () => void {
  const release = takeLock(folder);
  if (fresh)
    for (const name of readdirSync(folder).filter((name) => name !== 'lock'))
      rmSync(join(folder, name), { recursive: true });
  return release;
}
