import { isDeepStrictEqual } from 'node:util';
import type { Caller } from '../../domain/caller.ts';
import type { OrgRecord } from '../../domain/records.ts';
import { type Bound, type World, WorldGone } from '../../domain/world.ts';
import type { Worlds } from '../../ports/table.ts';
import type { Clock } from '../../ports/world.ts';
import { type Directory, readDirectory } from './directory.ts';
import { readPrincipals } from './principals.ts';
import { shared } from './shared.ts';
import type { Table } from './table.ts';

/** How long what decides may be kept, counted from before its read. */
const lifeMs = 4_000;
/** The age at which it may no longer decide (product: no call later than five seconds after a revocation). */
const tooOldMs = 5_000;
/** Callers kept by one environment; a caller is a few kilobytes. */
const mostCallers = 1_000;
/** Directories kept by one environment; a large one is a few megabytes. */
const mostDirectories = 50;

type Read = Awaited<ReturnType<typeof readPrincipals>>;

/**
 * Worlds from the table: a cold caller costs one round trip (a batch and a query side by side), a warm one none, and
 * gets the same object as long as nothing was read anew. Rejects with `WorldGone` when the key or its org is gone,
 * with any other error when the store cannot answer in time.
 */
export function dynamoWorlds(table: Table, clock: Clock): Worlds {
  const principals = shared<Read>(clock, lifeMs, mostCallers);
  const directories = shared<Directory>(clock, lifeMs, mostDirectories);
  const worlds = new WeakMap<Read, { readonly of: Directory; readonly world: World }>();
  return {
    async load(caller) {
      const { org_id, key_id } = caller;
      const principal = principals(`${org_id} ${key_id}`, () =>
        readPrincipals(table, org_id, [caller, ...caller.lineage]),
      );
      const listing = directories(org_id, () => readDirectory(table, org_id));
      const [read, directory] = await Promise.all([principal.value, listing.value]);
      const age = clock() - Math.min(principal.since, listing.since);
      if (age >= tooOldMs) throw new Error('The table answered too late to decide by it.');
      const known = worlds.get(read);
      const world = known?.of === directory ? known.world : worldOf(read, directory);
      if (!isOf(world, caller)) throw new WorldGone();
      worlds.set(read, { of: directory, world });
      return world;
    },
  };
}

function worldOf({ org, bound }: Read, directory: Directory): World {
  const [own, ...minters] = bound.map((one) => boundOf(org, one));
  if (!own) throw new WorldGone();
  return { ...own, minters, ...directory };
}

function boundOf(org: OrgRecord | undefined, { key, team, user, agent }: Read['bound'][number]): Bound | undefined {
  if (!org || !key) return undefined;
  return { key, org, ...(team && { team }), ...(user && { user }), ...(agent && { agent }) };
}

/** The caller as the authorizer found it must still be the key as it stands: bindings and lineage never change. */
const isOf = ({ key }: World, caller: Caller): boolean =>
  key.team_id === caller.team_id &&
  key.user_id === caller.user_id &&
  key.agent_id === caller.agent_id &&
  // Most keys descend from none, and the question is asked at every call.
  (key.lineage.length + caller.lineage.length === 0 || isDeepStrictEqual(key.lineage, caller.lineage));
