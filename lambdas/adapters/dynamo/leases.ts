import type { Claim } from '../../domain/metering/claim.ts';
import { no, ok, type Result } from '../../domain/result.ts';
import { type Taken, takeFrom } from './counters.ts';
import type { Table } from './table.ts';

/** Counters of which an environment holds a block; the oldest goes first, and what it held lies unused. */
const mostLeases = 1_000;

interface Lease {
  readonly limit: number;
  left: number;
  /** What the counter had used when the last block was taken. */
  used: number;
  /** A block on its way: one at a time, so that an environment never holds more than one. */
  taking?: Promise<Taken> | undefined;
}

/** Blocks of hot counters in the memory of an environment. */
export interface Leases {
  /** Takes from the block at hand, or takes a block first. */
  take(orgId: string, claim: Claim, block: number): Promise<Taken>;
  /** What a call did not use goes back into the block. */
  giveBack(orgId: string, claim: Claim): void;
}

/**
 * Leases of an environment: it takes `claim.block` units by one conditional write and hands them out itself. Never over
 * the limit, as every unit is taken before it is used; at most one block of each counter lies unused in an environment.
 */
export function openLeases(table: Table): Leases {
  const leases = new Map<string, Lease>();

  function leaseOf(orgId: string, { counter, limit }: Claim): Lease {
    const name = [orgId, ...counter].join('#');
    const known = leases.get(name);
    // Under a lower limit the units of a block may be too many.
    if (known?.limit === limit) return known;
    const lease: Lease = { limit, left: 0, used: 0 };
    leases.delete(name);
    leases.set(name, lease);
    if (leases.size > mostLeases) leases.delete(leases.keys().next().value!);
    return lease;
  }

  async function fill(lease: Lease, orgId: string, claim: Claim, block: number): Promise<Taken> {
    const taken = await takeBlock(table, orgId, claim, block);
    if (!taken.ok) return taken;
    lease.left += taken.value.units;
    lease.used = taken.value.used;
    return ok(lease.used);
  }

  return {
    async take(orgId, claim, block) {
      const lease = leaseOf(orgId, claim);
      while (lease.left < claim.take) {
        lease.taking ??= fill(lease, orgId, claim, block).finally(() => {
          lease.taking = undefined;
        });
        const taken = await lease.taking;
        if (!taken.ok) return no({ ...taken.refusal, claim });
      }
      lease.left -= claim.take;
      return ok(lease.used - lease.left);
    },
    giveBack(orgId, claim) {
      leaseOf(orgId, claim).left += claim.take;
    },
  };
}

/** A whole block, or what is left of the limit where that is less. */
async function takeBlock(
  table: Table,
  orgId: string,
  claim: Claim,
  units: number,
): Promise<Result<{ readonly units: number; readonly used: number }, Extract<Taken, { ok: false }>['refusal']>> {
  const taken = await takeFrom(table, orgId, claim, units);
  if (taken.ok) return ok({ units, used: taken.value });
  const rest = claim.limit - taken.refusal.used;
  return rest >= claim.take && rest < units ? takeBlock(table, orgId, claim, rest) : taken;
}
