import { toUsd } from '../money.ts';
import type { RateLimit, Refusal } from '../refusal.ts';
import type { Claim, Short } from './claim.ts';
import { secondsUntil } from './window.ts';

/** How a counter stands for a caller: `x-ratelimit-*`. */
export const rateLimitOf = ({ limit, window }: Claim, used: number, now: number): RateLimit => ({
  limit,
  remaining: Math.max(0, limit - used),
  // Budgets without an end are never shown this way.
  resetSeconds: secondsUntil(window.ends ?? now, now),
});

/** The refusal of a claim that does not fit. */
export function refusalOf({ claim, used }: Short, now: number): Refusal {
  const { kind, of, limit } = claim;
  if (kind === 'spend') {
    const left = toUsd(Math.max(0, limit - used));
    const message = `The budget of ${of} has ${left} of ${toUsd(limit)} US dollars left; this call costs ${toUsd(claim.take)}.`;
    return { code: 'budget_exceeded', message };
  }
  const rateLimit = { ...rateLimitOf(claim, used, now), remaining: 0 };
  const retryAfterSeconds = rateLimit.resetSeconds;
  if (kind === 'calls') {
    const message = `All ${limit} tool calls a day (UTC) of ${of} are used.`;
    return { code: 'quota_exceeded', message, retryAfterSeconds, rateLimit };
  }
  return {
    code: 'rate_limited',
    message: `All ${limit} calls a minute of ${of} are used.`,
    retryAfterSeconds,
    rateLimit,
  };
}
