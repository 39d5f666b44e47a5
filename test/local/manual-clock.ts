import type { Clock } from '../../local/clock.ts';

/** A clock that stands still until it is told to go on; timers fire in between, in order of their time. */
export function manualClock(start = Date.UTC(2026, 0, 1)): Clock & { advance(milliseconds: number): void } {
  const timers = new Set<{ readonly period: number; next: number; readonly tick: () => void }>();
  let time = start;
  const add = (first: number, period: number, tick: () => void) => {
    const timer = { period, next: time + first, tick };
    timers.add(timer);
    return () => void timers.delete(timer);
  };
  return {
    now: () => time,
    every: (period, tick) => add(period, period, tick),
    after: (milliseconds, tick) => add(milliseconds, Infinity, tick),
    advance(milliseconds) {
      const end = time + milliseconds;
      for (;;) {
        const due = [...timers].filter(({ next }) => next <= end).sort((a, b) => a.next - b.next)[0];
        if (due === undefined) break;
        time = due.next;
        due.next += due.period;
        due.tick();
      }
      time = end;
    },
  };
}
