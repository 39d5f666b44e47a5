import type { Key } from './key-format.ts';

/** What a header says about its sender: a key, something broken, or nothing that concerns this gateway. */
export type Reading = Key | 'malformed' | undefined;

/**
 * One way in which a caller proves itself: a header and how its one value is read. A new way is a file that exports a
 * `Proof`, and its name in `index.ts`.
 */
export interface Proof {
  /** Lower-case. */
  readonly header: string;
  readonly read: (value: string) => Reading;
}
