import type { Tiers } from '../../domain/metering/tier.ts';
import type { Clock } from '../../ports/world.ts';
import { type ApprovalActing, asSystem } from './acting.ts';

/** What a step of the machine asks of the world; the gateway itself is acting. */
export interface Step
  extends Pick<ApprovalActing, 'caller' | 'requestId' | 'now' | 'records' | 'reviews' | 'workflow' | 'secrets'> {
  readonly tiers: Tiers;
}

/** A step in an org, with the ports given. */
export const inOrg = <P>(ports: P & { readonly clock: Clock }, orgId: string, requestId: string) => ({
  ...ports,
  ...asSystem(orgId, requestId, ports.clock),
});
