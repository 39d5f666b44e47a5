import { accessOf } from '../../domain/access.ts';
import { toShown } from '../../domain/cascade/translate.ts';
import { unauthorized } from '../../domain/refusal.ts';
import { ok } from '../../domain/result.ts';
import { loadWorld } from '../../journey/resolve.ts';
import type { AdminActing } from '../admin-acting.ts';
import { knownTo } from '../grants.ts';
import { standingOf } from './standing.ts';

/** Who the caller is, which level decides for it with which grant, the tools it may call, and what is left of its limits. */
export async function whoAmI(acting: Pick<AdminActing, 'caller' | 'worlds' | 'counters' | 'tiers' | 'now'>) {
  const { caller, worlds, now } = acting;
  const world = await loadWorld(caller, worlds);
  if (!world) return unauthorized();
  const { level, grant, tools } = accessOf(world, now);
  const { lineage: _, ...who } = caller;
  return ok({
    ...who,
    tier: world.org.tier,
    level,
    grant: grant && toShown(grant, knownTo(caller, world)),
    servers: [...Map.groupBy(tools(), ({ server }) => server.alias)].map(([alias, callable]) => ({
      alias,
      tools: callable.map(({ tool }) => tool.name),
    })),
    ...(await standingOf(acting, world)),
  });
}
