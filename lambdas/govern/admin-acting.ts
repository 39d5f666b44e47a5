import type { Tiers } from '../domain/metering/tier.ts';
import type { OrgRecord } from '../domain/records.ts';
import type { Counters } from '../ports/meter.ts';
import type { Records, Worlds } from '../ports/table.ts';
import type { Seal, Secrets } from '../ports/vault.ts';
import type { Acting } from './acting.ts';

/** What the administration of principals, keys and toolsets asks of the world. */
export interface AdminActing extends Acting {
  readonly records: Records;
  readonly worlds: Worlds;
  readonly secrets: Secrets;
  readonly seal: Seal;
  readonly tiers: Tiers;
  readonly counters: Counters;
  /** Has the org's own usage-plan key follow its tier, by and by: the answer does not depend on it. */
  readonly turnValve: (org: OrgRecord) => void;
}
