import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { AuditEntry } from '../../lambdas/domain/audit.ts';
import type { Snapshot } from '../../lambdas/domain/definition.ts';
import type { Kind, RecordByKind } from '../../lambdas/domain/kinds.ts';
import type { Claim } from '../../lambdas/domain/metering/claim.ts';
import type { End, RowName, SettledRow } from '../../lambdas/domain/metering/ledger.ts';
import type { Tiers } from '../../lambdas/domain/metering/tier.ts';
import type { Binding } from '../../lambdas/domain/records.ts';
import { no, ok } from '../../lambdas/domain/result.ts';
import type { Bound } from '../../lambdas/domain/world.ts';
import type { AttemptName, Attempts, Counters, EarlierAttempt, Meter } from '../../lambdas/ports/meter.ts';
import type {
  Change,
  CommitConflict,
  Holder,
  Page,
  Places,
  Records,
  Snapshots,
  Worlds,
} from '../../lambdas/ports/table.ts';
import type { Sessions, StoredSession } from '../../lambdas/ports/upstream.ts';
import type { Seal, Secrets, StoredCredential, Vault } from '../../lambdas/ports/vault.ts';

type AnyRecord = RecordByKind[Kind];
const place = (kind: Kind, orgId: string, id: string) => (kind === 'org' ? `org/${id}` : `${kind}/${orgId}/${id}`);
/** Tombstones are absent from every read. */
const isThere = (record: AnyRecord) => !('deleted_at' in record);
const named = (orgId: string, name: string) => `name/${orgId}/${name}`;

/** Records in memory: commits are whole or nothing, with the conflicts of the table. `rows` and `audits` are open to a test. */
interface MemoryRecords extends Records {
  readonly rows: Map<string, AnyRecord>;
  readonly names: Map<string, { readonly kind: Holder['kind']; readonly ids: readonly string[] }>;
  /** Counters of places by `org/what`. */
  readonly counters: Map<string, Places>;
  readonly audits: AuditEntry[];
  /** Puts a record without a commit, as a test's beginning. */
  seed<K extends Kind>(kind: K, record: RecordByKind[K]): void;
}

