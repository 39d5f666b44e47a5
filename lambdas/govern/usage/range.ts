import { dayBefore } from '../../domain/metering/sweep.ts';
import { dayOf } from '../../domain/metering/window.ts';
import { invalid, type Refusal } from '../../domain/refusal.ts';
import { ok, type Result } from '../../domain/result.ts';

/** Days that are shown unless told, today included. */
const defaultDays = 30;
/** Most days of one answer. */
const maxDays = 366;

/** The days that are asked for, UTC, both included; 400 where they run backwards or are too many. */
export function rangeOf(
  { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined },
  now: number,
): Result<{ readonly from: string; readonly to: string }, Refusal> {
  const last = to ?? dayOf(now);
  const first = from ?? dayBefore(last, defaultDays - 1);
  if (first > last) return invalid('from: is not after to.', 'from');
  if (first <= dayBefore(last, maxDays)) return invalid(`from: at most ${maxDays} days, both included.`, 'from');
  return ok({ from: first, to: last });
}
