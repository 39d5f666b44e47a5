import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes a file only its owner can read, whole or not at all, also across a crash. */
export function writeDurably(folder: string, name: string, content: Uint8Array | string): void {
  const path = join(folder, name);
  const file = openSync(`${path}.tmp`, 'w', 0o600);
  writeFileSync(file, content);
  fsyncSync(file);
  closeSync(file);
  renameSync(`${path}.tmp`, path);
  if (process.platform === 'win32') return; // a folder cannot be opened there
  const directory = openSync(folder, 'r');
  fsyncSync(directory);
  closeSync(directory);
}
