import type { FunctionSpec } from '../template/functions.ts';
import { type Environment, type OnChunk, startEnvironment } from './environment.ts';
import type { FunctionError, Outcome } from './protocol.ts';

/** Lambda's limit on a synchronous request or a buffered answer, in bytes (6 MB and the envelope). */
export const maxPayloadBytes = 6_291_556;

/** Environments of one function at most: a laptop has no use for more threads, and a stream holds one while it lasts. */
const defaultConcurrency = 16;

/** Environments of one function that may be starting at once: more only slow each other down on two cores. */
const startsAtOnce = 2;

/** A function that can be invoked. */
export interface LambdaFunction {
  readonly spec: FunctionSpec;
  /** Runs the function on an event (JSON text). Waits for a free environment; chunks of a streaming function go to `onChunk`, else into the payload. */
  invoke(event: string, onChunk?: OnChunk): Promise<Outcome>;
  /** Cold starts so far. */
  starts(): number;
  /** Ends every environment: what runs there fails, and the next invocation is a cold start. */
  chill(): Promise<void>;
  /** Ends every environment for good; what waits for one fails too. */
  close(): Promise<void>;
}

type Waiting = (environment: Environment | FunctionError) => void;

/** A pool of environments for one function. `env` is read at each cold start. */
export function createFunction(
  spec: FunctionSpec,
  env: () => Readonly<Record<string, string>>,
  log: (text: string) => void,
  concurrency = defaultConcurrency,
): LambdaFunction {
  const all = new Set<Environment>();
  const idle: Environment[] = [];
  const waiting: Waiting[] = [];
  let starting = 0;
  let starts = 0;
  let closed = false;

  function serve(): void {
    while (idle.length > 0 && waiting.length > 0) waiting.shift()!(idle.pop()!);
    if (closed) for (const refuse of waiting.splice(0)) refuse(shutDown);
    if (waiting.length > starting && starting < startsAtOnce && all.size < concurrency) {
      void start();
      serve();
    }
  }
  async function start(): Promise<void> {
    starting += 1;
    starts += 1;
    const environment = startEnvironment(spec, env(), log);
    all.add(environment);
    void environment.ended.then(() => {
      all.delete(environment);
      const at = idle.indexOf(environment);
      if (at >= 0) idle.splice(at, 1);
      serve();
    });
    const failure = await environment.started;
    starting -= 1;
    if (failure === undefined) idle.push(environment);
    else waiting.shift()?.(failure);
    serve();
  }
  const take = () =>
    new Promise<Environment | FunctionError>((resolve) => {
      waiting.push(resolve);
      serve();
    });

  const chill = async () => void (await Promise.all([...all].map((environment) => environment.end())));

  return {
    spec,
    starts: () => starts,
    async invoke(event, onChunk) {
      const environment = await take();
      if (!('run' in environment)) return { ok: false, error: environment };
      const chunks: Uint8Array[] = [];
      const outcome = await environment.run(event, onChunk ?? (async (bytes) => void chunks.push(bytes)));
      if (all.has(environment)) idle.push(environment);
      serve();
      if (!outcome.ok) return outcome;
      const payload = outcome.payload || Buffer.concat(chunks).toString();
      return Buffer.byteLength(payload) > maxPayloadBytes ? { ok: false, error: tooLarge } : { ok: true, payload };
    },
    chill,
    async close() {
      closed = true;
      serve();
      await chill();
    },
  };
}

const shutDown: FunctionError = { errorType: 'Runtime.ExitError', errorMessage: 'Error: the runner is shutting down' };

const tooLarge: FunctionError = {
  errorType: 'Function.ResponseSizeTooLarge',
  errorMessage: `Response payload size exceeded maximum allowed payload size (${maxPayloadBytes} bytes).`,
};
