/** A failed invocation as Lambda reports it in the payload. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** How an invocation ended; `payload` is JSON, or what a streaming function wrote. */
export type Outcome =
  | { readonly ok: true; readonly payload: string }
  | { readonly ok: false; readonly error: FunctionError };

/** What the worker thread of an environment is started with. */
export interface WorkerData {
  readonly folder: string;
  readonly handler: string;
}

/** Runner to environment. `event` is JSON; `deadline` is in milliseconds since 1970. */
export type ToWorker =
  | {
      readonly kind: 'invoke';
      readonly id: string;
      readonly event: string;
      readonly deadline: number;
      readonly arn: string;
    }
  | { readonly kind: 'taken'; readonly bytes: number };

/** Environment to runner. */
export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'log'; readonly text: string }
  | { readonly kind: 'chunk'; readonly bytes: Uint8Array }
  /** The stream of the answer has ended; the handler may go on. */
  | { readonly kind: 'finished' }
  | { readonly kind: 'end'; readonly outcome: Outcome }
  | { readonly kind: 'fatal'; readonly error: FunctionError };

/** Any thrown thing as Lambda's error payload. */
export function functionError(thrown: unknown, errorType?: string): FunctionError {
  if (!(thrown instanceof Error))
    return { errorType: errorType ?? typeof thrown, errorMessage: String(thrown), trace: [] };
  return {
    errorType: errorType ?? thrown.name,
    errorMessage: thrown.message,
    trace: (thrown.stack ?? '').split('\n'),
  };
}
