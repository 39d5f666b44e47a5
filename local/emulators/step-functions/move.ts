import type { Definition } from './definition.ts';
import { type Execution, end, note, type Step } from './execution.ts';
import { type Bindings, evaluate } from './expression.ts';
import { withinLimit } from './failure.ts';

/** What a transition knows besides the execution. */
export interface Turn {
  readonly definition: Definition;
  /** Milliseconds since 1970. */
  readonly now: number;
  newId(): string;
  /** From 0 up to 1. */
  random(): number;
}

const nameIn = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1);
const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** What the state's expressions see; `more` are the result or the error it had, `token` the one its task waits for. */
export function bindingsOf(
  { step, variables, ...execution }: Execution,
  more: { readonly result?: unknown; readonly errorOutput?: unknown } = {},
  token?: string,
): Bindings {
  const context = {
    Execution: {
      Id: execution.arn,
      Input: JSON.parse(execution.input) as unknown,
      Name: execution.name,
      StartTime: iso(execution.startedAt),
    },
    StateMachine: { Id: execution.machineArn, Name: nameIn(execution.machineArn) },
    State: {
      EnteredTime: iso(step.enteredAt),
      Name: step.state,
      RetryCount: Object.values(step.retried).reduce((sum, times) => sum + times, 0),
    },
    ...(token === undefined ? {} : { Task: { Token: token } }),
  };
  return { ...variables, states: { input: step.input, context, ...more } };
}

/** A first attempt of the state of that name. */
const stepInto = (state: string, input: unknown, { now, newId }: Turn): Step => ({
  id: newId(),
  state,
  enteredAt: now,
  input,
  retried: {},
});

/** The execution, in the state of that name. */
function enter(execution: Execution, name: string, input: unknown, turn: Turn): Execution {
  const type = turn.definition.States[name]!.Type;
  const stateEnteredEventDetails = { name, input: JSON.stringify(input) };
  const entered = { ...execution, step: stepInto(name, input, turn) };
  return note(entered, turn.now, `${type}StateEntered`, { stateEnteredEventDetails });
}

/** A new execution, in its machine's first state. */
export function begun(
  given: Pick<Execution, 'arn' | 'machineArn' | 'name' | 'definition' | 'input'>,
  turn: Turn,
): Execution {
  const { StartAt, TimeoutSeconds } = turn.definition;
  const input: unknown = JSON.parse(given.input);
  const fresh: Execution = {
    ...given,
    ...(TimeoutSeconds === undefined ? {} : { timeoutAt: turn.now + TimeoutSeconds * 1000 }),
    startedAt: turn.now,
    status: 'RUNNING',
    step: stepInto(StartAt, input, turn),
    variables: {},
    history: [],
  };
  const executionStartedEventDetails = { input: given.input };
  return enter(note(fresh, turn.now, 'ExecutionStarted', { executionStartedEventDetails }), StartAt, input, turn);
}

/** A way out of a state: its own, a choice's or a catcher's. Without `Next` the execution has succeeded. */
interface Exit {
  readonly Next?: string | undefined;
  readonly Output?: unknown;
  readonly Assign?: Readonly<Record<string, unknown>> | undefined;
}

/** The execution, out of its state. What it hands on is the exit's output, else its result or error, else its input. */
export async function leave(
  execution: Execution,
  exit: Exit,
  turn: Turn,
  more: { readonly result?: unknown; readonly errorOutput?: unknown } = {},
): Promise<Execution> {
  const { step } = execution;
  const bindings = bindingsOf(execution, more);
  const [untouched = step.input] = Object.values(more);
  const output = withinLimit(exit.Output === undefined ? untouched : await evaluate(exit.Output, bindings));
  const assigned = (await evaluate(exit.Assign ?? {}, bindings)) as Execution['variables'];
  const type = turn.definition.States[step.state]!.Type;
  // A Fail state is never left.
  const left = note(execution, turn.now, `${type as Exclude<typeof type, 'Fail'>}StateExited`, {
    stateExitedEventDetails: { name: step.state, output: JSON.stringify(output) },
  });
  const gone = { ...left, variables: { ...left.variables, ...assigned } };
  return exit.Next === undefined
    ? end(gone, turn.now, 'SUCCEEDED', { output: JSON.stringify(output) })
    : enter(gone, exit.Next, output, turn);
}
