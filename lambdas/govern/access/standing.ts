import type { Me } from '../../../contract/access.ts';
import { budgetsOf } from '../../domain/metering/budget.ts';
import { callsClaim } from '../../domain/metering/claim.ts';
import { rateLimitOf } from '../../domain/metering/short.ts';
import { tierOf } from '../../domain/metering/tier.ts';
import { toUsd } from '../../domain/money.ts';
import type { World } from '../../domain/world.ts';
import type { AdminActing } from '../admin-acting.ts';

/** How the org stands with its calls of the day, and the caller with every budget that it is bound to. */
export async function standingOf(
  { counters, tiers, now }: Pick<AdminActing, 'counters' | 'tiers' | 'now'>,
  world: World,
): Promise<Pick<Me, 'quota' | 'budgets'>> {
  const calls = callsClaim(world, tierOf(tiers, world.org.tier), now);
  const budgets = budgetsOf(world, now);
  const names = [calls, ...budgets.map(({ claim }) => claim)].map(({ counter }) => counter);
  const [used = 0, ...spent] = await counters.read(world.org.id, names);
  const { limit, remaining, resetSeconds } = rateLimitOf(calls, used, now);
  return {
    quota: { limit, used, remaining, reset_seconds: resetSeconds },
    budgets: budgets.map(({ holder, period, claim }, at) => ({
      holder,
      period,
      limit_usd: toUsd(claim.limit),
      used_usd: toUsd(spent[at] ?? 0),
    })),
  };
}
