import { ReconcileRequest } from '../../contract/metering.ts';
import { books, clock } from '../compose.ts';
import { closedHours } from '../domain/metering/sweep.ts';
import { dayOf } from '../domain/metering/window.ts';
import { reconcile } from '../govern/books/reconcile.ts';
import { logFigures } from '../middleware/observe.ts';

/** A day that ended so long ago was swept. */
const sweptMs = 2 * 60 * 60_000;
const dayMs = 24 * 60 * 60_000;
/** Differences that are answered and logged one by one; the number is always whole. */
const mostShown = 1_000;

/**
 * Compares ledger, counters and roll-ups, once a day of the last day that was swept, or of the days it is invoked with.
 * Throws for days that are not over, unless nobody calls.
 */
export const handler = async (event: unknown): Promise<object> => {
  const now = clock();
  const { from, to, at_rest = false } = ReconcileRequest.parse(event);
  const day = dayOf(at_rest ? now : now - sweptMs - dayMs);
  const range = { from: from ?? day, to: to ?? day };
  if (!at_rest && closedHours(range.to, now) < 24)
    throw new Error('This day is not over: {"at_rest": true} if nobody calls.');
  const { differences, ...found } = await reconcile(books(), range, now);
  const shown = differences.slice(0, mostShown);
  for (const difference of shown) logFigures('difference', difference, {});
  logFigures('reconciled', { ...found, count: differences.length }, { ReconcileDifferences: differences.length });
  return { ...found, count: differences.length, differences: shown };
};
