import { parentPort, workerData } from 'node:worker_threads';
import { awsError } from '../aws-error.ts';
import { type Emulator, serveAwsJson } from '../aws-json.ts';
import { forgetChanges, keptChanges } from './change-log.ts';
import { openStore } from './dynalite.ts';
import { dynamoDbOperations, turns } from './operations.ts';
import type { Question, WorkerStart } from './question.ts';
import { forgetTokens } from './request-token.ts';
import { cancelled, type TransactWriteInput } from './transactions.ts';

// The worker of `start.ts`: Node runs this file as it is, also when the caller is inside jest.
const { folder, feed } = workerData as WorkerStart;
const store = await openStore(folder);
await forgetTokens(store);
const kept = feed ? await keptChanges(store) : [];
const inTurn = turns();

/** `TransactionConflict` is no error of its own: it is the reason of the first item of a cancelled transaction. */
const fault = (error: string, { TransactItems = [] }: Partial<TransactWriteInput>) =>
  error === 'TransactionConflict'
    ? cancelled(
        TransactItems.map((_, index) =>
          index === 0 ? { Code: error, Message: 'Transaction is ongoing for the item' } : { Code: 'None' },
        ),
      )
    : awsError(error);

const emulator: Emulator = await serveAwsJson({
  target: 'DynamoDB_20120810',
  version: '1.0',
  operations: dynamoDbOperations(store, inTurn, feed ? (change) => parentPort!.postMessage(change) : undefined),
  fault,
});

async function answerTo(question: Question): Promise<unknown> {
  switch (question.ask) {
    case 'counts':
      return emulator.counts();
    case 'clear':
      return emulator.faults.clear();
    case 'forgetChanges':
      return inTurn(() => forgetChanges(store, question.before));
    case 'failNext':
      return emulator.faults.failNext(...question.order);
    case 'close':
      await emulator.close();
      return inTurn(() => store.db.close()); // after the writes that are waiting for their turn
  }
}

parentPort!.on('message', async (question: Question) => {
  question.answer.postMessage(await answerTo(question));
});
parentPort!.postMessage(emulator.endpoint);
for (const change of kept) parentPort!.postMessage(change);
