import { region } from '../../aws.ts';
import { actionOf, type Task, waitsForToken } from './definition.ts';
import { type Begun, type Execution, end, note, type TaskOutcome } from './execution.ts';
import { type Bindings, evaluate } from './expression.ts';
import { type Failure, isAbout, StateFailure, withinLimit } from './failure.ts';
import { bindingsOf, leave, type Turn } from './move.ts';

/** Seconds that a state gives as a number or an expression. */
export async function secondsOf(value: unknown, bindings: Bindings): Promise<number> {
  const seconds = await evaluate(value, bindings);
  if (typeof seconds === 'number' && seconds >= 0) return seconds;
  throw new StateFailure('States.QueryEvaluationError', `${JSON.stringify(seconds)} is not a number of seconds`);
}

/** The execution with its task begun: from here on the arguments, and the token in them, stay what they are. */
export async function begin(execution: Execution, state: Task, { now }: Turn): Promise<Execution> {
  const { step } = execution;
  const bindings = bindingsOf(execution, {}, waitsForToken(state) ? step.id : undefined);
  const timeout = state.TimeoutSeconds && (await secondsOf(state.TimeoutSeconds, bindings));
  const heartbeatSeconds = state.HeartbeatSeconds && (await secondsOf(state.HeartbeatSeconds, bindings));
  const task: Begun = {
    arguments: withinLimit(state.Arguments === undefined ? step.input : await evaluate(state.Arguments, bindings)),
    ...(timeout ? { timeoutAt: now + timeout * 1000 } : {}),
    ...(heartbeatSeconds ? { heartbeatSeconds, heartbeatAt: now + heartbeatSeconds * 1000 } : {}),
  };
  const taskScheduledEventDetails = { ...typesOf(state), region, parameters: '{}' };
  return note({ ...execution, step: { ...step, task } }, now, 'TaskScheduled', { taskScheduledEventDetails });
}

function typesOf(state: Task): { readonly resourceType: string; readonly resource: string } {
  const [resourceType = '', ...rest] = actionOf(state).split(/:(?=[^:]+$)/);
  return { resourceType, resource: rest.join() + (waitsForToken(state) ? '.waitForTaskToken' : '') };
}

/** The execution with its task over. */
export function settle(execution: Execution, task: Begun, outcome: TaskOutcome, state: Task, now: number): Execution {
  const settled = { ...execution, step: { ...execution.step, task: { ...task, outcome } } };
  if (outcome.ok)
    return note(settled, now, 'TaskSucceeded', {
      taskSucceededEventDetails: { ...typesOf(state), output: JSON.stringify(outcome.result) },
    });
  const { error, cause } = outcome;
  const details = { ...typesOf(state), error, cause };
  return error === 'States.Timeout' || error === 'States.HeartbeatTimeout'
    ? note(settled, now, 'TaskTimedOut', { taskTimedOutEventDetails: details })
    : note(settled, now, 'TaskFailed', { taskFailedEventDetails: details });
}

/** The execution after a failure in its state: a retry is due, or it went where a catcher sends it, or it failed. */
export async function recover(execution: Execution, failure: Failure, turn: Turn): Promise<Execution> {
  const { step } = execution;
  const state = turn.definition.States[step.state]!;
  const { Retry, Catch } = state.Type === 'Task' ? state : { Retry: [], Catch: [] };
  const at = Retry.findIndex(({ ErrorEquals }) => isAbout(ErrorEquals, failure.error));
  const retrier = Retry[at];
  const used = step.retried[at] ?? 0;
  if (retrier !== undefined && used < retrier.MaxAttempts) {
    const full = Math.min(retrier.MaxDelaySeconds, retrier.IntervalSeconds * retrier.BackoffRate ** used) * 1000;
    const wakeAt = turn.now + full * (retrier.JitterStrategy === 'FULL' ? turn.random() : 1);
    const { task: _, ...rest } = step;
    return { ...execution, step: { ...rest, id: turn.newId(), retried: { ...step.retried, [at]: used + 1 }, wakeAt } };
  }
  const catcher = Catch.find(({ ErrorEquals }) => isAbout(ErrorEquals, failure.error));
  if (catcher === undefined) return end(execution, turn.now, 'FAILED', failure);
  return leave(execution, catcher, turn, { errorOutput: { Error: failure.error, Cause: failure.cause } });
}
