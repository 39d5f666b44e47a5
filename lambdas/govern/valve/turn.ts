import type { Tiers } from '../../domain/metering/tier.ts';
import { keptShared, mostUsageKeys, type Turn, turnOf } from '../../domain/metering/valve.ts';
import type { Valves } from '../../ports/valve.ts';

/** One run of the state machine, by its own name, for one org. */
export interface Run {
  readonly org_id: string;
  readonly run: string;
}

/** What a run asks of the world. */
export interface Turning {
  readonly valves: Valves;
  readonly tiers: Tiers;
}

/** What the run is to do with the org's key, read when authorizers have forgotten it; a key that is moved has its place then. */
export async function planTurn({ valves, tiers }: Turning, { org_id, run }: Run): Promise<Turn> {
  const turn = turnOf(await valves.read(org_id), run, tiers);
  if (turn.act !== 'move' || (await valves.place(org_id, mostUsageKeys))) return turn;
  await valves.settle(org_id, run, keptShared);
  return { ...turn, act: 'nothing' };
}

/** Writes down that a turn is made. */
export async function endTurn({ valves }: Turning, { org_id, run }: Run, { act, tier }: Turn): Promise<void> {
  if (act === 'remove') await valves.free(org_id);
  else await valves.settle(org_id, run, tier);
}
