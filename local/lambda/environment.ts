import { randomUUID } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { region } from '../aws.ts';
import type { FunctionSpec } from '../template/functions.ts';
import type { FromWorker, FunctionError, Outcome, ToWorker, WorkerData } from './protocol.ts';

/** Takes a chunk of a streamed answer, at last an empty one; the function's writes wait until the promise settles. */
export type OnChunk = (bytes: Uint8Array) => Promise<void>;

/** One warm or starting execution environment. */
export interface Environment {
  /** Resolves when the handler is loaded, or with the reason why it is not. */
  readonly started: Promise<FunctionError | undefined>;
  /** Runs one invocation; call again only after it has ended. A timeout or crash ends the environment. */
  run(event: string, onChunk: OnChunk): Promise<Outcome>;
  /** Resolves when the thread is gone. */
  readonly ended: Promise<void>;
  end(): Promise<void>;
}

/** Lambda's own limit on INIT. */
const startSeconds = 10;

/** Starts a worker thread for a function; what it prints goes to `log`. */
export function startEnvironment(
  spec: FunctionSpec,
  env: Readonly<Record<string, string>>,
  log: (text: string) => void,
): Environment {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: { folder: spec.folder, handler: spec.handler } satisfies WorkerData,
    execArgv: ['--no-warnings'],
    resourceLimits: { maxOldGenerationSizeMb: spec.memoryMegabytes },
    env: {
      ...spec.env,
      ...env,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_LAMBDA_FUNCTION_NAME: spec.name,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memoryMegabytes),
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      LAMBDA_TASK_ROOT: spec.folder,
      TZ: ':UTC',
    },
  });
  const send = (message: ToWorker) => worker.postMessage(message);
  const started = Promise.withResolvers<FunctionError | undefined>();
  const ended = Promise.withResolvers<void>();
  let finish = (_outcome: Outcome): void => {};
  let take: OnChunk = async () => {};
  /** Chunks are handed over one after the other. */
  let line: Promise<void> = Promise.resolve();
  let reason: FunctionError = {
    errorType: 'Runtime.ExitError',
    errorMessage: 'Error: Runtime exited without providing a reason',
  };

  function timeout(seconds: number): NodeJS.Timeout {
    return setTimeout(() => {
      reason = {
        errorType: 'Sandbox.Timedout',
        errorMessage: `Error: Task timed out after ${seconds.toFixed(2)} seconds`,
      };
      log(`${reason.errorMessage}\n`);
      void worker.terminate();
    }, seconds * 1000);
  }
  const starting = timeout(startSeconds);
  worker.on('message', (message: FromWorker) => {
    if (message.kind === 'ready') started.resolve(undefined);
    else if (message.kind === 'log') log(message.text);
    else if (message.kind === 'fatal') reason = message.error;
    else if (message.kind === 'end') finish(message.outcome);
    else if (message.kind === 'finished') line = line.then(() => take(new Uint8Array()));
    else
      line = line.then(async () => {
        await take(message.bytes);
        send({ kind: 'taken', bytes: message.bytes.length });
      });
  });
  // Out of memory is the one error the thread cannot report itself.
  worker.on('error', (error) => {
    reason = { errorType: 'Runtime.OutOfMemory', errorMessage: `Error: ${error.message}` };
  });
  worker.on('exit', () => {
    started.resolve(reason);
    finish({ ok: false, error: reason });
    ended.resolve();
  });
  void started.promise.then(() => clearTimeout(starting));

  return {
    started: started.promise,
    ended: ended.promise,
    end: async () => void (await worker.terminate()),
    async run(event, onChunk) {
      const id = randomUUID();
      const outcome = Promise.withResolvers<Outcome>();
      finish = outcome.resolve;
      take = onChunk;
      const timer = timeout(spec.timeoutSeconds);
      send({ kind: 'invoke', id, event, deadline: Date.now() + spec.timeoutSeconds * 1000, arn: spec.arn });
      const result = await outcome.promise;
      clearTimeout(timer);
      // A dead environment sends nothing more, and its last chunks may wait for a reader that never reads.
      await Promise.race([line, ended.promise]);
      return result.ok
        ? result
        : {
            ok: false,
            error: {
              ...result.error,
              errorMessage: result.error.errorMessage.replace(/^(?=Error: )/, `RequestId: ${id} `),
            },
          };
    },
  };
}
