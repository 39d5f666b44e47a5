import type { State } from './definition.ts';
import { type Execution, end } from './execution.ts';
import { evaluate } from './expression.ts';
import { StateFailure } from './failure.ts';
import { bindingsOf, leave, type Turn } from './move.ts';
import { begin, recover, secondsOf } from './task.ts';

async function choose(execution: Execution, state: State & { Type: 'Choice' }, turn: Turn): Promise<Execution> {
  const bindings = bindingsOf(execution);
  for (const rule of state.Choices) {
    const holds = await evaluate(rule.Condition, bindings);
    if (typeof holds !== 'boolean')
      throw new StateFailure('States.QueryEvaluationError', `${String(rule.Condition)} is neither true nor false`);
    if (holds) return leave(execution, rule, turn);
  }
  if (state.Default !== undefined) return leave(execution, { ...state, Next: state.Default }, turn);
  throw new StateFailure('States.NoChoiceMatched', 'no choice matched and there is no default');
}

async function wait(execution: Execution, state: State & { Type: 'Wait' }, turn: Turn): Promise<Execution> {
  const { step } = execution;
  if (step.wakeAt !== undefined) return leave(execution, state, turn);
  const bindings = bindingsOf(execution);
  const wakeAt =
    state.Timestamp === undefined
      ? turn.now + (await secondsOf(state.Seconds, bindings)) * 1000
      : Date.parse(String(await evaluate(state.Timestamp, bindings)));
  if (Number.isNaN(wakeAt)) throw new StateFailure('States.QueryEvaluationError', 'the timestamp is no date');
  return { ...execution, step: { ...step, wakeAt } };
}

async function move(execution: Execution, turn: Turn): Promise<Execution | undefined> {
  const { step } = execution;
  const state = turn.definition.States[step.state]!;
  switch (state.Type) {
    case 'Pass':
    case 'Succeed':
      return leave(execution, state, turn);
    case 'Choice':
      return choose(execution, state, turn);
    case 'Wait':
      return wait(execution, state, turn);
    case 'Fail': {
      const { Error: error, Cause: cause } = state;
      const failure = await evaluate({ error, cause }, bindingsOf(execution));
      return end(execution, turn.now, 'FAILED', failure as { error?: string; cause?: string });
    }
    case 'Task':
      if (step.task === undefined) return begin(execution, state, turn);
      if (step.task.outcome === undefined) return undefined;
      if (step.task.outcome.ok) return leave(execution, state, turn, { result: step.task.outcome.result });
      throw new StateFailure(step.task.outcome.error, step.task.outcome.cause);
  }
}

/** The execution one transition further; nothing while it waits for time or for a task. */
export async function advance(execution: Execution, turn: Turn): Promise<Execution | undefined> {
  if ((execution.step.wakeAt ?? 0) > turn.now) return undefined;
  try {
    return await move(execution, turn);
  } catch (error) {
    if (!(error instanceof StateFailure)) throw error;
    return recovered(execution, error, turn);
  }
}

/** A catcher that fails itself ends the execution. */
async function recovered(execution: Execution, { failure }: StateFailure, turn: Turn): Promise<Execution> {
  try {
    return await recover(execution, failure, turn);
  } catch (error) {
    if (!(error instanceof StateFailure)) throw error;
    return end(execution, turn.now, 'FAILED', error.failure);
  }
}
