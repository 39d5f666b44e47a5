import { z } from 'zod';
import type { Stack } from '../template/stack.ts';
import { type Pattern, parsePattern } from './pattern.ts';
import type { SendTo } from './target.ts';
import { readInput, TargetInput } from './transform.ts';

/** Retries and dead letters are not served: here a target is always there. */
const Target = z.strictObject({
  Id: z.string(),
  Arn: z.string(),
  ...TargetInput,
  RoleArn: z.string().optional(),
  RetryPolicy: z.unknown().optional(),
  DeadLetterConfig: z.unknown().optional(),
});

const Rule = z.strictObject({
  Name: z.string().optional(),
  Description: z.string().optional(),
  EventBusName: z.literal('default').optional(),
  ScheduleExpression: z.string().optional(),
  EventPattern: z.unknown().optional(),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  RoleArn: z.string().optional(),
  Tags: z.unknown().optional(),
  Targets: z.array(Target).default([]),
});

/** A rule that is on. */
export interface Rule {
  readonly arn: string;
  readonly schedule: string | undefined;
  /** What events it is about; none for a rule that is only scheduled. */
  readonly fits: Pattern;
  /** Sends an event to every target. */
  send(event: unknown): void;
}

/** The template's rules on the default bus. Throws on a target, pattern or setting that the local runner does not know. */
export function readRules(stack: Stack, sendTo: SendTo): readonly Rule[] {
  return stack
    .resources(Rule, 'AWS::Events::Rule')
    .filter(({ properties }) => properties.State === 'ENABLED')
    .map(({ id, properties: { ScheduleExpression, EventPattern, Targets } }) => {
      const sends = Targets.map(({ Arn, ...target }) => {
        const send = sendTo(Arn);
        if (send === undefined) throw new Error(`rule ${id} targets ${Arn}, which the local runner cannot reach`);
        const input = readInput(target);
        return (event: unknown) => send(input(event));
      });
      return {
        arn: stack.arn(id),
        schedule: ScheduleExpression,
        fits: EventPattern === undefined ? () => false : parsePattern(EventPattern),
        send(event) {
          for (const send of sends) send(event);
        },
      };
    });
}
