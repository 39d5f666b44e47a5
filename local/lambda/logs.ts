import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';

/** One line that a function printed. */
export interface LogLine {
  readonly fn: string;
  readonly line: string;
}

/** Where the output of all functions goes. */
export interface LogSink {
  write(fn: string, text: string): void;
  close(): Promise<void>;
}

/** A sink that appends to `<folder>/<function>.log`, readable by the owner alone, and tells `onLog` each line. */
export function openLogs(folder: string | undefined, onLog: (entry: LogLine) => void): LogSink {
  if (folder !== undefined) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const files = new Map<string, WriteStream>();
  return {
    write(fn, text) {
      for (const line of text.split('\n')) if (line !== '') onLog({ fn, line });
      if (folder === undefined) return;
      const file = files.get(fn) ?? createWriteStream(join(folder, `${fn}.log`), { flags: 'a', mode: 0o600 });
      files.set(fn, file);
      file.write(text);
    },
    async close() {
      await Promise.all([...files.values()].map((file) => new Promise<void>((resolve) => file.end(() => resolve()))));
    },
  };
}
