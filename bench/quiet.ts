import { openSync, writeSync } from 'node:fs';
import { devNull } from 'node:os';

/** Sends what handlers log to where nothing is kept, until the answered function is called: the write stays part of a call's cost, as it is on Lambda. */
export function quiet(): () => void {
  const nowhere = openSync(devNull, 'w');
  const { write } = process.stdout;
  process.stdout.write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
    writeSync(nowhere, typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
    const done = rest.at(-1);
    if (typeof done === 'function') done();
    return true;
  };
  return () => {
    process.stdout.write = write;
  };
}
