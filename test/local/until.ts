import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until `look` answers something true, and returns it; the test's own timeout ends a wait in vain. */
export async function until<T>(look: () => T | Promise<T>): Promise<NonNullable<T>> {
  for (;;) {
    const found = await look();
    if (found) return found;
    await sleep(5);
  }
}
