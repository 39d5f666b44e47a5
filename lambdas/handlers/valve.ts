import { clock, records, startValve, tiers, valves } from '../compose.ts';
import type { Turn } from '../domain/metering/valve.ts';
import { sweepValves } from '../govern/valve/sweep.ts';
import { endTurn, planTurn, type Run } from '../govern/valve/turn.ts';

type Asked =
  | { readonly do: 'sweep' }
  | (Run & { readonly do: 'claim' | 'plan' })
  | (Run & { readonly do: 'end'; readonly turn: Turn });

/** The steps of the state machine that moves orgs' usage-plan keys which touch the table, and its hourly sweep. */
export async function handler(event: Asked): Promise<object> {
  const turning = { valves: valves(), tiers: tiers() };
  switch (event.do) {
    case 'claim':
      await turning.valves.claim(event.org_id, event.run);
      return {};
    case 'plan':
      return planTurn(turning, event);
    case 'end':
      await endTurn(turning, event, event.turn);
      return {};
    case 'sweep':
      return { started: await sweepValves({ records: records(), startValve, now: clock() }) };
  }
}
