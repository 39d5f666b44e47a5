import * as z from 'zod';
import { ListOf } from './lists.ts';
import { type Route, route } from './route.ts';

/** What a tier allows an org. */
export const TierView = z.object({
  name: z.string(),
  /** Tool calls and agent invocations a UTC day; exact. */
  calls_per_day: z.number(),
  /** Active servers; exact. */
  servers: z.number(),
  /** Live keys. */
  keys: z.number(),
  /** HTTP requests a minute and at once; best effort. */
  rpm: z.number(),
  burst: z.number(),
  /** Days that ledger rows are kept. */
  retention_days: z.number(),
});

/** Every tier, and how the caller's org stands in its own. */
export const TiersAnswer = ListOf(TierView).extend({
  org: z.object({
    tier: z.string(),
    used: z.object({ calls_today: z.number(), servers: z.number(), keys: z.number() }),
  }),
});
export type TiersAnswer = z.infer<typeof TiersAnswer>;

export const listTiers = route({
  method: 'GET',
  path: '/v1/tiers',
  fn: 'admin',
  access: 'admin',
  summary: "Every tier with its limits, the org's own, and what is used of it.",
  answer: TiersAnswer,
});
/** The rows of this file. */
export const tierRoutes: readonly Route[] = [listTiers] as Route[];
