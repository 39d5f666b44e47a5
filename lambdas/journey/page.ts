import type { Caller } from '../domain/caller.ts';
import { invalid, type Refusal } from '../domain/refusal.ts';
import { ok, type Result } from '../domain/result.ts';
import type { Seal } from '../ports/vault.ts';

/** Which part of a list is wanted. */
export interface PageOf {
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

/** A part of a list, and where the next one starts. */
export interface Page<T> {
  readonly shown: readonly T[];
  readonly nextCursor?: string;
}

/** Most entries of one answer (product §10). */
export const maxListed = 1_000;

/**
 * The page of a list that begins behind a cursor of ours: sealed, of this kind of list, for this key. `entries` are in
 * the order of their keys.
 */
export async function pageOf<T>(
  kind: string,
  entries: readonly T[],
  keyOf: (entry: T) => string,
  { cursor, limit = maxListed }: PageOf,
  { org_id, key_id }: Caller,
  seal: Seal,
): Promise<Result<Page<T>, Refusal>> {
  const purpose = `list:${kind}`;
  const bound = `${org_id} ${key_id}`;
  const start = cursor === undefined ? '' : await seal.open(purpose, bound, cursor);
  if (typeof start !== 'string') return invalid('cursor: not a cursor of this list.', 'cursor');
  const rest = start === '' ? entries : entries.filter((entry) => keyOf(entry) > start);
  const shown = rest.slice(0, limit);
  const last = shown.at(-1);
  if (rest.length === shown.length || last === undefined) return ok({ shown });
  return ok({ shown, nextCursor: await seal.seal(purpose, bound, keyOf(last)) });
}

/** A key that sorts by alias, then by a place below 10,000. */
export const placeKey = (alias: string, place: number): string => `${alias} ${String(place).padStart(4, '0')}`;
