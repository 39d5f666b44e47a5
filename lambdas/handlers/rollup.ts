import type { DynamoDBStreamEvent } from 'aws-lambda';
import { books, clock, rowsOf } from '../compose.ts';
import { logFigures } from '../middleware/observe.ts';

/**
 * Adds ledger rows that were settled just now to the roll-ups, fed by the table's stream. A batch that fails comes again,
 * whole or in halves: each row is added once.
 */
export const handler = async ({ Records }: DynamoDBStreamEvent): Promise<void> => {
  const rows = rowsOf(Records);
  const added = await books().rollUp(rows);
  const oldest = Math.min(...rows.map(({ settled_at = '' }) => Date.parse(settled_at)));
  logFigures('rolled up', { rows: rows.length, added }, { LedgerLag: Math.max(0, clock() - oldest) });
};
