import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Bench, openBench, runs } from '../support/conformance/runs.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
}, 60_000);
afterAll(() => bench.close());

const named = runs.map((run) => ({ ...run, path: run.through ? 'through the gateway' : 'directly' }));

test.each(named)(
  'requirements $requirements of the official suite hold for the $upstream fixture $path, but for $expected',
  async ({ path: _, ...run }) => {
    const { ok, complaints, output } = await bench.run(run);
    expect(ok ? '' : `${complaints.join('\n')}\n${output.slice(output.indexOf('\n\n=== SUMMARY'))}`).toBe('');
  },
  90_000,
);
