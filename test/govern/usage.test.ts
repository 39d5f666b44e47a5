import { expect, test } from '@jest/globals';
import { type Rollup, rollUp } from '../../lambdas/domain/metering/rollup.ts';
import type { UsageActing } from '../../lambdas/govern/usage/acting.ts';
import { rangeOf } from '../../lambdas/govern/usage/range.ts';
import { summarize } from '../../lambdas/govern/usage/summary.ts';
import { listUnpriced } from '../../lambdas/govern/usage/unpriced.ts';
import { aSettledRow } from '../support/ledger.ts';
import { memoryRecords, memorySeal } from '../support/memory.ts';
import { aKey, aServer, noon } from '../support/records.ts';
import { granted, refused, someone } from './admin-world.ts';

/** An admin reads these roll-ups at noon of 1 June 2026. */
function reading(rollups: Iterable<Rollup>, given: Partial<UsageActing> = {}) {
  const records = memoryRecords();
  const acting: UsageActing = {
    caller: someone('admin'),
    requestId: 'req-1',
    now: noon,
    records,
    seal: memorySeal(),
    usage: {
      rollups: async function* (_, by) {
        for (const rollup of rollups) if (rollup.by === by) yield rollup;
      },
      rollupsNamed: async (names) =>
        [...rollups].filter(({ by, day, of }) =>
          names.some((name) => by === name.by && day === name.day && of[0] === name.of[0]),
        ),
      ledger: async () => ({ rows: [] }),
    },
    ...given,
  };
  return { records, acting };
}
const calls = rollUp(
  ['2026-05-30', '2026-05-31', '2026-06-01'].flatMap((day) =>
    ['Key000000001', 'Key000000002'].map((key_id) =>
      aSettledRow({ id: `${day}${key_id}`, at: `${day}T09:00:00Z`, key_id }),
    ),
  ),
);

test('unless told, the last thirty days are meant, today included', () => {
  expect(granted(rangeOf({}, noon))).toEqual({ from: '2026-05-03', to: '2026-06-01' });
  expect(granted(rangeOf({ to: '2026-01-31' }, noon))).toEqual({ from: '2026-01-02', to: '2026-01-31' });
  expect(granted(rangeOf({ from: '2025-06-01' }, noon))).toEqual({ from: '2025-06-01', to: '2026-06-01' });
  expect(refused(rangeOf({ from: '2025-05-31' }, noon))).toMatchObject({ param: 'from' });
});

test('pages of groups are whole, and the total is that of all pages', async () => {
  const { acting, records } = reading(calls);
  records.seed('key', aKey({ name: 'laptop' }));
  const page = { group_by: 'key', limit: 1 } as const;
  const first = granted(await summarize(acting, page));
  expect(first.data).toEqual([expect.objectContaining({ id: 'Key000000001', name: 'laptop', calls: 3 })]);
  const second = granted(await summarize(acting, { ...page, cursor: first.next_cursor! }));
  // A key that is gone has no name any more.
  expect(second.data).toEqual([{ id: 'Key000000002', calls: 3, done: 3, failed: 0, unknown: 0, price_usd: 0.003 }]);
  expect([first.total, second.total, second.next_cursor]).toEqual([first.total, first.total, undefined]);
  expect(first.total).toMatchObject({ calls: 6, price_usd: 0.006 });
  const elsewhere = { ...page, group_by: 'day', cursor: first.next_cursor! } as const;
  expect(refused(await summarize(acting, elsewhere))).toMatchObject({ param: 'cursor' });
});

test('a member sees the days of its own key alone', async () => {
  const { acting } = reading(calls, { caller: someone('member', { key_id: 'Key000000002' }) });
  const byDay = granted(await summarize(acting, { limit: 50 }));
  expect(byDay.data.map(({ id, calls }) => [id, calls])).toEqual([
    ['2026-05-30', 1],
    ['2026-05-31', 1],
    ['2026-06-01', 1],
  ]);
  expect(byDay.total).toMatchObject({ calls: 3 });
  for (const group_by of ['org', 'team', 'user', 'agent', 'server', 'tool'] as const)
    expect(refused(await summarize(acting, { group_by, limit: 50 }))).toMatchObject({ code: 'forbidden' });
});

test('a request that would read for longer than it may is refused, not cut short', async () => {
  const endless = {
    *[Symbol.iterator]() {
      for (;;) yield calls[0]!;
    },
  };
  const { acting } = reading(endless);
  expect(refused(await summarize(acting, { group_by: 'key', limit: 1 }))).toMatchObject({
    code: 'invalid_request',
    param: 'from',
  });
});

test('a price of nothing is a price; what is not active or not approved has none to miss', async () => {
  const { acting, records } = reading([]);
  records.seed('server', aServer({ alias: 'zoo', disallowed_tools: ['add'] }));
  records.seed('server', aServer({ alias: 'ant' }));
  records.seed('server', aServer({ alias: 'free', cost: { default_usd: 0 } }));
  records.seed('server', aServer({ alias: 'draft', status: 'pending_review' }));
  const first = granted(await listUnpriced(acting, { limit: 2 }));
  const second = granted(await listUnpriced(acting, { limit: 2, cursor: first.next_cursor! }));
  expect([...first.data, ...second.data].map(({ tool }) => tool)).toEqual(['ant.echo', 'ant.add', 'zoo.echo']);
  expect(second.next_cursor).toBeUndefined();
});
