import type { LedgerEntry, LedgerQuery } from '../../../contract/metering.ts';
import type { SettledRow } from '../../domain/metering/ledger.ts';
import { toUsd } from '../../domain/money.ts';
import { fullName } from '../../domain/names.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Result } from '../../domain/result.ts';
import { type Listed, pageOf } from '../page.ts';
import type { UsageActing } from './acting.ts';
import { rangeOf } from './range.ts';

/** The metered calls of the caller's org from a day to a day, newest first. */
export async function listLedger(
  acting: UsageActing,
  { from, to, ...page }: LedgerQuery & { readonly limit: number },
): Promise<Result<Listed<LedgerEntry>, Refusal>> {
  const range = rangeOf({ from, to }, acting.now);
  if (!range.ok) return range;
  const read = (asked: { limit: number; after?: string }) =>
    acting.usage.ledger(acting.caller.org_id, range.value, asked);
  return pageOf(acting, 'ledger', page, read, view);
}

function view({ org_id: _, ttl: __, charged: ___, slot: ____, price, server, tool, ...row }: SettledRow): LedgerEntry {
  return { ...row, server, tool: fullName({ alias: server, tool }), price_usd: toUsd(price) };
}
