import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { account, region } from './aws.ts';
import type { Clock } from './clock.ts';
import type { LambdaFunction } from './lambda/pool.ts';
import type { Stack } from './template/stack.ts';

const Rule = z.object({
  ScheduleExpression: z.string().optional(),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Targets: z.array(z.object({ Arn: z.string(), Input: z.string().optional() })).default([]),
});

const unitMilliseconds: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Period of `rate(n minutes|hours|days)` in milliseconds. Throws on anything else, `cron` too. */
function rateMilliseconds(expression: string): number {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (count === undefined || Number(count) === 0)
    throw new Error(`the local runner fires rate(…) only, not ${expression}`);
  return Number(count) * unitMilliseconds[unit!]!;
}

/** What EventBridge sends a target without an input of its own. */
const scheduledEvent = (ruleArn: string, now: number): string =>
  JSON.stringify({
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account,
    time: `${new Date(now).toISOString().slice(0, 19)}Z`,
    region,
    resources: [ruleArn],
    detail: {},
  });

/** Fires the template's scheduled rules on their functions until the returned function is called. Throws on a rule it cannot serve. */
export function startSchedules(
  stack: Stack,
  clock: Clock,
  findFunction: (arn: string) => LambdaFunction | undefined,
): () => void {
  const stops: (() => void)[] = [];
  for (const { id, properties } of stack.resources(Rule, 'AWS::Events::Rule')) {
    const { ScheduleExpression, State, Targets } = properties;
    if (ScheduleExpression === undefined || State === 'DISABLED') continue;
    const period = rateMilliseconds(ScheduleExpression);
    for (const { Arn, Input } of Targets) {
      const fn = findFunction(Arn);
      if (fn === undefined) throw new Error(`rule ${id} targets ${Arn}, which is not a function of the stack`);
      // A failed run shows in the function's log, as an asynchronous one does on AWS.
      const fire = () => void fn.invoke(Input ?? scheduledEvent(stack.arn(id), clock.now()));
      stops.push(clock.every(period, fire));
    }
  }
  return () => {
    for (const stop of stops) stop();
  };
}
