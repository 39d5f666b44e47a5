import { expect, test } from '@jest/globals';
import { budgetsOf } from '../../../lambdas/domain/metering/budget.ts';
import { aBound, anOrg, aTeam, aUser, aWorld, noon } from '../../support/records.ts';

test('the budgets of a caller are its own and those of what it is bound to; a minter’s are not its own', () => {
  const world = aWorld({
    key: { max_budget_usd: 0.5, budget_period: 'month' },
    team: aTeam({ max_budget_usd: 3 }),
    user: aUser(),
    org: anOrg({ max_budget_usd: 9, budget_period: 'day' }),
    minters: [aBound({ key: { id: 'Min000000001', max_budget_usd: 1 } })],
  });
  expect(
    budgetsOf(world, noon).map(({ holder, period, claim }) => [holder, period, claim.limit, claim.counter]),
  ).toEqual([
    ['key', 'month', 500_000, ['SPEND', 'key', 'Key000000001', '2026-06']],
    ['team', 'total', 3_000_000, ['SPEND', 'team', 'team_web', 'total']],
    ['org', 'day', 9_000_000, ['SPEND', 'org', 'default', '2026-06-01']],
  ]);
});
