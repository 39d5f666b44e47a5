import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { SettledRow } from '../../domain/metering/ledger.ts';
import { rowOf } from './ledger.ts';
import { unmarshal } from './table.ts';

/** A record of the table's stream, as a function gets it. */
interface StreamRecord {
  readonly dynamodb?: { readonly NewImage?: object | undefined } | undefined;
}

/** The ledger rows in stream records. Throws on a record that holds none: the stream's filter lets only rows through. */
export const rowsOf = (records: readonly StreamRecord[]): readonly SettledRow[] =>
  records.map(({ dynamodb }) => rowOf(unmarshal((dynamodb?.NewImage ?? {}) as Record<string, AttributeValue>)));
