import type { Clock } from '../clock.ts';
import type { ApiKey } from '../emulators/api-gateway/keys.ts';
import type { UsagePlan } from '../template/usage-plans.ts';
import type { Refused } from './refusal.ts';

/** Counts a request against the plan of an API key, found by its value; the plan's limits hold per key. */
export type Admit = (keyValue: string | undefined) => { readonly apiKeyId: string } | Refused;

/** What a key has used of a plan. */
interface Meter {
  tokens: number;
  refilledAt: number;
  period: string;
  used: number;
}

const dayMilliseconds = 86_400_000;

/** Which day, week or month (UTC) a moment lies in. */
function periodOf(now: number, period: 'DAY' | 'WEEK' | 'MONTH'): string {
  const day = new Date(now).toISOString().slice(0, 10);
  // 1970-01-01 was a Thursday; weeks begin on Sunday.
  if (period === 'WEEK') return String(Math.floor((now / dayMilliseconds + 4) / 7));
  return period === 'DAY' ? day : day.slice(0, 7);
}

function count(meter: Meter, { throttle, quota }: UsagePlan, now: number): Refused | undefined {
  if (throttle !== undefined) {
    const refill = ((now - meter.refilledAt) / 1000) * throttle.rateLimit;
    meter.tokens = Math.min(throttle.burstLimit, meter.tokens + refill);
    meter.refilledAt = now;
    if (meter.tokens < 1) return { refused: 'THROTTLED' };
    meter.tokens -= 1;
  }
  if (quota !== undefined) {
    const period = periodOf(now, quota.period);
    if (period !== meter.period) Object.assign(meter, { period, used: 0 });
    if (meter.used >= quota.limit) return { refused: 'QUOTA_EXCEEDED' };
    meter.used += 1;
  }
  return undefined;
}

/** Meters of the usage plans. Which plan a key is in is asked at each request, so that moving it takes effect at once; in each plan it is counted apart. */
export function openUsage(
  plans: readonly UsagePlan[],
  findKey: (value: string) => ApiKey | undefined,
  clock: Clock,
): Admit {
  const meters = new Map<string, Meter>();
  return (keyValue) => {
    const key = findKey(keyValue ?? '');
    const plan = plans.find(({ id }) => id === key?.planId);
    if (key === undefined || plan === undefined || !key.enabled) return { refused: 'INVALID_API_KEY' };
    const now = clock.now();
    const name = `${plan.id} ${key.id}`;
    const fresh = { tokens: plan.throttle?.burstLimit ?? 0, refilledAt: now, period: '', used: 0 };
    const meter = meters.get(name) ?? fresh;
    meters.set(name, meter);
    return count(meter, plan, now) ?? { apiKeyId: key.id };
  };
}
