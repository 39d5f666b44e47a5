import type { Clock } from '../../ports/world.ts';

/** How long anything of the vault stays in memory. */
export const memoryMs = 5 * 60_000;

/** Keeps what `load` gave; a call may ask for something newer than five minutes. */
export function kept<T>(clock: Clock, load: () => Promise<T>): (maxAgeMs?: number) => Promise<T> {
  let held: { readonly value: T; readonly at: number } | undefined;
  return async (maxAgeMs = memoryMs) => {
    if (held && clock() - held.at < maxAgeMs) return held.value;
    const value = await load();
    held = { value, at: clock() };
    return value;
  };
}
