import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Counter } from '../../domain/metering/books.ts';
import { dayBefore } from '../../domain/metering/sweep.ts';
import { dayOf } from '../../domain/metering/window.ts';
import type { Books } from '../../ports/books.ts';
import type { Clock } from '../../ports/world.ts';
import { correctCounter } from './correct.ts';
import { keptUntil } from './counters.ts';
import { indexRanges, items, ledgerShards, ranges } from './keys.ts';
import { rowKey, rowOf, settleRow } from './ledger.ts';
import { getItem, query } from './read.ts';
import { addRows } from './rollups.ts';
import { recordOf } from './stored.ts';
import { type Item, marshal, type Table } from './table.ts';
import { dynamoUsage } from './usage.ts';

/** Days that a deleted org's books are still kept: its last calls are settled and compared by then. */
const deletedOrgDays = 3;
const isSlot = /^(h\d\d|leased|before|d\d{4}-\d\d-\d\d)$/;

/** Counters, ledger and roll-ups in the table, for those who keep the books. */
export const dynamoBooks = (table: Table, clock: Clock): Books => ({
  ...dynamoUsage(table),
  async *orgs(now) {
    for await (const item of query(table, { of: indexRanges.orgs(), deleted: true })) {
      const { id, created_at, deleted_at } = recordOf('org', item);
      const gone = deleted_at !== undefined && deleted_at < dayBefore(dayOf(now), deletedOrgDays);
      if (!gone) yield { id, since: created_at.slice(0, 10) };
    }
  },
  async *rows(orgId, prefix) {
    for (let shard = 0; shard < ledgerShards; shard += 1)
      for await (const item of query(table, { of: ranges.ledger(orgId, prefix, shard) }))
        yield { ...rowOf(item), rolled: item['rolled'] === true };
  },
  async sweep(row) {
    const end = { state: 'UNKNOWN', status: 'swept', duration_ms: 0 } as const;
    await settleRow(table, row, end, clock);
    // Its call may have ended just now.
    const item = await getItem(table, rowKey(row));
    return item ? rowOf(item) : row;
  },
  rollUp: (rows) => addRows(table, rows),
  async counters(orgId, kind) {
    const counters: Counter[] = [];
    for await (const item of query(table, { of: ranges.counters(orgId, kind) })) counters.push(counterOf(item));
    return counters;
  },
  correct: (orgId, counter, correction) => correctCounter(table, orgId, counter, correction),
  async checked(orgId, day, hours) {
    await table.client.send(
      new UpdateItemCommand({
        TableName: table.name,
        Key: marshal({ ...items.counter(orgId, ['CALLS', day]) }),
        UpdateExpression: 'SET checked = :hours, #ttl = if_not_exists(#ttl, :ttl)',
        ExpressionAttributeNames: { '#ttl': 'ttl' },
        ExpressionAttributeValues: marshal({ ':hours': hours, ':ttl': keptUntil(`CALLS#${day}`) }),
      }),
    );
  },
});

function counterOf({ sk, used = 0, corrections = 0, checked = 0, ...rest }: Item): Counter {
  const slots = Object.entries(rest).filter(([name]) => isSlot.test(name));
  return {
    name: String(sk),
    used: Number(used),
    slots: Object.fromEntries(slots.map(([name, n]) => [name, Number(n)])),
    corrections: Number(corrections),
    checked: Number(checked),
  };
}
