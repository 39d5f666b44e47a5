import { accessOf } from '../../domain/access.ts';
import { toShown } from '../../domain/cascade/translate.ts';
import { unauthorized } from '../../domain/refusal.ts';
import { ok } from '../../domain/result.ts';
import { loadWorld } from '../../journey/resolve.ts';
import type { AdminActing } from '../admin-acting.ts';
import { knownTo } from '../grants.ts';

/** Who the caller is, which level decides for it with which grant, and the tools it may call. */
export async function whoAmI({ caller, worlds, now }: Pick<AdminActing, 'caller' | 'worlds' | 'now'>) {
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
  });
}
