import type { SettledRow } from '../../domain/metering/ledger.ts';
import { daysFrom } from '../../domain/metering/sweep.ts';
import type { Usage } from '../../ports/books.ts';
import { ledgerShards, ranges } from './keys.ts';
import { rowOf } from './ledger.ts';
import { getItems, query } from './read.ts';
import { rollupKey, rollupOf } from './rollups.ts';
import type { Item, Table } from './table.ts';

/** Roll-ups and ledger in the table, for readers. */
export const dynamoUsage = (table: Table): Usage => ({
  async *rollups(orgId, by, from, to) {
    for await (const item of query(table, { of: ranges.rollups(orgId, by, from, to) })) yield rollupOf(item);
  },
  async rollupsNamed(names) {
    const item = await getItems(table, names.map(rollupKey));
    return names.flatMap((name) => {
      const found = item(rollupKey(name));
      return found ? [rollupOf(found)] : [];
    });
  },
  async ledger(orgId, { from, to }, { limit, after }) {
    const rows: SettledRow[] = [];
    const until = after !== undefined && after.slice(0, 10) < to ? after.slice(0, 10) : to;
    for (const day of daysFrom(from, until).toReversed()) {
      for await (const item of newestOf(table, orgId, day, after, Math.ceil(limit / ledgerShards) + slack)) {
        if (rows.length === limit) return { rows, next: positionOf(rows[limit - 1]!) };
        rows.push(rowOf(item));
      }
    }
    return { rows };
  },
});

/** A partition holds more than its share of a page by chance: so many rows more are read at once. */
const slack = 8;
const positionOf = ({ at, id }: SettledRow): string => `${at}#${id}`;

/** The rows of a day before a position, newest first: its partitions, merged. */
async function* newestOf(
  table: Table,
  orgId: string,
  day: string,
  after: string | undefined,
  pageSize: number,
): AsyncGenerator<Item> {
  const partitions = Array.from({ length: ledgerShards }, (_, shard) => {
    const of = after?.startsWith(day) ? ranges.ledgerTo(orgId, after, shard) : ranges.ledger(orgId, day, shard);
    return query(table, { of, newestFirst: true, pageSize });
  });
  const heads = await Promise.all(partitions.map((rows) => rows.next()));
  const place = (shard: number): string => String(heads[shard]?.value?.['sk'] ?? '');
  for (;;) {
    const newest = [...partitions.keys()].reduce((one, other) => (place(other) > place(one) ? other : one));
    const { done, value } = heads[newest]!;
    if (done) return;
    heads[newest] = await partitions[newest]!.next();
    if (value['sk'] !== after) yield value;
  }
}
