import { expect, test } from '@jest/globals';
import { figureOf } from '../../../lambdas/domain/metering/figures.ts';
import { rollUp } from '../../../lambdas/domain/metering/rollup.ts';
import { dimensionOf, type Grouping, openGroups } from '../../../lambdas/domain/metering/usage.ts';
import { aSettledRow } from '../../support/ledger.ts';

const rows = [
  aSettledRow({ id: 'call_1' }),
  aSettledRow({ id: 'call_2', at: '2026-11-23T09:00:00.000Z', tool: 'add.one' }),
  aSettledRow({ id: 'call_3', key_id: 'Key000000000', state: 'FAILED' }),
  aSettledRow({ id: 'call_4', key_id: 'Key000000002', tool: 'zip' }),
];
function grouped(by: Grouping) {
  const groups = openGroups(by);
  for (const rollup of rollUp(rows)) if (rollup.by === dimensionOf(by)) groups.add(rollup);
  return groups.groups().map(({ id, name, calls, price }) => [id, name, calls, price]);
}

test('days of the same key are one group, and groups are in the order of their ids', () => {
  expect(grouped('key')).toEqual([
    ['Key000000000', undefined, 1, 1_000],
    ['Key000000001', undefined, 2, 2_000],
    ['Key000000002', undefined, 1, 1_000],
  ]);
});

test('by day the whole org is added up', () => {
  expect(grouped('day')).toEqual([
    ['2026-11-23', undefined, 1, 1_000],
    ['2026-11-24', undefined, 3, 3_000],
  ]);
});

test('servers and tools bear the alias that the ledger remembers', () => {
  expect(grouped('server')).toEqual([['srv_docs', 'docs', 4, 4_000]]);
  expect(grouped('tool')).toEqual([
    ['srv_docs.add.one', 'docs.add.one', 1, 1_000],
    ['srv_docs.echo', 'docs.echo', 2, 2_000],
    ['srv_docs.zip', 'docs.zip', 1, 1_000],
  ]);
});

test('each limit has a figure of its own, and no other end of a call has one', () => {
  const codes = ['quota_exceeded', 'budget_exceeded', 'rate_limited', 'done', 'constructor'];
  expect(codes.map(figureOf)).toEqual(['QuotaRefusals', 'BudgetRefusals', 'RateRefusals', undefined, undefined]);
});
