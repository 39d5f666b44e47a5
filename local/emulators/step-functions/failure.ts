/** Why a state or a task failed, as Step Functions names it. */
export interface Failure {
  readonly error: string;
  readonly cause: string;
}

/** A failure on its way to the state's retriers and catchers. */
export class StateFailure extends Error {
  readonly failure: Failure;

  constructor(error: string, cause = '') {
    super(`${error}: ${cause}`);
    this.failure = { error, cause };
  }
}

/** Nothing retries or catches these. */
const terminal = new Set(['States.Runtime', 'States.DataLimitExceeded']);

/** True when a retrier's or catcher's list is about this error (Amazon States Language, "Error handling"). */
export function isAbout(errorEquals: readonly string[], error: string): boolean {
  if (terminal.has(error)) return false;
  const isTimeout = error === 'States.Timeout' || error === 'States.HeartbeatTimeout';
  const also = ['States.ALL', error, isTimeout ? 'States.Timeout' : 'States.TaskFailed'];
  return errorEquals.some((name) => also.includes(name));
}

/** Most bytes of JSON that go into or out of a state. */
const maxBytes = 262_144;

/** The value itself; fails what is too large to be passed on. */
export function withinLimit(value: unknown): unknown {
  if (Buffer.byteLength(JSON.stringify(value)) <= maxBytes) return value;
  throw new StateFailure('States.DataLimitExceeded', `more than ${maxBytes} bytes`);
}
