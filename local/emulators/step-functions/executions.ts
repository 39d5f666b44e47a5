import { randomBytes } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import { advance } from './advance.ts';
import { openAlarms } from './alarms.ts';
import { actionOf, parseDefinition, type Task, waitsForToken } from './definition.ts';
import { dueAt, expire } from './due.ts';
import { type Execution, note, type TaskOutcome } from './execution.ts';
import { StateFailure } from './failure.ts';
import type { ExecutionStore } from './store.ts';
import { settle } from './task.ts';

/** Does what a task asks for, with its arguments. Throws `StateFailure` when it fails. */
export type Perform = (parameters: unknown, execution: Execution) => Promise<unknown>;

/** The executions of all state machines, running and over. */
export interface Executions {
  all(): readonly Execution[];
  get(arn: string): Execution | undefined;
  /** Keeps an execution and runs it from where it is. */
  run(execution: Execution): void;
  /** Puts `to` in the place of `from`, on disk first; false when it has moved on meanwhile. */
  replace(from: Execution, to: Execution): boolean;
  /** Ends the task of a step; false when it is over already. */
  settleTask(arn: string, stepId: string, outcome: TaskOutcome): boolean;
  /** Goes on with what an earlier run left. */
  resume(): void;
  /** Stops the time for all of them; what tasks still answer is not heard. */
  close(): void;
}

/** 64 characters that nobody can guess: every step's name, and with it every token. */
export const newId = (): string => randomBytes(48).toString('base64url');

const taskOf = ({ definition, step }: Execution): Task | undefined => {
  const state = parseDefinition(definition).States[step.state];
  return state?.Type === 'Task' ? state : undefined;
};

const outcomeOf = (error: unknown): TaskOutcome => {
  if (error instanceof StateFailure) return { ok: false, ...error.failure };
  console.error(error);
  return { ok: false, error: 'States.TaskFailed', cause: String(error) };
};

/** Executions over a store; `tasks` are by their action, such as `lambda:invoke`. */
export function openExecutions(
  store: ExecutionStore,
  tasks: Readonly<Record<string, Perform>>,
  clock: Clock,
): Executions {
  const executions = new Map(store.load().map((execution) => [execution.arn, execution]));
  const alarms = openAlarms(clock);
  /** Steps whose task is being done in this process. */
  const doing = new Set<string>();
  let closed = false;

  function keep(execution: Execution): void {
    store.save(execution);
    executions.set(execution.arn, execution);
    arm(execution);
  }
  function replace(from: Execution, to: Execution): boolean {
    if (closed || executions.get(from.arn) !== from) return false;
    keep(to);
    return true;
  }
  const arm = (execution: Execution) => alarms.set(execution.arn, dueAt(execution), () => ring(execution));
  function ring(execution: Execution): void {
    const expired = expire(execution, taskOf(execution), clock.now());
    if (expired !== undefined) replace(execution, expired);
    drive(execution.arn);
  }
  async function go(arn: string): Promise<void> {
    for (;;) {
      const execution = executions.get(arn)!;
      if (closed || execution.status !== 'RUNNING') return;
      const definition = parseDefinition(execution.definition);
      const next = await advance(execution, { definition, now: clock.now(), newId, random: Math.random });
      if (next === undefined) return perform(execution);
      replace(execution, next);
    }
  }
  const drive = (arn: string) => void go(arn).catch((error: unknown) => console.error(error));

  function perform(execution: Execution): void {
    const { id, task } = execution.step;
    const state = taskOf(execution);
    if (state === undefined || task === undefined || task.outcome || task.submitted || doing.has(id)) return;
    doing.add(id);
    tasks[actionOf(state)]!(task.arguments, execution)
      .then((result) =>
        waitsForToken(state) ? submitted(execution.arn, id) : settleTask(execution.arn, id, { ok: true, result }),
      )
      .catch((error: unknown) => settleTask(execution.arn, id, outcomeOf(error)))
      .finally(() => doing.delete(id));
  }
  /** The execution while this step's task is open. */
  function open(arn: string, stepId: string) {
    const execution = executions.get(arn);
    const state = execution && taskOf(execution);
    if (execution?.status !== 'RUNNING' || state === undefined || execution.step.id !== stepId) return undefined;
    const { task } = execution.step;
    return task === undefined || task.outcome !== undefined ? undefined : { execution, state, task };
  }
  function submitted(arn: string, stepId: string): void {
    const found = open(arn, stepId);
    if (found === undefined) return;
    const { execution, task } = found;
    const step = { ...execution.step, task: { ...task, submitted: true as const } };
    replace(execution, note({ ...execution, step }, clock.now(), 'TaskSubmitted'));
  }
  function settleTask(arn: string, stepId: string, outcome: TaskOutcome): boolean {
    const found = open(arn, stepId);
    if (found === undefined) return false;
    const settled = replace(found.execution, settle(found.execution, found.task, outcome, found.state, clock.now()));
    if (settled) drive(arn);
    return settled;
  }

  return {
    all: () => [...executions.values()],
    get: (arn) => executions.get(arn),
    run(execution) {
      keep(execution);
      drive(execution.arn);
    },
    replace,
    settleTask,
    resume() {
      for (const execution of executions.values()) {
        arm(execution);
        drive(execution.arn);
      }
    },
    close() {
      closed = true;
      alarms.clear();
    },
  };
}
