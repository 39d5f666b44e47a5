import { type Change, sequenceText } from './change.ts';
import type { BatchWrite, Store } from './store.ts';

const keyOf = (sequence: number): string => `change~${sequenceText(sequence)}`;

/** The rows that keep changes until they are forgotten; they belong in the batch of the writes that made them. */
export const keepChanges = (changes: readonly Change[]): readonly BatchWrite[] =>
  changes.map((change) => ({ type: 'put', key: keyOf(change.sequence), value: change }));

/** Changes that nobody has forgotten, oldest first. */
export async function keptChanges(store: Store): Promise<readonly Change[]> {
  const kept: Change[] = [];
  for await (const [, change] of store.db.iterator({ gte: keyOf(0), lt: keyOf(Number.MAX_SAFE_INTEGER) }))
    kept.push(change as Change);
  return kept;
}

/** Forgets every change older than the one of this sequence number. */
export const forgetChanges = (store: Store, before: number): Promise<void> =>
  store.db.clear({ gte: keyOf(0), lt: keyOf(before) });
