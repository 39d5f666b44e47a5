import type { GatewayEvent } from '../../../contract/events.ts';
import { isUnsettled } from '../../domain/approval/submission.ts';
import type { AuditEntry } from '../../domain/audit.ts';
import type { Kind, RecordByKind } from '../../domain/kinds.ts';
import { type ItemKey, nameOf } from './key.ts';
import { indexKeys, items } from './keys.ts';
import { auditShape, eventShape, fits, type Shape, shapes } from './shapes.ts';
import type { Item } from './table.ts';

/** How long an expired key is kept, so that an admin can still see what it was. */
const expiredKeySeconds = 30 * 24 * 60 * 60;

/** The key of a record. An org stands in its own partition, a key outside all of them. */
export function itemKey(kind: Kind, orgId: string, id: string): ItemKey {
  return kind === 'key' || kind === 'org' ? items[kind](id) : items[kind](orgId, id);
}

/**
 * A record as an item. The record itself is one JSON text: numbers come back as they were (DynamoDB's are not IEEE
 * doubles) and one parse reads it. Beside it stand what keys, conditions and the time to live need, and what others write
 * at any time without touching the record: the last probe of a server, the usage key of an org.
 */
export function itemOf(kind: Kind, record: RecordByKind[Kind]): Item & ItemKey {
  const { deleted_at, expires_at, last_probe, usage_key: _, ...rest } = record as Partial<UnionOfRecords>;
  return {
    ...itemKey(kind, record.org_id, record.id),
    ...(kind === 'key' ? indexKeys.key(record.org_id, record.created_at, record.id) : {}),
    ...(kind === 'org' ? indexKeys.org(record.id) : {}),
    ...(kind === 'submission' && isUnsettled(record as RecordByKind['submission'])
      ? indexKeys.unsettled(record.org_id, record.id)
      : {}),
    version: record.version,
    deleted_at,
    ttl: expires_at && Math.floor(Date.parse(expires_at) / 1000) + expiredKeySeconds,
    record: JSON.stringify({ ...rest, deleted_at, expires_at }),
    last_probe: last_probe && probeText(last_probe),
  };
}
type UnionOfRecords = RecordByKind['key'] & RecordByKind['org'] & RecordByKind['server'];

/** A probe as its own attribute, written without touching the record. */
export const probeText = (probe: NonNullable<RecordByKind['server']['last_probe']>): string => JSON.stringify(probe);

/** The record in an item. Throws when the item is not one that `itemOf` made. */
export function recordOf<K extends Kind>(kind: K, item: Item): RecordByKind[K] {
  const { last_probe, usage_key } = item;
  const record = {
    ...parse(item['record']),
    ...(last_probe === undefined ? {} : { last_probe: parse(last_probe) }),
    ...(usage_key === undefined ? {} : { usage_key }),
  };
  const shape = shapes[kind] as Shape<RecordByKind[K]>;
  if (!fits(shape, record) || record.version !== item['version']) throw foreign();
  if (nameOf(itemKey(kind, record.org_id, record.id)) !== nameOf(item)) throw foreign();
  return record;
}

/** An audit row as an item. */
export const auditItem = (entry: AuditEntry): Item => ({
  ...items.audit(entry.org_id, entry.at, entry.id),
  record: JSON.stringify(entry),
});

/** The audit row in an item. Throws when it is none. */
export function auditOf(item: Item): AuditEntry {
  const entry = parse(item['record']);
  if (!fits(auditShape, entry)) throw foreign();
  return entry;
}

/** The notice in an item. Throws when it is none. */
export function eventOf(item: Item): GatewayEvent {
  const event = parse(item['record']);
  if (!fits(eventShape, event)) throw foreign();
  return event;
}

function parse(text: unknown): object {
  try {
    return JSON.parse(String(text)) as object;
  } catch {
    throw foreign(); // the parser's own message quotes the text, which may hold a hash
  }
}

/** What is not ours in the table decides nothing: the request ends as a fault. */
const foreign = () => new Error('The table holds an item that is not ours.');
