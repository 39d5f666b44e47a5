import { dayOf } from './window.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** How long after its end an hour is closed: a stream lasts 15 minutes, and its call is settled at its end. */
const graceMs = 20 * minuteMs;
/** Days that a sweep looks back, should the ones before it have failed. */
const lookBackDays = 7;

/** Hours of a day, 0 to 24, of which no call can be open any more. */
export const closedHours = (day: string, now: number): number =>
  Math.max(0, Math.min(24, Math.floor((now - graceMs - Date.parse(day)) / hourMs)));

/** Days from one to another, both included, oldest first. */
export function daysFrom(first: string, last: string): readonly string[] {
  const count = Math.max(0, (Date.parse(last) - Date.parse(first)) / dayMs + 1);
  return Array.from({ length: count }, (_, n) => dayOf(Date.parse(first) + n * dayMs));
}

/** The day so many days before another. */
export const dayBefore = (day: string, days: number): string => dayOf(Date.parse(day) - days * dayMs);

/** The days that a sweep looks at, oldest first: none before the org was made. */
export function daysToSweep(created: string, now: number): readonly string[] {
  const today = dayOf(now);
  const oldest = dayBefore(today, lookBackDays);
  return daysFrom(created > oldest ? created : oldest, today);
}

/** What of a day is to be compared with the ledger. */
export interface Plan {
  /** Beginnings of the rows' `at` that are to be read: hours, or the day. */
  readonly prefixes: readonly string[];
  /** Slots of the calls counter that must then be what the ledger says. */
  readonly slots: readonly string[];
  /** Budgets of the day are to be compared too. */
  readonly budgets: boolean;
  /** Units that leases took and nobody used are to be given back: nobody can use them any more. */
  readonly leases: boolean;
  /** Hours that are checked when all is done. */
  readonly checked: number;
}

const hourSlots: readonly string[] = Array.from({ length: 24 }, (_, hour) => `h${String(hour).padStart(2, '0')}`);

/**
 * What a sweep does about a day of which `checked` hours were compared; undefined is a calls counter that does not exist:
 * then the day is looked at when it is over, once. Undefined where there is nothing to do. At rest, when nobody calls,
 * every hour is as good as closed.
 */
export function planOf(day: string, checked: number | undefined, now: number, atRest: boolean): Plan | undefined {
  const closed = closedHours(day, now);
  const over = closed === 24;
  if (over ? checked === 24 : !atRest && (checked ?? closed) >= closed) return undefined;
  if (over || atRest)
    return { prefixes: [day], slots: [...hourSlots, 'leased'], budgets: true, leases: over, checked: closed };
  const slots = hourSlots.slice(checked, closed);
  const prefixes = slots.map((slot) => `${day}T${slot.slice(1)}`);
  return { prefixes, slots, budgets: false, leases: false, checked: closed };
}

/**
 * What the calls counter must hold: the tally, but units of leases that are still held stay taken; an environment may
 * yet use them.
 */
export function callsDue(
  tally: ReadonlyMap<string, number>,
  held: Readonly<Record<string, number>>,
  { slots, leases }: Plan,
): ReadonlyMap<string, number> {
  const least = (slot: string) => (slot === 'leased' && !leases ? (held['leased'] ?? 0) : 0);
  return new Map(slots.map((slot) => [slot, Math.max(tally.get(slot) ?? 0, least(slot))]));
}
