import type { Stored } from '../domain/records.ts';

/** A record without its cleared fields: neither null nor undefined is stored. */
const compact = <R>(record: object): R =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null && value !== undefined)) as R;

/** The first version of a record. */
export function created<R extends Stored>(fields: Omit<R, 'version' | 'created_at' | 'updated_at'>, now: number): R {
  const at = new Date(now).toISOString();
  return compact({ ...fields, version: 1, created_at: at, updated_at: at });
}

/** The next version of a record: a value sets a field, null clears it, what is undefined or absent stays. */
export function replaced<R extends Stored>(record: R, fields: object, now: number): R {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  const counted = { version: record.version + 1, updated_at: new Date(now).toISOString() };
  return compact({ ...record, ...Object.fromEntries(given), ...counted });
}
