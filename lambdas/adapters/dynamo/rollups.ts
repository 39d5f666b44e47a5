import type { SettledRow } from '../../domain/metering/ledger.ts';
import { partsOf, type Rollup, type RollupName, rollUp } from '../../domain/metering/rollup.ts';
import { items } from './keys.ts';
import { rowKey } from './ledger.ts';
import type { Item, Table } from './table.ts';
import { mostItems, transact, type Write } from './transact.ts';

/** The key of a roll-up. */
export const rollupKey = ({ org_id, by, day, of }: RollupName) => items.rollup(org_id, by, day, of);

/** The roll-up in an item. */
export const rollupOf = ({ name, calls, done, failed, unknown, price }: Item): Rollup => ({
  ...(JSON.parse(String(name)) as RollupName),
  calls: Number(calls),
  done: Number(done),
  failed: Number(failed),
  unknown: Number(unknown),
  price: Number(price),
});

/**
 * Adds settled rows to their roll-ups and marks them in the same transactions, so that a row is added once, however often
 * and in whatever order it comes; answers how many were new.
 */
export async function addRows(table: Table, rows: readonly SettledRow[]): Promise<number> {
  let added = 0;
  for (const part of partsOf(rows, mostItems)) added += await addPart(table, part);
  return added;
}

async function addPart(table: Table, rows: readonly SettledRow[]): Promise<number> {
  if (rows.length === 0) return 0;
  const failed = await transact(table, [...rows.map(mark), ...rollUp(rows).map(add)]);
  if (failed.length === 0) return rows.length;
  // Only marks have a condition: what failed is rolled up already, or is no row any more.
  return addPart(
    table,
    rows.filter((_, position) => failed[position]?.Code !== 'ConditionalCheckFailed'),
  );
}

/** Its change of the row is none that the stream's filter lets through: the row was settled before. */
const mark = (row: SettledRow): Write => ({
  verb: 'Update',
  key: rowKey(row),
  update: 'SET rolled = :yes',
  when: 'attribute_not_exists(rolled) AND #state IN (:done, :failed, :unknown)',
  names: { '#state': 'state' },
  values: { ':yes': true, ':done': 'DONE', ':failed': 'FAILED', ':unknown': 'UNKNOWN' },
});

const add = ({ calls, done, failed, unknown, price, ...name }: Rollup): Write => ({
  verb: 'Update',
  key: rollupKey(name),
  update: 'SET #name = :name ADD #calls :calls, #done :done, #failed :failed, #unknown :unknown, #price :price',
  names: {
    '#name': 'name',
    '#calls': 'calls',
    '#done': 'done',
    '#failed': 'failed',
    '#unknown': 'unknown',
    '#price': 'price',
  },
  values: {
    ':name': JSON.stringify(name),
    ':calls': calls,
    ':done': done,
    ':failed': failed,
    ':unknown': unknown,
    ':price': price,
  },
});
