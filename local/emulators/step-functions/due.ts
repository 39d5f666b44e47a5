import type { Task } from './definition.ts';
import { type Execution, end } from './execution.ts';
import { settle } from './task.ts';

/** The task of an execution that nothing has ended yet. */
const openTask = ({ step }: Execution) => (step.task?.outcome === undefined ? step.task : undefined);

/** When something has to happen by itself (milliseconds since 1970); Infinity where nothing will. */
export function dueAt(execution: Execution): number {
  if (execution.status !== 'RUNNING') return Infinity;
  const { step, timeoutAt = Infinity } = execution;
  const task = openTask(execution);
  const wakeAt = step.task === undefined ? step.wakeAt : undefined;
  return Math.min(timeoutAt, wakeAt ?? Infinity, task?.timeoutAt ?? Infinity, task?.heartbeatAt ?? Infinity);
}

/** The execution with what has run out of time ended: itself, or the task it waits for; nothing where all is in time. */
export function expire(execution: Execution, state: Task | undefined, now: number): Execution | undefined {
  if ((execution.timeoutAt ?? Infinity) <= now) return end(execution, now, 'TIMED_OUT');
  const task = openTask(execution);
  if (task === undefined || state === undefined) return undefined;
  const fail = (error: string) => settle(execution, task, { ok: false, error, cause: '' }, state, now);
  if ((task.timeoutAt ?? Infinity) <= now) return fail('States.Timeout');
  return (task.heartbeatAt ?? Infinity) <= now ? fail('States.HeartbeatTimeout') : undefined;
}
