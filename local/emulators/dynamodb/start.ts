import { MessageChannel, Worker } from 'node:worker_threads';
import type { Emulator } from '../aws-json.ts';
import type { Change } from './change.ts';
import type { Question, WorkerStart } from './question.ts';

type Ask = Question extends infer One ? (One extends Question ? Omit<One, 'answer'> : never) : never;

/** DynamoDB with its change feed. */
export interface DynamoDb extends Emulator {
  /** Forgets every change older than the one of this sequence number; the others are told again at the next start. */
  forgetChanges(before: number): Promise<void>;
}

/**
 * Starts DynamoDB in a worker thread on a free loopback port; state lives in `folder` and survives `kill -9`, or in
 * memory without one. `onChange` gets every change of tables with a stream, in order, old and new image; those that an
 * earlier run did not forget come first. Rejects when another process holds the folder.
 */
export async function startDynamoDb({
  folder,
  onChange,
}: {
  readonly folder?: string;
  readonly onChange?: (change: Change) => void;
} = {}): Promise<DynamoDb> {
  const start: WorkerStart = { folder, feed: onChange !== undefined };
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: start });
  const endpoint = await new Promise<string>((resolve, reject) => {
    worker.once('error', reject);
    worker.on('message', (message: string | Change) => {
      if (typeof message === 'string') resolve(message);
      else onChange?.(message);
    });
  });
  worker.removeAllListeners('error'); // from here on a crash of the worker is a crash of the caller

  const ask = <T>(question: Ask): Promise<T> => {
    const { port1, port2 } = new MessageChannel();
    return new Promise((resolve) => {
      port1.once('message', (answer: T) => {
        port1.close();
        resolve(answer);
      });
      worker.postMessage({ ...question, answer: port2 }, [port2]);
    });
  };

  return {
    endpoint,
    faults: {
      failNext: (...order) => ask({ ask: 'failNext', order }),
      clear: () => ask({ ask: 'clear' }),
    },
    counts: () => ask({ ask: 'counts' }),
    forgetChanges: (before) => ask({ ask: 'forgetChanges', before }),
    async close() {
      await ask({ ask: 'close' });
      await worker.terminate();
    },
  };
}
