import type { DynamoDBRecord } from 'aws-lambda';
import { z } from 'zod';
import type { Outcome } from '../lambda/protocol.ts';
import type { Mapping } from './mapping.ts';

/** What a delivery needs of the world. */
export interface Delivery {
  invoke(records: readonly DynamoDBRecord[]): Promise<Outcome>;
  /** Waits before attempt number `attempt` (from 1). */
  pause(attempt: number): Promise<void>;
  /** Told the records whose retries are used up. */
  discard(records: readonly DynamoDBRecord[]): void;
}

const PartialAnswer = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })).nullish() });

/** Place of the first record that has to be delivered again, as Lambda reads the answer; the batch's length when all is done. */
function firstFailed(outcome: Outcome, records: readonly DynamoDBRecord[], reportsFailures: boolean): number {
  if (!outcome.ok) return 0;
  if (!reportsFailures) return records.length;
  const answer = PartialAnswer.nullable().safeParse(JSON.parse(outcome.payload));
  if (!answer.success) return 0;
  const places = (answer.data?.batchItemFailures ?? []).map(({ itemIdentifier }) =>
    // A number that is not in the batch makes -1, which is the whole batch.
    Math.max(
      0,
      records.findIndex(({ dynamodb }) => dynamodb?.SequenceNumber === itemIdentifier),
    ),
  );
  return Math.min(records.length, ...places);
}

/** Delivers a batch in order until it is done or discarded: what failed is cut in two where the mapping says so, which costs no retry, and tried again. */
export async function deliver(
  records: readonly DynamoDBRecord[],
  mapping: Pick<Mapping, 'bisect' | 'retries' | 'reportsFailures'>,
  world: Delivery,
): Promise<void> {
  let left = records;
  for (let attempt = 0; ; attempt += 1) {
    if (attempt > 0) await world.pause(attempt);
    left = left.slice(firstFailed(await world.invoke(left), left, mapping.reportsFailures));
    if (left.length === 0) return;
    if (mapping.bisect && left.length > 1) {
      const middle = Math.ceil(left.length / 2);
      for (const half of [left.slice(0, middle), left.slice(middle)]) await deliver(half, mapping, world);
      return;
    }
    if (attempt >= mapping.retries) return world.discard(left);
  }
}
