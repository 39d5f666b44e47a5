import type { ProbeReport } from '../contract/probe.ts';
import type {
  AuditEntry,
  Caller,
  Kind,
  RecordByKind,
  ServerRecord,
  Snapshot,
  ToolDefinition,
} from './domain/records.ts';
import type { Refusal } from './domain/refusal.ts';
import type { Result } from './domain/result.ts';
import type { World } from './domain/world.ts';

/** Milliseconds since the epoch. */
export type Clock = () => number;

/** SHA-256 of a text, hex. */
export type Digest = (text: string) => string;

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
  /** Can be written once in the life of the deployment. */
  | { readonly do: 'once'; readonly what: 'bootstrap' };

/** Who holds a name; for an access group `id` is the server that carries the label. */
export interface Holder {
  readonly kind: 'server' | 'toolset' | 'access_group';
  readonly id: string;
}

/** Why a commit did nothing: the position of the first change that did not hold, and what it met. */
export interface CommitConflict {
  readonly index: number;
  readonly change: Change;
  /** The stored record or name it met, where there is one. */
  readonly met?: Readonly<Record<string, unknown>>;
}

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

/** A shared credential as kept in Secrets Manager: bound to the origin it was stored for. */
export interface StoredCredential {
  readonly origin: string;
  readonly secret?: string;
  readonly username?: string;
  readonly password?: string;
  readonly secrets?: Readonly<Record<string, string>>;
}

/** Secrets Manager. `fresh` goes past the memory (at most five minutes). */
export interface Vault {
  read(
    server: Pick<ServerRecord, 'org_id' | 'id'>,
    options?: { fresh?: boolean },
  ): Promise<StoredCredential | undefined>;
  write(server: Pick<ServerRecord, 'org_id' | 'id'>, credential: StoredCredential): Promise<void>;
  remove(server: Pick<ServerRecord, 'org_id' | 'id'>): Promise<void>;
  /** Whether the service answers. */
  check(): Promise<void>;
}

/** The peppered HMAC of key secrets, and where randomness comes from. */
export interface Secrets {
  /** HMAC-SHA-256, hex, with pepper `version`, or the current one. */
  hmac(secret: string, version?: string): Promise<{ hmac: string; pepper: string }>;
  /** Constant-time comparison of two hex strings. */
  equal(a: string, b: string): boolean;
  /** `length` characters of base62. */
  random(length: number): string;
}

/** AEAD over what leaves and comes back: cursors now, states later. `purpose` and `bound` are authenticated, not readable. */
export interface Seal {
  seal(purpose: string, bound: string, value: unknown): Promise<string>;
  /** undefined for anything not sealed by this deployment for this purpose and this `bound`. */
  open(purpose: string, bound: string, sealed: string): Promise<unknown>;
}

/** Where a call goes and with what: built by the equip stage, nothing is added later. */
export interface UpstreamTarget {
  readonly url: string;
  /** All headers of ours for this upstream, credential included; never logged. */
  readonly headers: Readonly<Record<string, string>>;
  /** The strings that must not come back in an answer or an error. */
  readonly secrets: readonly string[];
  /** Identifies whose session this may share: server id, revision and a digest of the credential. */
  readonly session: string;
  /** The revision the upstream spoke when pinned: spares a round trip. */
  readonly protocolVersion?: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** A refusal by the upstream's own authentication, kept apart so that a stored credential can be read again once. */
export type UpstreamRefusal = Refusal & { readonly unauthorized?: true };

export interface Definitions {
  readonly snapshot: {
    readonly tools: readonly ToolDefinition[];
    readonly instructions?: string;
    readonly server_info?: Readonly<Record<string, unknown>>;
  };
  readonly protocolVersion: string;
  readonly latencyMs: number;
}

/** MCP over Streamable HTTP to servers, both eras. */
export interface Upstream {
  /** All definitions, pages followed up to the cap. */
  read(target: UpstreamTarget): Promise<Result<Definitions, UpstreamRefusal>>;
  /** MCP CallToolResult as the upstream gave it. */
  call(
    target: UpstreamTarget,
    call: {
      name: string;
      arguments: Readonly<Record<string, unknown>>;
      meta?: Readonly<Record<string, unknown>>;
      mirrored?: Readonly<Record<string, string>>;
    },
  ): Promise<Result<Readonly<Record<string, unknown>>, UpstreamRefusal>>;
}

/** Checks a URL by the egress rules without dialling it; the reason when it may not be reached. */
export type CheckUrl = (url: string) => Result<URL, Refusal>;

/** Writes the line of one call. */
export type Account = (line: Readonly<Record<string, string | number | undefined>>) => void;

/** The probe function: looks at a URL with no credential of ours. */
export interface Probe {
  look(url: string): Promise<ProbeReport>;
}
