import type { Clock } from '../../clock.ts';

/** No timer of the machine's own lasts as long as a submission may. */
const longestMilliseconds = 86_400_000;

/** One alarm a name. */
export interface Alarms {
  /** Rings once at `due` (milliseconds since 1970; Infinity is never), in the place of what was set before. */
  set(name: string, due: number, ring: () => void): void;
  clear(): void;
}

/** Alarms on a clock. */
export function openAlarms(clock: Clock): Alarms {
  const stops = new Map<string, () => void>();

  function set(name: string, due: number, ring: () => void): void {
    stops.get(name)?.();
    stops.delete(name);
    if (due === Infinity) return;
    const milliseconds = Math.min(Math.max(0, due - clock.now()), longestMilliseconds);
    const tick = () => (clock.now() < due ? set(name, due, ring) : ring());
    stops.set(name, clock.after(milliseconds, tick));
  }
  return {
    set,
    clear() {
      for (const stop of stops.values()) stop();
    },
  };
}
