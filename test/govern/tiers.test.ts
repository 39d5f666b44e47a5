import { expect, test } from '@jest/globals';
import { TiersAnswer } from '../../contract/tiers.ts';
import { listTiers } from '../../lambdas/govern/tiers.ts';
import { memoryCounters, testTiers } from '../support/memory.ts';
import { aKey, aServer } from '../support/records.ts';
import { adminWorld, granted } from './admin-world.ts';

test('an admin reads every tier, its own, and what the org uses of it now', async () => {
  const { acting, records } = adminWorld();
  records.seed('key', aKey());
  records.seed('key', aKey({ id: 'Gone', revoked_at: '2026-01-02T00:00:00.000Z' }));
  records.seed('server', aServer({ alias: 'foreign', org_id: 'org_other' }));
  const counters = memoryCounters({ 'CALLS#2026-06-01': 41, 'CALLS#2026-05-31': 99 });
  const answer = granted(await listTiers({ ...acting, counters }));
  expect(TiersAnswer.strict().parse(answer)).toEqual(answer);
  expect(answer.data).toEqual(Object.entries(testTiers.byName).map(([name, tier]) => ({ name, ...tier })));
  expect(answer.org).toEqual({ tier: 'team', used: { calls_today: 41, servers: 2, keys: 1 } });
});