/** An empty table. */
export function memoryRecords(): MemoryRecords {
  const rows: MemoryRecords['rows'] = new Map();
  const names: MemoryRecords['names'] = new Map();
  const places: MemoryRecords['counters'] = new Map();
  const done = new Set<string>();
  const counts = new Map<string, number>();
  const audits: AuditEntry[] = [];
  const all = <K extends Kind>(kind: K, orgId: string) =>
    [...rows]
      .filter(([key]) => key.startsWith(kind === 'org' ? 'org/' : `${kind}/${orgId}/`))
      .map(([, record]) => structuredClone(record) as RecordByKind[K])
      .filter(isThere)
      .sort((a, b) => (a.id < b.id ? -1 : 1));

  /** The change's place, and what it meets when it does not hold (`true`: nothing stored). */
  function check(change: Change): { at: string; met?: object | true | undefined } {
    switch (change.do) {
      case 'create': {
        const at = place(change.kind, change.record.org_id, change.record.id);
        return { at, met: rows.get(at) };
      }
      case 'replace': {
        const { org_id, id, version } = change.record;
        if (version !== change.was + 1) throw new Error('a replaced record counts its version on by one');
        const at = place(change.kind, org_id, id);
        const stored = rows.get(at);
        return { at, met: stored?.version === change.was ? undefined : (stored ?? true) };
      }
      case 'remove': {
        const at = place(change.kind, change.org_id, change.id);
        const stored = rows.get(at);
        return { at, met: stored?.version === change.was ? undefined : (stored ?? true) };
      }
      case 'take_name': {
        const at = named(change.org_id, change.name);
        const held = names.get(at);
        const shared = held?.kind === 'access_group' && change.holder.kind === 'access_group';
        return { at, met: shared ? undefined : held };
      }
      case 'release_name': {
        const at = named(change.org_id, change.name);
        return { at, met: names.get(at)?.ids.includes(change.holder.id) ? undefined : (names.get(at) ?? true) };
      }
      case 'require': {
        const at = place(change.kind, change.org_id, change.id);
        const stored = rows.get(at);
        return { at, met: stored && isThere(stored) ? undefined : (stored ?? true) };
      }
      case 'count_up':
      case 'count_down': {
        const at = `count/${change.org_id}/${change.of.join('/')}`;
        const full = change.do === 'count_up' && (counts.get(at) ?? 0) >= change.most;
        return { at, met: full || (change.do === 'count_down' && !counts.get(at)) ? true : undefined };
      }
      case 'take_place':
      case 'free_place': {
        const at = `${change.org_id}/${change.what}`;
        const stored = places.get(at);
        const fits = change.do === 'take_place' ? (stored?.used ?? Infinity) < change.limit : (stored?.used ?? 0) > 0;
        return { at, met: fits ? undefined : (stored ?? true) };
      }
      case 'once':
        return { at: change.what, met: done.has(change.what) ? true : undefined };
    }
  }

  function apply(change: Change, at: string): void {
    if (change.do === 'create' || change.do === 'replace') rows.set(at, structuredClone(change.record) as AnyRecord);
    if (change.do === 'remove') rows.delete(at);
    if (change.do === 'once') done.add(at);
    if (change.do === 'count_up') counts.set(at, (counts.get(at) ?? 0) + 1);
    if (change.do === 'count_down') counts.set(at, (counts.get(at) ?? 0) - 1);
    if (change.do === 'take_place' || change.do === 'free_place') {
      const { used, changes } = places.get(at)!;
      places.set(at, { used: used + (change.do === 'take_place' ? 1 : -1), changes: changes + 1 });
    }
    if (change.do === 'take_name') {
      const ids = new Set([...(names.get(at)?.ids ?? []), change.holder.id]);
      names.set(at, { kind: change.holder.kind, ids: [...ids] });
    }
    if (change.do === 'release_name') {
      const ids = (names.get(at)?.ids ?? []).filter((id) => id !== change.holder.id);
      if (ids.length === 0) names.delete(at);
      else names.set(at, { kind: change.holder.kind, ids });
    }
  }

  const paged = <T>(found: readonly T[], { limit, after }: { limit: number; after?: string }): Page<T> => {
    const start = after === undefined ? 0 : Number(after);
    const end = start + limit;
    return { rows: found.slice(start, end), ...(end < found.length ? { next: String(end) } : {}) };
  };

  return {
    rows,
    names,
    counters: places,
    audits,
    seed: (kind, record) => void rows.set(place(kind, record.org_id, record.id), structuredClone(record) as AnyRecord),
    get: async <K extends Kind>(kind: K, orgId: string, id: string) => {
      const stored = rows.get(place(kind, orgId, id));
      return stored && isThere(stored) ? (structuredClone(stored) as RecordByKind[K]) : undefined;
    },
    key: async (id) =>
      structuredClone([...rows].find(([at]) => at.startsWith('key/') && at.endsWith(`/${id}`))?.[1]) as
        | RecordByKind['key']
        | undefined,
    list: async (kind, orgId, page) => paged(all(kind, orgId), page),
    directory: async (orgId) => ({ servers: all('server', orgId), toolsets: all('toolset', orgId) }),
    done: async (what) => done.has(what),
    commit: async (audit, changes): Promise<CommitConflict | undefined> => {
      const places = changes.map((change) => check(change).at);
      for (const [index, change] of changes.entries()) {
        const first = places.indexOf(places[index]!);
        const other = changes[first]!;
        if (first === index || change.do === 'require' || other.do === 'require') continue;
        if (change.do !== 'take_name' || other.do !== 'take_name') throw new Error('a commit changes one item twice');
        return { index, change, met: { kind: other.holder.kind, ids: [other.holder.id] } };
      }
      for (const [index, change] of changes.entries()) {
        const { met } = check(change);
        if (met !== undefined) return { index, change, ...(met === true ? {} : { met: { ...met } }) };
      }
      for (const [index, change] of changes.entries()) apply(change, places[index]!);
      audits.push(...structuredClone(audit));
      return undefined;
    },
    audit: async (orgId, page) => paged(audits.filter((row) => row.org_id === orgId).toReversed(), page),
    places: async (orgId, what) => places.get(`${orgId}/${what}`),
    recount: async (orgId, what, seen, used) => {
      const at = `${orgId}/${what}`;
      const stored = places.get(at);
      if (stored?.changes === seen?.changes) places.set(at, { used, changes: (stored?.changes ?? 0) + 1 });
    },
    probed: async (server, probe) => {
      const at = place('server', server.org_id, server.id);
      const stored = rows.get(at);
      if (stored) rows.set(at, { ...stored, last_probe: probe } as AnyRecord);
    },
  };
}

/** Worlds read from records at every call, without the five seconds of memory. */
export const memoryWorlds = (records: Records): Worlds => {
  const bound = async ({ key_id }: Binding): Promise<Bound | undefined> => {
    const key = await records.key(key_id);
    const org = key && (await records.get('org', key.org_id, key.org_id));
    if (!key || !org) return undefined;
    const live = async <K extends 'team' | 'user' | 'agent'>(kind: K, id: string | undefined) => {
      const record = id === undefined ? undefined : await records.get(kind, key.org_id, id);
      return record ? { [kind]: record } : {};
    };
    const principals = await Promise.all([
      live('team', key.team_id),
      live('user', key.user_id),
      live('agent', key.agent_id),
    ]);
    return { key, org, ...Object.assign({}, ...principals) };
  };
  return {
    load: async (caller) => {
      const own = await bound(caller);
      if (!own) throw new Error('the caller has no key record');
      const minters = await Promise.all(caller.lineage.map(bound));
      return { ...own, minters, ...(await records.directory(caller.org_id)) };
    },
  };
};

/** Snapshots under (org, hash). */
export const memorySnapshots = (): Snapshots & { readonly stored: Map<string, Snapshot> } => {
  const stored = new Map<string, Snapshot>();
  return {
    stored,
    get: async (orgId, hash) => stored.get(`${orgId}/${hash}`),
    put: async (orgId, hash, snapshot) => void stored.set(`${orgId}/${hash}`, snapshot),
  };
};

