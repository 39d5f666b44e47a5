import type { ValveState } from '../domain/metering/valve.ts';

/** What moving an org's usage-plan key needs of the table; each can be repeated. */
export interface Valves {
  /** Puts a run in charge of the org's key and takes the org off it: while it moves, nobody is counted by it. */
  claim(orgId: string, run: string): Promise<void>;
  /** What the org's item says, also of a deleted org; undefined where there never was one. */
  read(orgId: string): Promise<ValveState | undefined>;
  /** Takes a place for the org's key, once; false where `limit` are taken. */
  place(orgId: string, limit: number): Promise<boolean>;
  /** Gives the org's place back, once. */
  free(orgId: string): Promise<void>;
  /** Writes `usage_key` if the run is still in charge. */
  settle(orgId: string, run: string, usageKey: string): Promise<void>;
}

/** Starts a run that brings an org's own usage-plan key into the plan of its tier. A name runs once; false: it has. */
export type StartValve = (orgId: string, name: string) => Promise<boolean>;
