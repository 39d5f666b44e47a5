import type { TiersAnswer } from '../../contract/tiers.ts';
import { dayOf } from '../domain/metering/window.ts';
import { type Ok, ok } from '../domain/result.ts';
import type { AdminActing } from './admin-acting.ts';
import { countPlaces } from './places.ts';

/** Every tier with its limits, and what the caller's org uses of its own now. */
export async function listTiers({
  caller,
  records,
  counters,
  tiers,
  now,
}: Pick<AdminActing, 'caller' | 'records' | 'counters' | 'tiers' | 'now'>): Promise<Ok<TiersAnswer>> {
  const { org_id } = caller;
  const [org, [calls_today = 0], servers, keys] = await Promise.all([
    records.get('org', org_id, org_id),
    counters.read(org_id, [['CALLS', dayOf(now)]]),
    countPlaces(records, org_id, 'server', now),
    countPlaces(records, org_id, 'key', now),
  ]);
  return ok({
    object: 'list',
    data: Object.entries(tiers.byName).map(([name, tier]) => ({ name, ...tier })),
    org: { tier: org?.tier ?? caller.tier, used: { calls_today, servers, keys } },
  });
}
