import type { Claim } from '../../domain/metering/claim.ts';
import { no, ok } from '../../domain/result.ts';
import type { Meter } from '../../ports/meter.ts';
import type { Clock } from '../../ports/world.ts';
import { giveBack, type Taken, takeFrom } from './counters.ts';
import { openLeases } from './leases.ts';
import { putRow, resumeRow, settleRow } from './ledger.ts';
import type { Table } from './table.ts';

/** Counters whose last take was refused, remembered by one environment. */
const mostRefused = 1_000;

/** Counters and ledger in the table: single conditional writes, side by side; no transaction touches a hot counter. */
export function dynamoMeter(table: Table, clock: Clock): Meter {
  const leases = openLeases(table);
  const refused = new Set<string>();

  const take = (orgId: string, claim: Claim): Promise<Taken> =>
    claim.block === undefined ? takeFrom(table, orgId, claim) : leases.take(orgId, claim, claim.block);

  const back = async (orgId: string, claim: Claim): Promise<void> =>
    claim.block === undefined ? giveBack(table, orgId, claim) : leases.giveBack(orgId, claim);

  function remember(name: string, fits: boolean): void {
    if (fits) refused.delete(name);
    else if (refused.size < mostRefused) refused.add(name);
  }

  return {
    async reserve(row, claims) {
      const { org_id } = row;
      const names = claims.map(({ counter }) => [org_id, ...counter].join('#'));
      const taking = Promise.allSettled(claims.map((claim) => take(org_id, claim)));
      // Where a limit is exhausted no row is written for what it will refuse again.
      const careful = names.some((name) => refused.has(name));
      const writing = careful
        ? taking.then((all) => (all.every(isTaken) ? putRow(table, row) : undefined))
        : putRow(table, row);
      const [[written], taken] = await Promise.all([Promise.allSettled([writing]), taking]);

      const short = taken.find((one) => one.status === 'fulfilled' && !one.value.ok);
      const failed = [written, ...taken].find((one) => one.status === 'rejected');
      taken.forEach((one, position) => {
        if (one.status === 'fulfilled') remember(names[position]!, one.value.ok);
      });
      if (!short && !failed) return ok(taken.filter(isTaken).map((one) => one.value.value));

      const end = { state: 'RELEASED', status: 'refused', duration_ms: 0 } as const;
      const undoing = await Promise.allSettled([
        ...claims.filter((_, position) => isTaken(taken[position]!)).map((claim) => back(org_id, claim)),
        ...(careful ? [] : [settleRow(table, row, end, clock)]),
      ]);
      const fault = failed ?? undoing.find((one) => one.status === 'rejected');
      if (fault) throw fault.reason;
      return no((short as Refused).value.refusal);
    },

    async settle(row, end) {
      await settleRow(table, row, end, clock);
    },

    async release(row, claims, end) {
      // Only who closes the row gives back: a sweep may have counted it meanwhile.
      if (await settleRow(table, row, end, clock)) await Promise.all(claims.map((claim) => back(row.org_id, claim)));
    },

    resume: (row, round) => resumeRow(table, row, round),
  };
}

type Settled = PromiseSettledResult<Taken>;
type Fitting = PromiseFulfilledResult<Extract<Taken, { readonly ok: true }>>;
type Refused = PromiseFulfilledResult<Extract<Taken, { readonly ok: false }>>;

const isTaken = (one: Settled): one is Fitting => one.status === 'fulfilled' && one.value.ok;
