import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from '../durable-file.ts';
import type { Execution } from './execution.ts';

/** Where executions live between starts. */
export interface ExecutionStore {
  load(): readonly Execution[];
  /** Returns when the execution is on disk. */
  save(execution: Execution): void;
}

const fileOf = ({ arn }: Execution): string => `${encodeURIComponent(arn.split(':').slice(6).join(' '))}.json`;

/** A file for each execution, readable by the owner alone. */
export function executionFolder(folder: string): ExecutionStore {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    load: () =>
      readdirSync(folder)
        .filter((name) => name.endsWith('.json'))
        .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Execution),
    save: (execution) => writeDurably(folder, fileOf(execution), JSON.stringify(execution)),
  };
}

/** Executions that end with the process. */
export const inMemory: ExecutionStore = { load: () => [], save: () => undefined };
