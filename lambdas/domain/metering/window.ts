const minuteMs = 60_000;
const dayMs = 86_400_000;

/** How long a limit counts before it begins anew; all of UTC. */
export type Period = 'minute' | 'day' | 'month' | 'total';

/** One run of a period. */
export interface Window {
  /** Names the run: `2026-11-24T10-31`, `2026-11-24`, `2026-11`, or `total`. */
  readonly name: string;
  /** Milliseconds since the epoch; absent for what never ends. */
  readonly ends?: number;
}

/** The UTC day of a moment, `2026-11-24`. */
export const dayOf = (now: number): string => new Date(now).toISOString().slice(0, 10);

/** The UTC hour of a moment within its day, `10`. */
export const hourOf = (now: number): string => new Date(now).toISOString().slice(11, 13);

/** The run of a period that a moment lies in. */
export function windowOf(period: Period, now: number): Window {
  const iso = new Date(now).toISOString();
  switch (period) {
    case 'minute':
      return { name: iso.slice(0, 16).replace(':', '-'), ends: (Math.floor(now / minuteMs) + 1) * minuteMs };
    case 'day':
      return { name: iso.slice(0, 10), ends: (Math.floor(now / dayMs) + 1) * dayMs };
    case 'month':
      return { name: iso.slice(0, 7), ends: Date.UTC(Number(iso.slice(0, 4)), Number(iso.slice(5, 7)), 1) };
    case 'total':
      return { name: 'total' };
  }
}

/** Whole seconds until a window ends, at least one: an earlier retry would only be refused again. */
export const secondsUntil = (ends: number, now: number): number => Math.max(1, Math.ceil((ends - now) / 1000));
