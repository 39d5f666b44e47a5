import { ApiKey, Period, type RestApi, UsagePlan } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { sharedUsageKey } from '../../contract/usage.ts';
import type { GatewayConfig } from '../config.ts';

/** Requests a day that a plan admits per counted call: it counts lists and handshakes too (product §7). */
const requestsPerCall = 100;

/**
 * One usage plan a tier, by the tier's name, and the key all its orgs share until each has its own: the coarse valve
 * before the exact quota. No function may refer to a plan: plan → stage → methods → function would close a circle.
 */
export function createUsagePlans(
  scope: Construct,
  stage: string,
  api: RestApi,
  tiers: GatewayConfig['tiers'],
): Readonly<Record<string, UsagePlan>> {
  const group = new Construct(scope, 'Metering');
  const plans: Record<string, UsagePlan> = {};
  for (const [tier, { rpm, burst, calls_per_day }] of Object.entries(tiers)) {
    const plan = new UsagePlan(group, `Plan-${tier}`, {
      name: `xct-${stage}-${tier}`,
      throttle: { rateLimit: rpm / 60, burstLimit: burst },
      quota: { limit: requestsPerCall * calls_per_day, period: Period.DAY },
      apiStages: [{ stage: api.deploymentStage }],
    });
    plan.addApiKey(
      new ApiKey(group, `Key-${tier}`, {
        apiKeyName: `xct-${stage}-${tier}-shared`,
        value: sharedUsageKey(stage, tier),
        description: 'Shared by the orgs of a tier to be counted by; opens nothing.',
      }),
    );
    plans[tier] = plan;
  }
  return plans;
}
