import { z } from 'zod';
import type { LambdaFunction } from '../lambda/pool.ts';
import type { Stack } from '../template/stack.ts';

/** What was published to an SNS topic of the stack. */
export interface Notice {
  /** Name of the topic. */
  readonly topic: string;
  /** JSON, as the rule sends it. */
  readonly message: string;
}

/** How to send something (JSON text) to an ARN; nothing where nobody here answers to it. */
export type SendTo = (arn: string) => ((text: string) => void) | undefined;

/** The targets that rules may have: functions, state machines and topics of the stack. */
export function openTargets(
  stack: Stack,
  findFunction: (arn: string) => LambdaFunction | undefined,
  startExecution: (machineArn: string, input: string) => void,
  publish: (notice: Notice) => void,
): SendTo {
  const arnsOf = (type: string) => stack.resources(z.unknown(), type).map(({ id }) => [stack.arn(id), id] as const);
  const machines = new Map(arnsOf('AWS::StepFunctions::StateMachine'));
  const topics = new Map(arnsOf('AWS::SNS::Topic'));
  return (arn) => {
    const fn = findFunction(arn);
    // A failed run shows in the function's log, as an asynchronous one does on AWS.
    if (fn !== undefined) return (text) => void fn.invoke(text);
    if (machines.has(arn)) return (text) => startExecution(arn, text);
    const topic = topics.get(arn);
    return topic === undefined ? undefined : (message) => publish({ topic: stack.physicalName(topic), message });
  };
}
