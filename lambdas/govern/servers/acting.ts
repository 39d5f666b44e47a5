import type { Tiers } from '../../domain/metering/tier.ts';
import type { Records, Snapshots } from '../../ports/table.ts';
import type { CheckUrl, Upstream } from '../../ports/upstream.ts';
import type { Secrets, Vault } from '../../ports/vault.ts';
import type { Clock, Digest } from '../../ports/world.ts';
import type { Acting } from '../acting.ts';

/** What the administration of servers asks of the world. */
export interface ServerActing extends Acting {
  readonly records: Records;
  readonly tiers: Tiers;
  readonly vault: Pick<Vault, 'read' | 'write' | 'remove'>;
  readonly snapshots: Snapshots;
  readonly upstream: Pick<Upstream, 'read'>;
  readonly secrets: Pick<Secrets, 'random'>;
  readonly checkUrl: CheckUrl;
  readonly sha256: Digest;
  readonly clock: Clock;
}
