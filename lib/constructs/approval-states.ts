import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  Choice,
  Condition,
  type IChainable,
  IntegrationPattern,
  JitterType,
  Succeed,
  TaskInput,
  Timeout,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { reviewDays } from '../../lambdas/domain/approval/submission.ts';

/** Tries of a step, from two seconds apart to an hour: about a quarter of an hour in all, about two days. */
const few = 10;
const many = 60;
/** How long an approved server waits for its next try to find a place in the org's tier. */
const placeEvery = Duration.minutes(15);

/** Ends, by the outcome that leads there; the graph of an execution shows what became of its revision. */
const ends = {
  approved: 'Activated',
  rejected: 'Rejected',
  changes_requested: 'ChangesRequested',
  withdrawn: 'Withdrawn',
  superseded: 'Superseded',
  expired: 'Expired',
} as const;

const of = (field: string): string => `{% $states.context.Execution.Input.${field} %}`;

/**
 * The states of a revision: snapshot → notify → wait for the verdict → conclude. Every step reads the table by the ids of
 * the input; what the machine is told only wakes it. What the reviewer's wait does not need is tried for a quarter of an
 * hour, the rest for two days before the execution fails; then the sweep does its work.
 */
export function defineApproval(scope: Construct, workflow: IFunction): IChainable {
  const step = (id: string, name: string, maxAttempts: number, waits = false): LambdaInvoke => {
    const task = LambdaInvoke.jsonata(scope, id, {
      lambdaFunction: workflow,
      payload: TaskInput.fromObject({
        step: name,
        org_id: of('org_id'),
        submission_id: of('submission_id'),
        revision: of('revision'),
        ...(waits ? { task_token: '{% $states.context.Task.Token %}' } : {}),
      }),
      retryOnServiceExceptions: false,
      ...(waits
        ? {
            integrationPattern: IntegrationPattern.WAIT_FOR_TASK_TOKEN,
            taskTimeout: Timeout.duration(Duration.days(reviewDays)),
          }
        : { outputs: '{% $states.result.Payload %}' }),
    });
    task.addRetry({
      // Everything but a time that is over.
      errors: ['States.TaskFailed'],
      interval: Duration.seconds(2),
      backoffRate: 2,
      maxDelay: Duration.hours(1),
      maxAttempts,
      jitterStrategy: JitterType.FULL,
    });
    return task;
  };

  const notify = step('Notify', 'notify', few);
  const wait = step('AwaitDecision', 'park', many, true);
  const conclude = step('Conclude', 'conclude', many);
  const outcome = Choice.jsonata(scope, 'Outcome');
  for (const [verdict, end] of Object.entries(ends)) outcome.when(is(verdict), Succeed.jsonata(scope, end));
  const waitForPlace = Wait.jsonata(scope, 'WaitForPlace', { time: WaitTime.duration(placeEvery) });
  outcome.when(is('waiting'), waitForPlace.next(conclude));
  // Woken without a verdict in the table: nobody who may decide has.
  outcome.otherwise(wait);
  wait.addCatch(step('Expire', 'expire', many).next(conclude), { errors: ['States.Timeout'] });
  wait.next(conclude).next(outcome);
  notify.addCatch(wait).next(wait);
  return step('Snapshot', 'snapshot', few).addCatch(notify).next(notify);
}

const is = (verdict: string): Condition => Condition.jsonata(`{% $states.input.outcome = '${verdict}' %}`);
