/** One Lambda execution environment: a worker thread with its own module state, one invocation at a time. */
import { parentPort, workerData } from 'node:worker_threads';
import { type Handler, loadHandler } from './handler.ts';
import { type FromWorker, functionError, type Outcome, type ToWorker, type WorkerData } from './protocol.ts';
import { awslambda, responseStream, streaming } from './response-stream.ts';

const port = parentPort!;
const send = (message: FromWorker) => port.postMessage(message);

// Messages keep their order, so a line is always with the runner before the answer it belongs to; worker stdio is not.
for (const output of [process.stdout, process.stderr])
  output.write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
    send({ kind: 'log', text: typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString() });
    const done = rest.at(-1);
    if (typeof done === 'function') done();
    return true;
  };

function die(thrown: unknown, errorType?: string): never {
  console.error('Uncaught Exception', thrown);
  send({ kind: 'fatal', error: functionError(thrown, errorType) });
  process.exit(1);
}
process.on('uncaughtException', (thrown) => die(thrown));
process.on('unhandledRejection', (thrown) => die(thrown, 'Runtime.UnhandledPromiseRejection'));

let taken: (bytes: number) => void = () => {};

async function answer(handler: Handler, event: unknown, context: object): Promise<string> {
  if (!(streaming in handler)) return JSON.stringify((await handler(event, context)) ?? null);
  const response = responseStream(port);
  taken = response.taken;
  const finished = new Promise<void>((resolve, reject) => response.stream.on('finish', resolve).on('error', reject));
  void finished.then(
    () => send({ kind: 'finished' }),
    () => {},
  );
  await Promise.all([
    finished,
    Promise.resolve(handler(event, response.stream, context)).then(() => response.stream.end()),
  ]);
  return '';
}

async function run(handler: Handler, { id, event, deadline, arn }: ToWorker & { kind: 'invoke' }): Promise<Outcome> {
  const context = {
    awsRequestId: id,
    functionName: process.env['AWS_LAMBDA_FUNCTION_NAME'],
    functionVersion: '$LATEST',
    invokedFunctionArn: arn,
    memoryLimitInMB: process.env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'],
    logGroupName: 'local',
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
  try {
    return { ok: true, payload: await answer(handler, JSON.parse(event), context) };
  } catch (thrown) {
    console.error('Invoke Error', thrown);
    return { ok: false, error: functionError(thrown) };
  }
}

Object.assign(globalThis, { awslambda });
const { folder, handler: name } = workerData as WorkerData;
const handler = await loadHandler(folder, name).catch((thrown) => die(thrown));
port.on('message', (message: ToWorker) => {
  if (message.kind === 'taken') taken(message.bytes);
  else void run(handler, message).then((outcome) => send({ kind: 'end', outcome }));
});
send({ kind: 'ready' });
