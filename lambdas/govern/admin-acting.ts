import type { Tiers } from '../domain/metering/tier.ts';
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
}
