import type { PlaceKind } from '../../domain/metering/tier.ts';
import type { IndexKey, IndexPartition, ItemKey, Partition, Range, Span } from './key.ts';

/** Parts are joined by `#`; a part that could hold one might name an item of another org. */
const isPart = /^[A-Za-z0-9_.:-]{1,128}$/;

function join(...parts: readonly string[]): string {
  // `typeof`: a missing id would pass as the text `undefined`
  if (!parts.every((part) => typeof part === 'string' && isPart.test(part))) throw new Error('Not a part of a key.');
  return parts.join('#');
}
const partition = (...parts: readonly string[]) => join(...parts) as Partition;
const indexPartition = (...parts: readonly string[]) => join(...parts) as IndexPartition;

/** Partitions that a day of an org's ledger is spread over: each takes about 1,000 writes a second. */
export const ledgerShards = 8;
const shardOf = (id: string): number => id.charCodeAt(id.length - 1) % ledgerShards;
const ledgerPartition = (orgId: string, day: string, shard: number) =>
  partition('ORG', orgId, 'LEDGER', day, String(shard));

/** The key of every item there is. Keys and the deployment's own items stand outside the orgs: they are read before the org is known. */
export const items = {
  key: (id: string): ItemKey => ({ pk: partition('KEY', id), sk: 'KEY' }),
  org: (id: string): ItemKey => ({ pk: partition('ORG', id), sk: 'ORG' }),
  team: (orgId: string, id: string): ItemKey => ({ pk: partition('ORG', orgId), sk: join('TEAM', id) }),
  user: (orgId: string, id: string): ItemKey => ({ pk: partition('ORG', orgId), sk: join('USER', id) }),
  agent: (orgId: string, id: string): ItemKey => ({ pk: partition('ORG', orgId), sk: join('AGENT', id) }),
  server: (orgId: string, id: string): ItemKey => ({ pk: partition('ORG', orgId, 'DIR'), sk: join('SERVER', id) }),
  toolset: (orgId: string, id: string): ItemKey => ({ pk: partition('ORG', orgId, 'DIR'), sk: join('TOOLSET', id) }),
  name: (orgId: string, name: string): ItemKey => ({ pk: partition('ORG', orgId), sk: join('NAME', name) }),
  places: (orgId: string, what: PlaceKind): ItemKey => ({ pk: partition('ORG', orgId), sk: join('PLACES', what) }),
  audit: (orgId: string, at: string, id: string): ItemKey => ({
    pk: partition('ORG', orgId, 'AUDIT'),
    sk: join(at, id),
  }),
  chunk: (orgId: string, hash: string, position: number): ItemKey => ({
    pk: partition('ORG', orgId, 'SNAP', hash),
    sk: join('CHUNK', String(position).padStart(3, '0')),
  }),
  submission: (orgId: string, id: string): ItemKey => ({ pk: partition('ORG', orgId, 'SUB'), sk: join('SUB', id) }),
  evidence: (orgId: string, id: string, revision: number): ItemKey => ({
    pk: partition('ORG', orgId, 'REVIEW', id),
    sk: join('EVIDENCE', String(revision)),
  }),
  token: (orgId: string, id: string, revision: number): ItemKey => ({
    pk: partition('ORG', orgId, 'REVIEW', id),
    sk: join('TOKEN', String(revision)),
  }),
  count: (orgId: string, [what, whose]: readonly [string, string]): ItemKey => ({
    pk: partition('ORG', orgId, 'COUNT'),
    sk: join(what, whose),
  }),
  event: (orgId: string, at: string, id: string): ItemKey => ({
    pk: partition('ORG', orgId, 'EVENT'),
    sk: join(at, id),
  }),
  session: (orgId: string, name: string): ItemKey => ({ pk: partition('ORG', orgId, 'SESSION'), sk: join(name) }),
  counter: (orgId: string, name: readonly string[]): ItemKey => ({
    pk: partition('ORG', orgId, 'METER'),
    sk: join(...name),
  }),
  ledgerRow: (orgId: string, at: string, id: string): ItemKey => ({
    pk: ledgerPartition(orgId, at.slice(0, 10), shardOf(id)),
    sk: join(at, id),
  }),
  /** A tool's name may hold `/`, which no part may, and never `:`. */
  rollup: (orgId: string, by: string, day: string, of: readonly string[]): ItemKey => ({
    pk: partition('ORG', orgId, 'USAGE', by),
    sk: join(day, ...of.map((part) => part.replaceAll('/', ':'))),
  }),
  attempt: (orgId: string, digest: string): ItemKey => ({
    pk: partition('ORG', orgId, 'ATTEMPT', digest.slice(0, 1)),
    sk: join(digest),
  }),
  usageKeys: (): ItemKey => ({ pk: partition('DEPLOYMENT'), sk: join('PLACES', 'usage_key') }),
  once: (what: 'bootstrap'): ItemKey => ({ pk: partition('DEPLOYMENT'), sk: join('ONCE', what) }),
} as const;

