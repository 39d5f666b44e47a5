import type { LedgerRow, SettledRow } from '../../lambdas/domain/metering/ledger.ts';

/** A call of org `default`, reserved: key `Key000000001` called `docs.echo` for a tenth of a cent at half past nine. */
export const aLedgerRow = (given: Partial<LedgerRow> = {}): LedgerRow => ({
  id: 'call_000000000001',
  org_id: 'default',
  at: '2026-11-24T09:30:00.000Z',
  request_id: 'request-1',
  door: 'rest',
  key_id: 'Key000000001',
  granted_by: 'key',
  server_id: 'srv_docs',
  server: 'docs',
  tool: 'echo',
  slot: 'h09',
  price: 1_000,
  price_version: 1,
  charged: [],
  ttl: 4_102_444_800,
  ...given,
});

/** The same call, finished. */
export const aSettledRow = (given: Partial<SettledRow> = {}): SettledRow => ({
  ...aLedgerRow(),
  state: 'DONE',
  status: 'done',
  duration_ms: 12,
  settled_at: '2026-11-24T09:30:01.000Z',
  ...given,
});
