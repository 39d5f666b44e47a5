import type { MessagePort } from 'node:worker_threads';
import type { Emulator } from '../aws-json.ts';

/** What the main thread gives the worker at its start. */
export interface WorkerStart {
  readonly folder: string | undefined;
  /** False where nobody listens to changes. */
  readonly feed: boolean;
}

/** What the main thread may ask of the worker; the answer comes through `answer`. */
export type Question = { readonly answer: MessagePort } & (
  | { readonly ask: 'counts' | 'clear' | 'close' }
  | { readonly ask: 'forgetChanges'; readonly before: number }
  | { readonly ask: 'failNext'; readonly order: Parameters<Emulator['faults']['failNext']> }
);
