import { expect, test } from '@jest/globals';
import { sharedUsageKey } from '../../../contract/usage.ts';
import { config } from '../../../gateway.config.ts';
import { deployed, resources } from '../template.ts';

const template = deployed('dev');
const tiers = Object.entries(config.tiers);

test('each tier has one usage plan under a literal name, bound to the stage', () => {
  const plans = resources(template, 'AWS::ApiGateway::UsagePlan').map(([, { Properties }]) => Properties);
  expect(plans.map((plan) => plan.UsagePlanName)).toEqual(tiers.map(([tier]) => `xct-dev-${tier}`));
  for (const plan of plans) expect(plan.ApiStages).toEqual([expect.objectContaining({ Stage: expect.anything() })]);
});

test.each(tiers)('%s: the plan admits at least 100 requests a day for each counted call', (tier, { calls_per_day }) => {
  const plan = resources(template, 'AWS::ApiGateway::UsagePlan').find(
    ([, { Properties }]) => Properties.UsagePlanName === `xct-dev-${tier}`,
  )![1].Properties;
  expect(plan.Quota.Period).toBe('DAY');
  expect(plan.Quota.Limit).toBeGreaterThanOrEqual(100 * calls_per_day);
  expect(plan.Throttle.RateLimit).toBeGreaterThan(0);
});

test('each tier has the one key that the authorizer names, and the key is in its plan', () => {
  const keys = resources(template, 'AWS::ApiGateway::ApiKey');
  expect(keys.map(([, { Properties }]) => Properties.Value)).toEqual(
    tiers.map(([tier]) => sharedUsageKey('dev', tier)),
  );
  const bound = resources(template, 'AWS::ApiGateway::UsagePlanKey').map(([, { Properties }]) => Properties.KeyId.Ref);
  expect(bound).toEqual(keys.map(([id]) => id));
});

test('no function is told the id of a plan or a key: that would close a circle', () => {
  for (const [, { Properties }] of resources(template, 'AWS::Lambda::Function'))
    expect(JSON.stringify(Properties)).not.toContain('"Metering');
});
