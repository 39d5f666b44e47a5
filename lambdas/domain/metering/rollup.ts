import type { Micros } from '../money.ts';
import type { LedgerRow, SettledRow } from './ledger.ts';

/** What usage is summed by, a UTC day at a time. */
export const dimensions = ['key', 'team', 'user', 'org', 'agent', 'server', 'tool'] as const;
/** One of them. */
export type Dimension = (typeof dimensions)[number];

/** What was used: counted calls, how they ended, what they cost. */
export interface Sums {
  readonly calls: number;
  readonly done: number;
  readonly failed: number;
  readonly unknown: number;
  readonly price: Micros;
}

/** Names a roll-up: the day (`2026-11-24`) and whose usage it is, an id, or of a tool the server's id and the tool's name. */
export interface RollupName {
  readonly org_id: string;
  readonly by: Dimension;
  readonly day: string;
  readonly of: readonly string[];
  /** The server's alias, on roll-ups of servers and tools: it outlives the server. */
  readonly server?: string;
}

/** A day's usage of one key, team, user, org, agent, server or tool. */
export interface Rollup extends RollupName, Sums {}

/** Nothing used. */
export const noSums: Sums = { calls: 0, done: 0, failed: 0, unknown: 0, price: 0 };

/** Two sums as one. */
export const addSums = (one: Sums, other: Sums): Sums => ({
  calls: one.calls + other.calls,
  done: one.done + other.done,
  failed: one.failed + other.failed,
  unknown: one.unknown + other.unknown,
  price: one.price + other.price,
});

/** One text for each roll-up there can be. */
export const nameOfRollup = ({ org_id, by, day, of }: RollupName): string => [org_id, by, day, ...of].join('#');

/** The roll-ups that a row belongs to: always its key, org, server and tool. */
export function rollupsOf(row: LedgerRow): readonly RollupName[] {
  const { org_id, key_id, team_id, user_id, agent_id, server_id, server, tool } = row;
  const of: Readonly<Record<Dimension, readonly (string | undefined)[]>> = {
    key: [key_id],
    team: [team_id],
    user: [user_id],
    org: [org_id],
    agent: [agent_id],
    server: [server_id],
    tool: [server_id, tool],
  };
  return dimensions.flatMap((by) => {
    const parts = of[by].filter((part) => part !== undefined);
    if (parts.length === 0) return [];
    const name = { org_id, by, day: row.at.slice(0, 10), of: parts };
    return [by === 'server' || by === 'tool' ? { ...name, server } : name];
  });
}

const endings = { DONE: 'done', FAILED: 'failed', UNKNOWN: 'unknown' } as const;

/** Whether a row has ended and counts: only such rows are rolled up. */
export const rollsUp = ({ state }: SettledRow): boolean => state in endings;

/** What settled rows add to each roll-up. Rows that do not count, or have not ended, add nothing; no row may be given twice. */
export const rollUp = (rows: readonly SettledRow[]): readonly Rollup[] =>
  mergeRollups(
    rows.filter(rollsUp).flatMap((row) => {
      const ending = endings[row.state as keyof typeof endings];
      return rollupsOf(row).map((name) => ({ ...name, ...noSums, calls: 1, [ending]: 1, price: row.price }));
    }),
  );

/** Roll-ups of the same name as one. */
export function mergeRollups(rollups: readonly Rollup[]): readonly Rollup[] {
  const merged = new Map<string, Rollup>();
  for (const rollup of rollups) {
    const name = nameOfRollup(rollup);
    merged.set(name, { ...rollup, ...addSums(merged.get(name) ?? noSums, rollup) });
  }
  return [...merged.values()];
}

/**
 * Splits rows, each taken once, so that every part's rows and roll-ups together are at most `most` items: the size of a
 * transaction. Rows that add nothing are left out.
 */
export function partsOf(rows: readonly SettledRow[], most: number): readonly (readonly SettledRow[])[] {
  const distinct = new Map(rows.filter(rollsUp).map((row) => [row.id, row]));
  const parts: SettledRow[][] = [];
  let touched = new Set<string>();
  for (const row of distinct.values()) {
    const names = rollupsOf(row).map(nameOfRollup);
    const part = parts.at(-1);
    const size = (part?.length ?? 0) + 1 + new Set([...touched, ...names]).size;
    if (part === undefined || size > most) {
      parts.push([row]);
      touched = new Set(names);
    } else {
      part.push(row);
      for (const name of names) touched.add(name);
    }
  }
  return parts;
}
