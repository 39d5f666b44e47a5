import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { Failure } from './failure.ts';

/** How a task ended. */
export type TaskOutcome = { readonly ok: true; readonly result: unknown } | ({ readonly ok: false } & Failure);

/** A task that was begun. Times are milliseconds since 1970. */
export interface Begun {
  readonly arguments: unknown;
  readonly timeoutAt?: number;
  readonly heartbeatSeconds?: number;
  readonly heartbeatAt?: number;
  /** True once the request of a task that waits for its token has been answered: it is not made again. */
  readonly submitted?: true;
  readonly outcome?: TaskOutcome;
}

/** One attempt of one state. */
export interface Step {
  /** New for each attempt; of a task that waits for it, the token. */
  readonly id: string;
  readonly state: string;
  readonly enteredAt: number;
  readonly input: unknown;
  /** How often each retrier of the state was used, by its place. */
  readonly retried: Readonly<Record<number, number>>;
  /** When a Wait or a pause before a retry is over. */
  readonly wakeAt?: number;
  readonly task?: Begun;
}

/** An execution, as it is on disk: a new one for every transition. */
export interface Execution {
  readonly arn: string;
  readonly machineArn: string;
  readonly name: string;
  /** The definition it was started with, which a later one does not change. */
  readonly definition: string;
  /** JSON text, as it was given. */
  readonly input: string;
  readonly startedAt: number;
  readonly timeoutAt?: number;
  readonly status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  readonly stoppedAt?: number;
  /** JSON text. */
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
  /** Where it is; at its end, where it was last. */
  readonly step: Step;
  readonly variables: Readonly<Record<string, unknown>>;
  /** What happened, with timestamps in milliseconds since 1970; no arguments, which may hold tokens. */
  readonly history: readonly Noted[];
}

type Noted = Omit<HistoryEvent, 'timestamp'> & { readonly timestamp: number };

/** The execution with one more event in its history. */
export function note(
  execution: Execution,
  timestamp: number,
  type: NonNullable<HistoryEvent['type']>,
  details: Omit<HistoryEvent, 'timestamp' | 'type' | 'id'> = {},
): Execution {
  const previousEventId = execution.history.length;
  const event: Noted = { id: previousEventId + 1, previousEventId, timestamp, type, ...details };
  return { ...execution, history: [...execution.history, event] };
}

const ended = {
  SUCCEEDED: 'ExecutionSucceeded',
  FAILED: 'ExecutionFailed',
  TIMED_OUT: 'ExecutionTimedOut',
  ABORTED: 'ExecutionAborted',
} as const;

/** The execution, over. */
export const end = (
  execution: Execution,
  stoppedAt: number,
  status: keyof typeof ended,
  how: { readonly output?: string; readonly error?: string | undefined; readonly cause?: string | undefined } = {},
): Execution => note({ ...execution, ...defined(how), status, stoppedAt }, stoppedAt, ended[status]);

/** The fields that have a value. */
function defined<T extends object>(fields: T): { [Name in keyof T]: Exclude<T[Name], undefined> } {
  const kept = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as { [Name in keyof T]: Exclude<T[Name], undefined> };
}
