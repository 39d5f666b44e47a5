import { shuffled } from './statistics.ts';

/** One of the things compared. `call` does the work number `n` once and rejects unless the answer is the right one. */
export interface Subject {
  readonly name: string;
  call(n: number): Promise<void>;
}

/** What one subject did in one round: the milliseconds of each call that was right, the others, the time of all. */
export interface Batch {
  readonly milliseconds: readonly number[];
  readonly errors: number;
  readonly seconds: number;
}

/** How much is done, and when no further round begins. */
export interface Plan {
  readonly rounds: number;
  readonly callsPerBatch: number;
  readonly concurrency: number;
  readonly warmUpRounds: number;
  readonly limitSeconds: number;
  readonly random: () => number;
}

async function run(subject: Subject, first: number, { callsPerBatch, concurrency }: Plan): Promise<Batch> {
  const milliseconds: number[] = [];
  let errors = 0;
  let next = 0;
  const lane = async () => {
    while (next < callsPerBatch) {
      const n = first + next;
      next += 1;
      const begun = performance.now();
      try {
        await subject.call(n);
        milliseconds.push(performance.now() - begun);
      } catch {
        errors += 1;
      }
    }
  };
  // What lapsed while the others ran is read again by a call that is not counted.
  await subject.call(first).catch(() => undefined);
  const begun = performance.now();
  await Promise.all(Array.from({ length: concurrency }, lane));
  return { milliseconds, errors, seconds: (performance.now() - begun) / 1000 };
}

/** Rounds of one small batch of each subject, in an order that changes: the machine's noise falls on all alike. Answers the batches of each subject by name, those of the warm-up left out. */
export async function interleave(
  subjects: readonly Subject[],
  plan: Plan,
): Promise<ReadonlyMap<string, readonly Batch[]>> {
  const batches = new Map<string, Batch[]>(subjects.map(({ name }) => [name, []]));
  const deadline = performance.now() + plan.limitSeconds * 1000;
  for (let round = 0; round < plan.warmUpRounds + plan.rounds; round += 1) {
    if (round > plan.warmUpRounds && performance.now() > deadline) break;
    for (const subject of shuffled(subjects, plan.random)) {
      const batch = await run(subject, round * plan.callsPerBatch, plan);
      if (round >= plan.warmUpRounds) batches.get(subject.name)!.push(batch);
    }
  }
  return batches;
}