/** Every range of the table that is queried. */
export const ranges = {
  teams: (orgId: string): Range => ({ pk: partition('ORG', orgId), prefix: 'TEAM#' }),
  users: (orgId: string): Range => ({ pk: partition('ORG', orgId), prefix: 'USER#' }),
  agents: (orgId: string): Range => ({ pk: partition('ORG', orgId), prefix: 'AGENT#' }),
  directory: (orgId: string): Range => ({ pk: partition('ORG', orgId, 'DIR'), prefix: '' }),
  servers: (orgId: string): Range => ({ pk: partition('ORG', orgId, 'DIR'), prefix: 'SERVER#' }),
  toolsets: (orgId: string): Range => ({ pk: partition('ORG', orgId, 'DIR'), prefix: 'TOOLSET#' }),
  audit: (orgId: string): Range => ({ pk: partition('ORG', orgId, 'AUDIT'), prefix: '' }),
  submissions: (orgId: string): Range => ({ pk: partition('ORG', orgId, 'SUB'), prefix: 'SUB#' }),
  tokens: (orgId: string, id: string): Range => ({ pk: partition('ORG', orgId, 'REVIEW', id), prefix: 'TOKEN#' }),
  events: (orgId: string): Range => ({ pk: partition('ORG', orgId, 'EVENT'), prefix: '' }),
  counters: (orgId: string, kind: 'CALLS' | 'SPEND'): Range => ({
    pk: partition('ORG', orgId, 'METER'),
    prefix: `${kind}#`,
  }),
  /** `prefix` narrows a day to an hour, `2026-11-24T10`, or is the day itself. */
  ledger: (orgId: string, prefix: string, shard: number): Range => ({
    pk: ledgerPartition(orgId, prefix.slice(0, 10), shard),
    prefix,
  }),
  /** Up to a row, `at#id`, of the day that it names. */
  ledgerTo: (orgId: string, row: string, shard: number): Span => ({
    pk: ledgerPartition(orgId, row.slice(0, 10), shard),
    first: row.slice(0, 10),
    last: row,
  }),
  /** From a day to a day. */
  rollups: (orgId: string, by: string, from: string, to: string): Span => ({
    pk: partition('ORG', orgId, 'USAGE', by),
    first: join(from),
    last: `${join(to)}#~`,
  }),
  chunks: (orgId: string, hash: string): Range => ({ pk: partition('ORG', orgId, 'SNAP', hash), prefix: 'CHUNK#' }),
} as const;

/**
 * Every place in the index `byOrg`. Two of its partitions are of no org: the list of orgs, which operators and schedules
 * read, and the submissions that the sweep has to look at.
 */
export const indexKeys = {
  key: (orgId: string, createdAt: string, id: string): IndexKey => ({
    gpk: indexRanges.keys(orgId),
    gsk: join(createdAt, id),
  }),
  org: (id: string): IndexKey => ({ gpk: indexRanges.orgs(), gsk: join(id) }),
  unsettled: (orgId: string, id: string): IndexKey => ({ gpk: indexRanges.unsettled(), gsk: join(orgId, id) }),
} as const;

/** Every partition of the index `byOrg` that is queried. */
export const indexRanges = {
  keys: (orgId: string): IndexPartition => indexPartition('ORG', orgId, 'KEYS'),
  orgs: (): IndexPartition => indexPartition('ORGS'),
  unsettled: (): IndexPartition => indexPartition('UNSETTLED'),
} as const;
