import type { Bench } from './setup.ts';
import { median, quantile } from './statistics.ts';
import type { Table } from './table.ts';

const warmCalls = 1_000;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** The authorizer's work in process: for a key it judged less than four seconds ago, and for one it has never seen. */
export async function authorizerTable({ handlers, world }: Bench): Promise<Table> {
  const known: number[] = [];
  const met: number[] = [];
  await handlers.authorize(world.small);
  for (const key of world.unused) {
    met.push(await timed(() => handlers.authorize(key)));
    for (let call = 0; call < warmCalls / world.unused.length; call += 1)
      known.push(await timed(() => handlers.authorize(key)));
  }
  const row = (name: string, times: readonly number[]) => [
    name,
    median(times),
    quantile(times, 0.99),
    String(times.length),
  ];
  return {
    title: 'Authorizer, in process (ms)',
    columns: ['key', 'p50', 'p99', 'calls'],
    rows: [row('known', known), row('met for the first time', met)],
  };
}
