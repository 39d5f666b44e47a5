import { randomUUID } from 'node:crypto';
import { account, region } from '../aws.ts';
import type { Clock } from '../clock.ts';
import type { Rule } from './rule.ts';

const unitMilliseconds: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Period of `rate(n minutes|hours|days)` in milliseconds. Throws on anything else, `cron` too. */
function rateMilliseconds(expression: string): number {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (count === undefined || Number(count) === 0)
    throw new Error(`the local runner fires rate(…) only, not ${expression}`);
  return Number(count) * unitMilliseconds[unit!]!;
}

/** What EventBridge sends when a rule's time has come. */
const scheduledEvent = (ruleArn: string, now: number) => ({
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

/** Fires scheduled rules until the returned function is called. Throws on one it cannot serve. */
export function startSchedules(rules: readonly Rule[], clock: Clock): () => void {
  const stops: (() => void)[] = [];
  for (const { schedule, arn, send } of rules)
    if (schedule !== undefined)
      stops.push(clock.every(rateMilliseconds(schedule), () => send(scheduledEvent(arn, clock.now()))));
  return () => {
    for (const stop of stops) stop();
  };
}
