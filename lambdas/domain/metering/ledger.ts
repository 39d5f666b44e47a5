import type { Micros } from '../money.ts';

/** Where a row stands. It only moves forward: RESERVED → DONE | FAILED | UNKNOWN, or RESERVED → RELEASED. */
export type CallState = 'RESERVED' | 'DONE' | 'FAILED' | 'UNKNOWN' | 'RELEASED';

/** Names a row of the ledger; `at` is when it was reserved, ISO 8601 in UTC. */
export interface RowName {
  readonly org_id: string;
  readonly id: string;
  readonly at: string;
}

/** One admitted call, as it was reserved; never an argument or a result. */
export interface LedgerRow extends RowName {
  readonly request_id: string;
  readonly door: string;
  readonly key_id: string;
  readonly team_id?: string;
  readonly user_id?: string;
  readonly agent_id?: string;
  /** The level of the cascade that granted it. */
  readonly granted_by: string;
  readonly server_id: string;
  readonly server: string;
  readonly tool: string;
  /** The part of the calls counter of its day that it was taken from: the hour (`h09`), or `leased`. */
  readonly slot: string;
  readonly price: Micros;
  /** The server's version that the price was read from. */
  readonly price_version: number;
  /** Names of the budget counters that the price was taken from, their parts joined by `#`. */
  readonly charged: readonly string[];
  /** When the row may be forgotten, in seconds since the epoch: the tier's retention. */
  readonly ttl: number;
}

/** How a call ended. */
export interface End {
  readonly state: Exclude<CallState, 'RESERVED'>;
  /** `done`, `tool_error`, `input_required`, or the code of the refusal. */
  readonly status: string;
  readonly duration_ms: number;
}

/** A row with what became of it. */
export interface SettledRow extends LedgerRow {
  readonly state: CallState;
  readonly status?: string;
  readonly duration_ms?: number;
  readonly settled_at?: string;
}

/** Whether a row counts against quota and budgets: what may have been sent does. */
export const isCounted = (state: CallState): boolean => state !== 'RELEASED';
