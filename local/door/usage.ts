import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { type ReadSecret, resolveReferences } from '../template/dynamic-reference.ts';
import type { Stack } from '../template/stack.ts';
import type { Refused } from './refusal.ts';

const ApiKey = z.object({ Value: z.string().optional(), Enabled: z.boolean().default(true) });
const UsagePlanKey = z.object({ KeyId: z.string(), UsagePlanId: z.string() });
const UsagePlan = z.object({
  Throttle: z.object({ RateLimit: z.number(), BurstLimit: z.number() }).optional(),
  Quota: z.object({ Limit: z.number(), Period: z.enum(['DAY', 'WEEK', 'MONTH']) }).optional(),
});

/** Counts a request against the plan of an API key, found by its value; the plan's limits hold per key. */
export type Admit = (keyValue: string | undefined) => { readonly apiKeyId: string } | Refused;

interface Meter {
  readonly keyId: string;
  readonly plan: z.infer<typeof UsagePlan>;
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

function count(meter: Meter, now: number): Refused | undefined {
  const { Throttle, Quota } = meter.plan;
  if (Throttle !== undefined) {
    const refill = ((now - meter.refilledAt) / 1000) * Throttle.RateLimit;
    meter.tokens = Math.min(Throttle.BurstLimit, meter.tokens + refill);
    meter.refilledAt = now;
    if (meter.tokens < 1) return { refused: 'THROTTLED' };
    meter.tokens -= 1;
  }
  if (Quota !== undefined) {
    const period = periodOf(now, Quota.Period);
    if (period !== meter.period) Object.assign(meter, { period, used: 0 });
    if (meter.used >= Quota.Limit) return { refused: 'QUOTA_EXCEEDED' };
    meter.used += 1;
  }
  return undefined;
}

/** The template's usage plans and keys. A key without a `Value` has one nobody here knows, as on AWS. */
export async function readUsagePlans(stack: Stack, readSecret: ReadSecret, clock: Clock): Promise<Admit> {
  const plans = new Map(
    stack.resources(UsagePlan, 'AWS::ApiGateway::UsagePlan').map(({ id, properties }) => [id, properties]),
  );
  const planOfKey = new Map(
    stack
      .resources(UsagePlanKey, 'AWS::ApiGateway::UsagePlanKey')
      .map(({ properties }) => [properties.KeyId, plans.get(properties.UsagePlanId)]),
  );
  const meters = new Map<string, Meter>();
  for (const { id, properties } of stack.resources(ApiKey, 'AWS::ApiGateway::ApiKey')) {
    const plan = planOfKey.get(id);
    if (properties.Value === undefined || !properties.Enabled || plan === undefined) continue;
    const value = await resolveReferences(properties.Value, readSecret);
    const tokens = plan.Throttle?.BurstLimit ?? 0;
    meters.set(value, { keyId: id, plan, tokens, refilledAt: clock.now(), period: '', used: 0 });
  }
  return (keyValue) => {
    const meter = meters.get(keyValue ?? '');
    if (meter === undefined) return { refused: 'INVALID_API_KEY' };
    return count(meter, clock.now()) ?? { apiKeyId: meter.keyId };
  };
}
