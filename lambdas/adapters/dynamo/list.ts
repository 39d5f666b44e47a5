import type { GatewayEvent } from '../../../contract/events.ts';
import type { AuditEntry } from '../../domain/audit.ts';
import type { Kind, RecordByKind } from '../../domain/kinds.ts';
import type { Page } from '../../ports/table.ts';
import type { IndexPartition, Range } from './key.ts';
import { indexKeys, indexRanges, items, ranges } from './keys.ts';
import { type Query, query } from './read.ts';
import { auditOf, eventOf, itemKey, recordOf } from './stored.ts';
import type { Item, Table } from './table.ts';

interface Asked {
  readonly limit: number;
  /** The position of the last row of the page before. */
  readonly after?: string;
}

const rangeOf: { readonly [K in Kind]: (orgId: string) => Range | IndexPartition } = {
  key: indexRanges.keys,
  org: indexRanges.orgs,
  team: ranges.teams,
  user: ranges.users,
  agent: ranges.agents,
  server: ranges.servers,
  toolset: ranges.toolsets,
  submission: ranges.submissions,
};

/** A page of records: keys by age, the others by id. A position is `created_at#id` of a key, else an id. */
export function listRecords<K extends Kind>(table: Table, kind: K, orgId: string, asked: Asked) {
  return page<RecordByKind[K]>(table, asked, {
    of: rangeOf[kind](orgId),
    read: (item) => recordOf(kind, item),
    positionOf: (record) => (kind === 'key' ? `${record.created_at}#${record.id}` : record.id),
    startAt: (position) => startAt(kind, orgId, position),
  });
}

function startAt(kind: Kind, orgId: string, position: string): NonNullable<Query['after']> {
  if (kind === 'org') return { ...items.org(position), ...indexKeys.org(position) };
  if (kind !== 'key') return itemKey(kind, orgId, position);
  const [createdAt, id] = split(position);
  return { ...items.key(id), ...indexKeys.key(orgId, createdAt, id) };
}

/** A page of an org's audit rows, newest first. A position is `at#id`. */
export const listAudit = (table: Table, orgId: string, asked: Asked): Promise<Page<AuditEntry>> =>
  page<AuditEntry>(table, asked, {
    of: ranges.audit(orgId),
    newestFirst: true,
    read: auditOf,
    positionOf: ({ at, id }) => `${at}#${id}`,
    startAt: (position) => items.audit(orgId, ...split(position)),
  });

/** A page of an org's notices, newest first. A position is `at#id`. */
export const listEvents = (table: Table, orgId: string, asked: Asked): Promise<Page<GatewayEvent>> =>
  page<GatewayEvent>(table, asked, {
    of: ranges.events(orgId),
    newestFirst: true,
    read: eventOf,
    positionOf: ({ at, id }) => `${at}#${id}`,
    startAt: (position) => items.event(orgId, ...split(position)),
  });

/** Positions come back sealed, so a malformed one is a fault; `keys.ts` checks the form of each part. */
function split(position: string): [string, string] {
  const [first, second, ...more] = position.split('#');
  if (first === undefined || second === undefined || more.length > 0) throw new Error('Not a position of this list.');
  return [first, second];
}

interface Listing<T> extends Pick<Query, 'of' | 'newestFirst'> {
  readonly read: (item: Item) => T;
  readonly positionOf: (row: T) => string;
  readonly startAt: (position: string) => NonNullable<Query['after']>;
}

/** Asks for one row more than the page, so that `next` is there only when a next row is. */
async function page<T>(table: Table, { limit, after }: Asked, listing: Listing<T>): Promise<Page<T>> {
  const { read, positionOf, startAt, ...rest } = listing;
  const start = after === undefined ? {} : { after: startAt(after) };
  const rows: T[] = [];
  for await (const item of query(table, { ...rest, ...start, pageSize: limit + 1 })) {
    if (rows.length === limit) return { rows, next: positionOf(rows[limit - 1]!) };
    rows.push(read(item));
  }
  return { rows };
}
