import type { Claim, Short } from '../domain/metering/claim.ts';
import type { End, LedgerRow, RowName } from '../domain/metering/ledger.ts';
import type { Result } from '../domain/result.ts';

/** Counters and ledger, as the hot path sees them. A store that cannot answer throws, and nothing is admitted. */
export interface Meter {
  /**
   * Takes every claim and writes the row as RESERVED, all in one round trip; answers what each counter then has used, in
   * the order of the claims. Where one does not fit, what was taken is given back and the row RELEASED.
   */
  reserve(row: LedgerRow, claims: readonly Claim[]): Promise<Result<readonly number[], Short>>;
  /** Writes how a call ended. A row that is settled already stays as it is: rows only move forward. */
  settle(row: RowName, end: End): Promise<void>;
  /** For a call that certainly was not sent: gives back every claim, and the row becomes RELEASED. */
  release(row: RowName, claims: readonly Claim[], end: End): Promise<void>;
  /**
   * Uses up continuation `round` of a call that asked its caller for input; false where it was used already, and so pays
   * for itself.
   */
  resume(row: RowName, round: number): Promise<boolean>;
}

/** Counters of an org, to be looked at: what each has used, in the order of their names. Strongly consistent. */
export interface Counters {
  read(orgId: string, names: readonly Claim['counter'][]): Promise<readonly number[]>;
}

/** A call that its caller named by an idempotency key; `digest` binds caller, tool and key. */
export interface AttemptName {
  readonly org_id: string;
  readonly digest: string;
}

/** What is known of an earlier attempt by the same name. */
export interface EarlierAttempt {
  /** Digest of its arguments. */
  readonly request: string;
  /** `kept` has an outcome; `lost` has one that was too large to keep, or that a crash swallowed. */
  readonly state: 'running' | 'kept' | 'lost';
  readonly outcome?: unknown;
}

/** Attempts by idempotency key, for 24 hours; outcomes are sealed. */
export interface Attempts {
  /** Begins an attempt; answers the earlier one where there is one. */
  begin(name: AttemptName, request: string): Promise<EarlierAttempt | undefined>;
  /** Keeps an outcome, or only that there was one where its JSON is over 256 KB. */
  keep(name: AttemptName, outcome: unknown): Promise<void>;
  /** The call was not made: the next attempt is the first. */
  forget(name: AttemptName): Promise<void>;
}

/** Has work finish after the answer where the platform allows it, else before; a fault in it is logged. */
export type After = (work: Promise<unknown>) => void;
