import { expect, test } from '@jest/globals';
import { interleave, type Plan } from '../../bench/rounds.ts';
import { seeded } from '../../bench/statistics.ts';

const plan: Plan = {
  rounds: 4,
  callsPerBatch: 6,
  concurrency: 3,
  warmUpRounds: 2,
  limitSeconds: 60,
  random: seeded(1),
};

test('every subject does the same calls, batch by batch in turn; the warm-up and the first call of a batch are not reported', async () => {
  const done: string[] = [];
  const subject = (name: string) => ({ name, call: async (n: number) => void done.push(`${name}${n}`) });
  const batches = await interleave([subject('a'), subject('b')], plan);
  for (const name of ['a', 'b']) {
    expect(batches.get(name)).toHaveLength(plan.rounds);
    expect(batches.get(name)?.every(({ milliseconds, errors }) => milliseconds.length === 6 && errors === 0)).toBe(
      true,
    );
    const batch = (round: number) => [0, 0, 1, 2, 3, 4, 5].map((n) => `${name}${round * 6 + n}`);
    expect(done.filter((call) => call.startsWith(name))).toEqual([0, 1, 2, 3, 4, 5].flatMap(batch));
  }
  const rounds = Array.from({ length: 6 }, (_, round) => done.slice(round * 14, (round + 1) * 14));
  for (const round of rounds) expect(new Set(round.map(([name]) => name))).toEqual(new Set(['a', 'b']));
});

test('no more calls are under way than asked for', async () => {
  let underWay = 0;
  let most = 0;
  const call = async () => {
    underWay += 1;
    most = Math.max(most, underWay);
    await new Promise((resolve) => setImmediate(resolve));
    underWay -= 1;
  };
  await interleave([{ name: 'one', call }], plan);
  expect(most).toBe(plan.concurrency);
});

test('a wrong answer counts as an error and not as a time', async () => {
  const call = async (n: number) => {
    if (n % 2 === 1) throw new Error('wrong');
  };
  const batches = await interleave([{ name: 'half', call }], plan);
  expect(batches.get('half')?.map(({ milliseconds, errors }) => [milliseconds.length, errors])).toEqual(
    Array.from({ length: plan.rounds }, () => [3, 3]),
  );
});

test('no round begins past the limit, but one is always measured', async () => {
  const batches = await interleave([{ name: 'one', call: async () => {} }], { ...plan, limitSeconds: 0 });
  expect(batches.get('one')).toHaveLength(1);
});
