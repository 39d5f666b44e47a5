import { books, clock } from '../compose.ts';
import { sweepBooks } from '../govern/books/sweep.ts';
import { logFigures } from '../middleware/observe.ts';

/**
 * Corrects the books, on a schedule; invoked with `{"at_rest": true}`, which takes an IAM permission, every hour counts as
 * closed: only for when nobody calls.
 */
export const handler = async (event: { readonly at_rest?: unknown }): Promise<object> => {
  const swept = await sweepBooks(books(), clock(), event.at_rest === true);
  logFigures('swept', swept, swept.corrected === 0 ? {} : { CountersCorrected: swept.corrected });
  return swept;
};
