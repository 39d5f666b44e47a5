import { setTimeout as sleep } from 'node:timers/promises';
import type { DynamoDBRecord } from 'aws-lambda';
import type { Change } from '../emulators/dynamodb/change.ts';
import { type LambdaFunction, maxPayloadBytes } from '../lambda/pool.ts';
import { deliver } from './deliver.ts';
import type { Mapping } from './mapping.ts';

/** One mapping at work. */
export interface Consumer {
  /** Puts a change at the end of the line. */
  take(change: Change): void;
  /** Sequence number of the oldest change that waits or is being delivered. */
  oldest(): number | undefined;
  /** Ends it; what was not yet done is not told. */
  stop(): void;
}

/** The first records of the line that fit one invocation: at least one, at most `size`. */
function nextBatch(line: readonly Change[], size: number): readonly DynamoDBRecord[] {
  const records: DynamoDBRecord[] = [];
  let bytes = '{"Records":[]}'.length;
  for (const { record } of line.slice(0, size)) {
    bytes += Buffer.byteLength(JSON.stringify(record)) + 1;
    if (bytes > maxPayloadBytes && records.length > 0) break;
    records.push(record);
  }
  return records;
}

const retryMilliseconds = (attempt: number): number => Math.min(100 * 2 ** attempt, 1000);

/** Feeds a function from a mapping's line, one batch at a time and in order; `onDone` is called after each. */
export function startConsumer(
  mapping: Mapping,
  fn: LambdaFunction,
  log: (text: string) => void,
  onDone: () => void,
): Consumer {
  const line: Change[] = [];
  const stopper = new AbortController();
  const { signal } = stopper;
  let wake = () => {};

  const world = {
    invoke(Records: readonly DynamoDBRecord[]) {
      signal.throwIfAborted();
      return fn.invoke(JSON.stringify({ Records }));
    },
    pause: (attempt: number) => sleep(retryMilliseconds(attempt), undefined, { signal }),
    discard: (records: readonly DynamoDBRecord[]) =>
      log(`gave up ${records.length} stream record(s) from ${records[0]?.eventID} after ${mapping.retries} retries\n`),
  };
  async function feed(): Promise<void> {
    for (;;) {
      if (line.length === 0)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      if (line.length < mapping.batchSize) await sleep(mapping.windowMilliseconds, undefined, { signal });
      const batch = nextBatch(line, mapping.batchSize);
      await deliver(batch, mapping, world);
      signal.throwIfAborted();
      line.splice(0, batch.length);
      onDone();
    }
  }
  feed().catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });

  return {
    take(change) {
      line.push(change);
      wake();
    },
    oldest: () => line[0]?.sequence,
    stop() {
      stopper.abort();
      wake();
    },
  };
}