/** Credentials by server id. */
export const memoryVault = (): Vault & { readonly stored: Map<string, StoredCredential> } => {
  const stored = new Map<string, StoredCredential>();
  return {
    stored,
    read: async ({ id }) => stored.get(id),
    write: async ({ id }, credential) => void stored.set(id, credential),
    remove: async ({ id }) => void stored.delete(id),
    check: async () => {},
  };
};

/** Sessions by org and name, which a test may read. */
export const memorySessions = (): Sessions & { readonly stored: Map<string, StoredSession> } => {
  const stored = new Map<string, StoredSession>();
  return {
    stored,
    load: async (orgId, name) => stored.get(`${orgId}/${name}`),
    save: async (orgId, name, session) => void stored.set(`${orgId}/${name}`, session),
    forget: async (orgId, name) => void stored.delete(`${orgId}/${name}`),
  };
};

/** Readable for a test, yet refused for another purpose, another `bound`, or with a character changed. */
export const memorySeal = (): Seal => {
  const tag = (...parts: readonly string[]) => createHmac('sha256', 'seal').update(JSON.stringify(parts)).digest('hex');
  return {
    seal: async (purpose, bound, value) => {
      const text = Buffer.from(JSON.stringify(value)).toString('base64url');
      return `${text}.${tag(purpose, bound, text)}`;
    },
    open: async (purpose, bound, sealed) => {
      const [text = '', mark] = sealed.split('.');
      return mark === tag(purpose, bound, text) ? JSON.parse(Buffer.from(text, 'base64url').toString()) : undefined;
    },
  };
};

/** A fixed pepper, and "random" texts that count up, so that runs are alike. */
export const memorySecrets = (): Secrets => {
  let count = 0;
  return {
    hmac: async (secret, version = '1') => ({
      hmac: createHmac('sha256', `pepper ${version}`).update(secret).digest('hex'),
      pepper: version,
    }),
    equal: (a, b) => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b)),
    random: (length) => String(++count).padStart(length, '0'),
  };
};

/** SHA-256, hex. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The tiers of tests. */
export const testTiers: Tiers = {
  byName: {
    free: { calls_per_day: 100, servers: 3, keys: 20, rpm: 600, burst: 100, retention_days: 90 },
    team: { calls_per_day: 10_000, servers: 50, keys: 500, rpm: 6_000, burst: 400, retention_days: 400 },
  },
  default: 'free',
};

/** Counters and ledger in memory, exact as the table's; `rows` and `used` are open to a test. */
export function memoryMeter(): Meter & {
  readonly rows: Map<string, SettledRow & { readonly rounds: number }>;
  readonly used: Map<string, number>;
} {
  const rows = new Map<string, SettledRow & { readonly rounds: number }>();
  const used = new Map<string, number>();
  const add = (claim: Claim, n: number) => {
    const name = claim.counter.join('#');
    used.set(name, (used.get(name) ?? 0) + n);
    return used.get(name)!;
  };
  const close = ({ id }: RowName, end: End): boolean => {
    const row = rows.get(id);
    const open = row?.state === 'RESERVED' || (row?.status === 'input_required' && end.state === 'DONE');
    if (row && open) rows.set(id, { ...row, ...end });
    return open;
  };
  return {
    rows,
    used,
    async reserve(row, claims) {
      const short = claims.find(({ counter, take, limit }) => (used.get(counter.join('#')) ?? 0) + take > limit);
      rows.set(row.id, { ...row, state: short ? 'RELEASED' : 'RESERVED', rounds: 0 });
      if (short) return no({ claim: short, used: used.get(short.counter.join('#')) ?? 0 });
      return ok(claims.map((claim) => add(claim, claim.take)));
    },
    async settle(row, end) {
      close(row, end);
    },
    async release(row, claims, end) {
      if (close(row, end)) for (const claim of claims) add(claim, -claim.take);
    },
    async resume({ id }, round) {
      const row = rows.get(id);
      if (!row || row.rounds !== round || row.state === 'RELEASED') return false;
      rows.set(id, { ...row, rounds: round + 1 });
      return true;
    },
  };
}

/** Counters by name that a test has set, whichever the org. */
export const memoryCounters = (used: Readonly<Record<string, number>> = {}): Counters => ({
  read: async (_, names) => names.map((name) => used[name.join('#')] ?? 0),
});

/** Attempts in memory. */
export function memoryAttempts(): Attempts {
  const known = new Map<string, EarlierAttempt>();
  const nameOf = ({ org_id, digest }: AttemptName) => `${org_id} ${digest}`;
  return {
    async begin(name, request) {
      const earlier = known.get(nameOf(name));
      if (!earlier) known.set(nameOf(name), { request, state: 'running' });
      return earlier;
    },
    async keep(name, outcome) {
      known.set(nameOf(name), { ...known.get(nameOf(name))!, state: 'kept', outcome });
    },
    async forget(name) {
      known.delete(nameOf(name));
    },
  };
}
