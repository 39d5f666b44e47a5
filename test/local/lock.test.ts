import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { takeLock } from '../../local/lock.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'lock-'));
/** No process has this number: Linux and macOS stop far below. */
const deadPid = 2 ** 30;

test('a lock is held until it is let go', () => {
  const data = folder();
  const release = takeLock(data);
  expect(() => takeLock(data)).toThrow(`in use by process ${process.pid}`);
  release();
  expect(existsSync(join(data, 'lock'))).toBe(false);
  takeLock(data)();
});

test('the lock of a living process is respected', () => {
  const data = folder();
  writeFileSync(join(data, 'lock'), String(process.ppid));
  expect(() => takeLock(data)).toThrow(`in use by process ${process.ppid}`);
});

test('the lock of a dead process, or of an earlier one with our number, is taken over', () => {
  for (const holder of [deadPid, process.pid]) {
    const data = folder();
    writeFileSync(join(data, 'lock'), String(holder));
    const release = takeLock(data);
    expect(readFileSync(join(data, 'lock'), 'utf8')).toBe(String(process.pid));
    release();
  }
});
