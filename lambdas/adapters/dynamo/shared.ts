import type { Clock } from '../../ports/world.ts';

/** A load and when it began: what it answers is at least as new as that. */
interface Load<T> {
  readonly since: number;
  readonly value: Promise<T>;
}

/**
 * Shares loads by name: who asks while one is under way, or less than `lifeMs` after it BEGAN, gets the same one.
 * A failed load is not kept. At most `most` are, the oldest goes first.
 */
export function shared<T>(clock: Clock, lifeMs: number, most: number) {
  const kept = new Map<string, Load<T>>();
  return (name: string, load: () => Promise<T>): Load<T> => {
    const now = clock();
    const known = kept.get(name);
    if (known !== undefined && now >= known.since && now - known.since < lifeMs) return known;
    const entry = { since: now, value: load() };
    kept.delete(name);
    kept.set(name, entry);
    if (kept.size > most) kept.delete(kept.keys().next().value!);
    entry.value.catch(() => kept.get(name) === entry && kept.delete(name));
    return entry;
  };
}
