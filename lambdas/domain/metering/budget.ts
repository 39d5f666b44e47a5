import type { Limits } from '../records.ts';
import type { World } from '../world.ts';
import { type Claim, holdersOf, spendClaim } from './claim.ts';

/** A budget that bounds a caller: whose it is, and the counter that says what is spent of it. */
export interface Budget {
  readonly holder: ReturnType<typeof holdersOf>[number]['kind'];
  readonly period: NonNullable<Limits['budget_period']>;
  readonly claim: Claim;
}

/** The budgets of a key and of its team, user, agent and org; not those of keys that minted it. */
export const budgetsOf = (world: World, now: number): readonly Budget[] =>
  holdersOf({ ...world, minters: [] }).flatMap((one) =>
    spendClaim(one, 0, now).map((claim) => ({
      holder: one.kind,
      period: one.limits.budget_period ?? 'total',
      claim,
    })),
  );
