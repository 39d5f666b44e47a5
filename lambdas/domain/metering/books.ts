import type { Micros } from '../money.ts';
import { isCounted, type SettledRow } from './ledger.ts';

/** Days that a counter outlives its window: so long it can be compared with the ledger. */
export const keptDays = 40;

/** A counter of calls or of a budget as it is stored. */
export interface Counter {
  /** Parts of its name joined by `#`: `CALLS#2026-11-24`, `SPEND#team#team_x#2026-11`. */
  readonly name: string;
  readonly used: number;
  /** What of `used` was taken in an hour (`h09`), by leases (`leased`), on a day (`d2026-11-24`), or long ago (`before`). */
  readonly slots: Readonly<Record<string, number>>;
  /** How often it was corrected. */
  readonly corrections: number;
  /** Of calls: hours of its day that were compared with the ledger; 24 is the whole day, budgets too. */
  readonly checked: number;
}

/** A counter that nobody has taken from. */
export const emptyCounter = (name: string): Counter => ({ name, used: 0, slots: {}, corrections: 0, checked: 0 });

/** What counters must hold, by the ledger. */
export interface Tally {
  /** Counted calls by slot. */
  readonly calls: ReadonlyMap<string, number>;
  /** Micro-dollars by name of the budget's counter. */
  readonly spend: ReadonlyMap<string, Micros>;
}

/** Adds rows to a tally one at a time, so that a day of a large org need not be held. */
export function openTally(): Tally & { add(row: SettledRow): void } {
  const calls = new Map<string, number>();
  const spend = new Map<string, Micros>();
  return {
    calls,
    spend,
    add({ state, slot, price, charged }) {
      if (!isCounted(state)) return;
      calls.set(slot, (calls.get(slot) ?? 0) + 1);
      for (const name of charged) spend.set(name, (spend.get(name) ?? 0) + price);
    },
  };
}

/** How a counter becomes what the ledger says; each value is written only where the counter still is as it was read. */
export interface Correction {
  /** Slots to set. */
  readonly slots: Readonly<Record<string, number>>;
  /** Slots to drop. */
  readonly drop: readonly string[];
  /** What `used` changes by. */
  readonly add: number;
  /** False where only old slots are folded: the counter was right. */
  readonly wrong: boolean;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((one, other) => one + other, 0);

/** What a counter has used, by its slots. */
export const slotSum = ({ slots }: Pick<Counter, 'slots'>): number => sum(Object.values(slots));

/**
 * What must change so that the slots are what the ledger says and `used` is their sum; undefined where all is right.
 * Slots that the ledger was not asked about stay. Day slots before `keptFrom` become one, `before`: a budget without an
 * end would otherwise grow by a slot a day.
 */
export function correctionOf(
  counter: Counter,
  ledger: ReadonlyMap<string, number>,
  keptFrom = '',
): Correction | undefined {
  const set = Object.fromEntries([...ledger].filter(([slot, n]) => (counter.slots[slot] ?? 0) !== n));
  const slots = { ...counter.slots, ...set };
  const drop = Object.keys(slots).filter((slot) => /^d\d/.test(slot) && slot < `d${keptFrom}`);
  const add = slotSum({ slots }) - counter.used;
  const wrong = Object.keys(set).length > 0 || add !== 0;
  if (!wrong && drop.length === 0) return undefined;
  const kept = Object.entries(set).filter(([slot]) => !drop.includes(slot));
  const before = drop.length === 0 ? {} : { before: (slots['before'] ?? 0) + sum(drop.map((slot) => slots[slot]!)) };
  return { slots: { ...Object.fromEntries(kept), ...before }, drop, add, wrong };
}
