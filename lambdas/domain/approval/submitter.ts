import type { Caller } from '../caller.ts';
import type { Binding, KeyRecord } from '../records.ts';
import type { Submitter } from './submission.ts';

/** A key with its person and those it comes from, for a comparison. */
type Origin = Pick<KeyRecord, 'lineage' | 'minted_by'> & Binding;

const bindingOf = ({ key_id, user_id }: Binding): Binding => ({
  key_id,
  ...(user_id === undefined ? {} : { user_id }),
});

/** The caller as the submitter of something; `key` is its record. */
export const submitterOf = (caller: Caller, { minted_by = [] }: Pick<KeyRecord, 'minted_by'>): Submitter => ({
  ...bindingOf(caller),
  lineage: caller.lineage.map(bindingOf),
  minted_by: minted_by.map(bindingOf),
});

/** Who has had the secret of a key that `maker` makes or rotates: the maker and those it comes from, each once. */
export function handedBy(maker: Origin, before: readonly Binding[] = []): readonly Binding[] {
  const all = [...before, ...[maker, ...maker.lineage, ...(maker.minted_by ?? [])].map(bindingOf)];
  return [...new Map(all.map((one) => [one.key_id, one])).values()];
}

/** One person: the same user, or the same key where there is none. */
const isSame = (a: Binding, b: Binding): boolean =>
  a.key_id === b.key_id || (a.user_id !== undefined && a.user_id === b.user_id);

const anySame = (some: readonly Binding[], others: readonly Binding[]): boolean =>
  some.some((one) => others.some((other) => isSame(one, other)));

/**
 * Whether a decider is the submitter: the same person, or one with a key that comes from the submitter's. With four eyes
 * also one whose key the submitter's comes from: else an admin could make itself a proposer.
 */
export function isOwn(submitter: Submitter, decider: Origin, fourEyes: boolean): boolean {
  const proposers = [submitter, ...submitter.lineage, ...(fourEyes ? submitter.minted_by : [])];
  return anySame([decider, ...decider.lineage, ...(decider.minted_by ?? [])], proposers);
}

/** Whether a caller proposed it: the same person, by any key of theirs. */
export const hasProposed = (submitter: Submitter, caller: Caller): boolean =>
  anySame([caller, ...caller.lineage], [submitter, ...submitter.lineage]);

/** Whom a submission counts for: the user, or the key, that all keys of the submitter descend from. */
export function personOf(submitter: Submitter): string {
  const { key_id, user_id } = submitter.lineage.at(-1) ?? submitter;
  return user_id ?? key_id;
}
