import { beforeAll, expect, test } from '@jest/globals';
import { putRow, settleRow } from '../../../lambdas/adapters/dynamo/ledger.ts';
import { addRows } from '../../../lambdas/adapters/dynamo/rollups.ts';
import { dynamoUsage } from '../../../lambdas/adapters/dynamo/usage.ts';
import { aSettledRow } from '../../support/ledger.ts';
import { tableOfFile } from '../../support/table.ts';

const it = tableOfFile();
const usage = () => dynamoUsage(it.table);

/** Three days of rows, the middle one empty, in the order they were made; several share a moment. */
const rows = ['2026-11-22', '2026-11-24'].flatMap((day) =>
  Array.from({ length: 40 }, (_, n) => ({
    at: `${day}T09:${String(Math.floor(n / 2)).padStart(2, '0')}:00.000Z`,
    id: `call_${String(n * 7_919).padStart(12, '0')}`,
  })),
);
const newestFirst = rows
  .map(({ at, id }) => `${at}#${id}`)
  .sort()
  .reverse();

beforeAll(async () => {
  for (const row of rows) {
    const { state: _, status: __, duration_ms: ___, settled_at: ____, ...reserved } = aSettledRow(row);
    await putRow(it.table, reserved);
  }
});

test.each([1, 7, 40, 200])(
  'pages of %d rows show the whole ledger once, newest first, over all its partitions',
  async (limit) => {
    const seen: string[] = [];
    let pages = 0;
    for (let after: string | undefined; ; pages += 1) {
      const range = { from: '2026-11-20', to: '2026-11-25' };
      const page = await usage().ledger('default', range, { limit, ...(after === undefined ? {} : { after }) });
      expect(page.rows.length).toBeLessThanOrEqual(limit);
      seen.push(...page.rows.map(({ at, id }) => `${at}#${id}`));
      after = page.next;
      if (after === undefined) break;
    }
    expect(seen).toEqual(newestFirst);
    expect(pages).toBe(Math.ceil(rows.length / limit) - 1);
  },
);

test('a day is whole from its first to its last moment, and no other org’s rows are there', async () => {
  const day = { from: '2026-11-22', to: '2026-11-22' };
  expect((await usage().ledger('default', day, { limit: 100 })).rows).toHaveLength(40);
  expect((await usage().ledger('default', { from: '2026-11-23', to: '2026-11-23' }, { limit: 100 })).rows).toEqual([]);
  expect((await usage().ledger('org_b', { from: '2026-11-20', to: '2026-11-25' }, { limit: 100 })).rows).toEqual([]);
});

test('roll-ups are read by kind from a day to a day, and by name where they exist', async () => {
  const of = (day: string, team_id: string) =>
    aSettledRow({ id: team_id, org_id: 'org_r', at: `${day}T09:00:00.000Z`, team_id });
  const settled = [of('2026-11-22', 'team_a'), of('2026-11-23', 'team_b'), of('2026-11-24', 'team_c')];
  for (const row of settled) {
    const { state: _, status: __, duration_ms: ___, settled_at: ____, ...reserved } = row;
    await putRow(it.table, reserved);
    await settleRow(it.table, row, { state: 'DONE', status: 'done', duration_ms: 1 }, () => Date.now());
  }
  await addRows(it.table, settled);
  const found: unknown[] = [];
  for await (const { of, day, calls } of usage().rollups('org_r', 'team', '2026-11-22', '2026-11-23'))
    found.push([of, day, calls]);
  expect(found).toEqual([
    [['team_a'], '2026-11-22', 1],
    [['team_b'], '2026-11-23', 1],
  ]);
  const names = ['2026-11-21', '2026-11-22'].map((day) => ({
    org_id: 'org_r',
    by: 'key' as const,
    day,
    of: ['Key000000001'],
  }));
  expect(await usage().rollupsNamed(names)).toEqual([
    expect.objectContaining({ day: '2026-11-22', calls: 1, price: 1_000 }),
  ]);
});
