import type { Correction, Counter } from '../domain/metering/books.ts';
import type { SettledRow } from '../domain/metering/ledger.ts';
import type { Rollup, RollupName } from '../domain/metering/rollup.ts';
import type { Page } from './table.ts';

/** An org that has books, and the UTC day it was made. */
export interface BookedOrg {
  readonly id: string;
  readonly since: string;
}

/** Roll-ups and ledger, as those see them who read the books. Strongly consistent. */
export interface Usage {
  /** Roll-ups of one kind from a day to a day, both included, in the order of days. */
  rollups(orgId: string, by: Rollup['by'], from: string, to: string): AsyncIterable<Rollup>;
  /** Those of these roll-ups that exist. */
  rollupsNamed(names: readonly RollupName[]): Promise<readonly Rollup[]>;
  /** A page of the ledger from a day to a day, both included, newest first. A position is `at#id`. */
  ledger(
    orgId: string,
    range: { readonly from: string; readonly to: string },
    page: { readonly limit: number; readonly after?: string },
  ): Promise<Page<SettledRow>>;
}

/** Counters, ledger and roll-ups, as those see them who keep the books. */
export interface Books extends Usage {
  /** Every org, and those that were deleted in the last days; eventually consistent. */
  orgs(now: number): AsyncIterable<BookedOrg>;
  /** Rows whose `at` begins so (a day or an hour), in no order; `rolled` are those that are in the roll-ups. */
  rows(orgId: string, prefix: string): AsyncIterable<SettledRow & { readonly rolled: boolean }>;
  /** Ends a row that a crash left RESERVED as UNKNOWN; answers the row as it then is. */
  sweep(row: SettledRow): Promise<SettledRow>;
  /** Adds settled rows to the roll-ups, each once whatever is repeated, and answers how many were new. */
  rollUp(rows: readonly SettledRow[]): Promise<number>;
  counters(orgId: string, kind: 'CALLS' | 'SPEND'): Promise<readonly Counter[]>;
  /** Corrects a counter; false, and nothing is changed, where a part of it is no longer what was read. */
  correct(orgId: string, counter: Counter, correction: Correction): Promise<boolean>;
  /** Remembers how many hours of a day were checked, on the calls counter of that day. */
  checked(orgId: string, day: string, hours: number): Promise<void>;
}
