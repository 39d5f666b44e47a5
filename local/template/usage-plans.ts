import { z } from 'zod';
import { type ReadSecret, resolveReferences } from './dynamic-reference.ts';
import type { Stack } from './stack.ts';

const Declared = z.object({
  UsagePlanName: z.string().optional(),
  Throttle: z.object({ RateLimit: z.number(), BurstLimit: z.number() }).optional(),
  Quota: z.object({ Limit: z.number(), Period: z.enum(['DAY', 'WEEK', 'MONTH']) }).optional(),
});
const DeclaredKey = z.object({
  Name: z.string().optional(),
  Value: z.string().optional(),
  Enabled: z.boolean().default(true),
});
const DeclaredPlanKey = z.object({ KeyId: z.string(), UsagePlanId: z.string() });

/** A usage plan, spelled as in API Gateway's API; its id is its logical id. */
export interface UsagePlan {
  readonly id: string;
  readonly name: string;
  readonly throttle?: { readonly rateLimit: number; readonly burstLimit: number } | undefined;
  readonly quota?: { readonly limit: number; readonly period: 'DAY' | 'WEEK' | 'MONTH' } | undefined;
}

/** An API key that the template makes, and the plan it begins in. */
export interface TemplateKey {
  readonly id: string;
  readonly name: string;
  readonly value: string;
  readonly enabled: boolean;
  readonly planId: string | undefined;
}

/** The template's usage plans. */
export const readUsagePlans = (stack: Stack): readonly UsagePlan[] =>
  stack
    .resources(Declared, 'AWS::ApiGateway::UsagePlan')
    .map(({ id, properties: { UsagePlanName, Throttle, Quota } }) => ({
      id,
      name: UsagePlanName ?? id,
      throttle: Throttle && { rateLimit: Throttle.RateLimit, burstLimit: Throttle.BurstLimit },
      quota: Quota && { limit: Quota.Limit, period: Quota.Period },
    }));

/** The template's API keys that have a value of their own; another's nobody here knows, as on AWS. */
export async function readApiKeys(stack: Stack, readSecret: ReadSecret): Promise<readonly TemplateKey[]> {
  const planKeys = stack.resources(DeclaredPlanKey, 'AWS::ApiGateway::UsagePlanKey');
  const keys: TemplateKey[] = [];
  for (const { id, properties } of stack.resources(DeclaredKey, 'AWS::ApiGateway::ApiKey')) {
    if (properties.Value === undefined) continue;
    const value = await resolveReferences(properties.Value, readSecret);
    const planId = planKeys.find((planKey) => planKey.properties.KeyId === id)?.properties.UsagePlanId;
    keys.push({ id, name: properties.Name ?? id, value, enabled: properties.Enabled, planId });
  }
  return keys;
}
