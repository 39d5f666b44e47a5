import type { AuditEntry } from '../domain/audit.ts';
import type { Caller } from '../domain/caller.ts';
import type { Snapshot } from '../domain/definition.ts';
import type { Kind, RecordByKind } from '../domain/kinds.ts';
import type { PlaceKind } from '../domain/metering/tier.ts';
import type { ServerRecord } from '../domain/records.ts';
import type { World } from '../domain/world.ts';

/** A change to one record or name; a list of them is committed whole or not at all. */
export type Change =
  | { [K in Kind]: { readonly do: 'create'; readonly kind: K; readonly record: RecordByKind[K] } }[Kind]
  /** `record.version` is `was + 1`; a record that moved on meanwhile is a conflict. */
  | {
      [K in Kind]: { readonly do: 'replace'; readonly kind: K; readonly record: RecordByKind[K]; readonly was: number };
    }[Kind]
  | {
      readonly do: 'remove';
      readonly kind: 'server' | 'toolset';
      readonly org_id: string;
      readonly id: string;
      readonly was: number;
    }
  /** The one namespace of the org. An access group is held by all servers that carry it. */
  | {
      readonly do: 'take_name' | 'release_name';
      readonly org_id: string;
      readonly name: string;
      readonly holder: Holder;
    }
  /** The record must exist and be no tombstone when the rest is written. */
  | {
      readonly do: 'require';
      readonly kind: 'team' | 'user' | 'agent' | 'org';
      readonly org_id: string;
      readonly id: string;
    }
  /** Counts one up, unless that would pass `most`; gone after `until` (ms), where it is given. */
  | {
      readonly do: 'count_up';
      readonly org_id: string;
      readonly of: Counted;
      readonly most: number;
      readonly until?: number;
    }
  | { readonly do: 'count_down'; readonly org_id: string; readonly of: Counted }
  /** A place of the org's tier, taken where fewer than `limit` are; conflicts with a counter that is full or not there. */
  | {
      readonly do: 'take_place';
      readonly what: PlaceKind;
      readonly org_id: string;
      readonly tier: string;
      readonly limit: number;
    }
  /** Conflicts with a counter that is at nought or not there. */
  | { readonly do: 'free_place'; readonly what: PlaceKind; readonly org_id: string }
  /** Can be written once in the life of the deployment. */
  | { readonly do: 'once'; readonly what: 'bootstrap' };

/** What is counted: a person's open submissions, an org's submissions of a day (`2026-11-24`). */
export type Counted = readonly ['OPEN', string] | readonly ['DAY', string];

/** A counter of places: how many are used, and how often that has changed. */
export interface Places {
  readonly used: number;
  readonly changes: number;
}

/** Who holds a name; for an access group `id` is the server that carries the label. */
export interface Holder {
  readonly kind: 'server' | 'toolset' | 'access_group';
  readonly id: string;
}

/** Why a commit did nothing: the position of the first change that did not hold, and what it met. */
export interface CommitConflict {
  readonly index: number;
  readonly change: Change;
  /** The stored record, name or counter it met, where there is one. */
  readonly met?: Readonly<Record<string, unknown>>;
}

/** A part of a stored list. */
export interface Page<T> {
  readonly rows: readonly T[];
  /** Where the next page starts; opaque to everybody but the store. */
  readonly next?: string;
}

/** The table as administration sees it. Reads are strongly consistent, but for `list`. A store that cannot answer throws. */
export interface Records {
  get<K extends Kind>(kind: K, orgId: string, id: string): Promise<RecordByKind[K] | undefined>;
  /** A key by id alone: nobody knows the org before the key is read. */
  key(id: string): Promise<RecordByKind['key'] | undefined>;
  /** `orgId` is ignored for kind `org`. */
  list<K extends Kind>(kind: K, orgId: string, page: { limit: number; after?: string }): Promise<Page<RecordByKind[K]>>;
  /** All servers and toolsets of an org. */
  directory(orgId: string): Promise<{ servers: readonly ServerRecord[]; toolsets: readonly RecordByKind['toolset'][] }>;
  /** Whether a once-only change was made. */
  done(what: 'bootstrap'): Promise<boolean>;
  /** Writes all changes and their audit rows in one transaction. */
  commit(audit: readonly AuditEntry[], changes: readonly Change[]): Promise<CommitConflict | undefined>;
  audit(orgId: string, page: { limit: number; after?: string }): Promise<Page<AuditEntry>>;
  /** The counter of an org's places; undefined where they were never counted. */
  places(orgId: string, what: PlaceKind): Promise<Places | undefined>;
  /** Sets the counter to what was counted, unless it has changed since it was `seen`. */
  recount(orgId: string, what: PlaceKind, seen: Places | undefined, used: number): Promise<void>;
  /** Remembers what a probe saw; touches nothing else of the server and needs no version. */
  probed(server: ServerRecord, probe: NonNullable<ServerRecord['last_probe']>): Promise<void>;
}

/** The levels and the directory that decide for a caller, one parallel batch of strongly consistent reads, kept at most five seconds. */
export interface Worlds {
  load(caller: Caller): Promise<World>;
}

/** What the authorizer needs beside the key: every record whose state can make a key dead, one batch. */
export interface Principals {
  load(key: RecordByKind['key']): Promise<{
    readonly org: RecordByKind['org'] | undefined;
    readonly team: RecordByKind['team'] | undefined;
    readonly user: RecordByKind['user'] | undefined;
    readonly agent: RecordByKind['agent'] | undefined;
    /** Keys of the lineage and the team, user and agent they are bound to; a missing one is `undefined`. */
    readonly minters: readonly {
      readonly key: RecordByKind['key'] | undefined;
      readonly team: RecordByKind['team'] | undefined;
      readonly user: RecordByKind['user'] | undefined;
      readonly agent: RecordByKind['agent'] | undefined;
    }[];
  }>;
}

/** Snapshots: immutable chunks under their hash, so what is in memory may stay there. */
export interface Snapshots {
  get(orgId: string, hash: string): Promise<Snapshot | undefined>;
  /** Idempotent. */
  put(orgId: string, hash: string, snapshot: Snapshot): Promise<void>;
}
