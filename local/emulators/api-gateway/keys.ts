import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from '../durable-file.ts';

/** An API key; times are epoch seconds, as on the wire. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly value: string;
  readonly enabled: boolean;
  readonly createdDate: number;
  readonly lastUpdatedDate: number;
  /** The usage plan it is in: one at most, since every plan is of the one stage. */
  readonly planId?: string | undefined;
}

/** The API keys there are. */
export interface KeyStore {
  all(): readonly ApiKey[];
  get(id: string): ApiKey | undefined;
  /** Returns when the key is on disk. */
  put(key: ApiKey): void;
  remove(id: string): void;
}

/** Keys in a file that only its owner can read, or in memory without a folder. */
export function openKeys(folder: string | undefined): KeyStore {
  const name = 'keys.json';
  const file = folder === undefined ? undefined : join(folder, name);
  if (folder !== undefined) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const kept = file !== undefined && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ApiKey[]) : [];
  let keys: ReadonlyMap<string, ApiKey> = new Map(kept.map((key) => [key.id, key]));

  function keep(next: ReadonlyMap<string, ApiKey>): void {
    if (folder !== undefined) writeDurably(folder, name, JSON.stringify([...next.values()]));
    keys = next;
  }
  return {
    all: () => [...keys.values()],
    get: (id) => keys.get(id),
    put: (key) => keep(new Map([...keys, [key.id, key]])),
    remove: (id) => keep(new Map([...keys].filter(([kept]) => kept !== id))),
  };
}
