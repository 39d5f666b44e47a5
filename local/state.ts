import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { takeLock } from './lock.ts';

/** A data folder that this process holds. */
export interface StateFolder {
  /** An earlier run's data is in it. */
  readonly goesOn: boolean;
  /** Writes down where this run can be reached, for scripts of this project. */
  tell(endpoints: Readonly<Record<string, string>>): void;
  release(): void;
}

/** Takes a data folder, emptied first when it is to be fresh. Throws when another process holds it. */
export function openState(folder: string, fresh: boolean): StateFolder {
  const release = takeLock(folder);
  if (fresh)
    for (const name of readdirSync(folder).filter((name) => name !== 'lock'))
      rmSync(join(folder, name), { recursive: true });
  return {
    goesOn: existsSync(join(folder, 'dynamodb')),
    tell: (endpoints) => writeFileSync(join(folder, 'endpoints.json'), JSON.stringify(endpoints), { mode: 0o600 }),
    release,
  };
}
