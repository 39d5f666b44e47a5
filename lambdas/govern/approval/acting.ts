import type { Reviews, Workflow } from '../../ports/approval.ts';
import type { Principals, Records } from '../../ports/table.ts';
import type { Secrets } from '../../ports/vault.ts';
import type { Clock } from '../../ports/world.ts';
import type { Acting } from '../acting.ts';

/** What proposals and decisions ask of the world. */
export interface ApprovalActing extends Acting {
  readonly records: Records;
  readonly reviews: Reviews;
  readonly workflow: Workflow;
  readonly principals: Principals;
  readonly secrets: Pick<Secrets, 'random'>;
  /** Whether an admin's own servers need a second admin (deployment setting). */
  readonly fourEyes: boolean;
}

/** The gateway itself, acting in an org. */
export const asSystem = (orgId: string, requestId: string, clock: Clock): Acting => ({
  caller: { key_id: 'system', org_id: orgId, role: 'admin', tier: '', lineage: [] },
  requestId,
  now: clock(),
});
