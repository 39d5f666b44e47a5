import { startChild } from './child.ts';
import { type Asked, eventOf } from './in-process.ts';
import { mcpRequest } from './messages.ts';
import { interleave, type Plan, type Subject } from './rounds.ts';
import type { Bench } from './setup.ts';
import { median, quantile } from './statistics.ts';
import type { Table } from './table.ts';

const toolsInAll = 1_000;
const coldProcesses = 7;

/** `tools/list` of MCP at the door of everything. */
export const listRequest: Asked = { method: 'POST', path: '/mcp', ...mcpRequest('tools/list', {}) };

async function listSubject({ handlers }: Bench, name: string, asked: Asked, keys: readonly string[]): Promise<Subject> {
  const door = asked.path === '/mcp' ? 'mcp' : 'rest';
  const events = await Promise.all(keys.map(async (key) => eventOf(asked, await handlers.authorize(key))));
  return {
    name,
    call: async (n) => {
      const { text } = await handlers[door](events[n % events.length]!);
      // Counting names costs little; parsing half a megabyte would cost more than the list.
      if (text.split('"inputSchema"').length - 1 !== toolsInAll)
        throw new Error(`not ${toolsInAll} tools: ${text.slice(0, 300)}`);
    },
  };
}

/** `tools/list` of 1,000 tools over 50 servers in process: all in memory, a caller not met before, a new process. */
export async function listTable(bench: Bench, random: Plan['random']): Promise<Table> {
  const { large, largeUnused } = bench.world;
  const rest: Asked = { method: 'GET', path: '/mcp-rest/tools/list' };
  const once = { concurrency: 1, limitSeconds: 20, random };
  const warm = await interleave(
    [
      await listSubject(bench, 'MCP, warm', listRequest, [large]),
      await listSubject(bench, 'REST, warm', rest, [large]),
    ],
    { ...once, rounds: 20, callsPerBatch: 10, warmUpRounds: 4 },
  );
  const met = await interleave([await listSubject(bench, 'MCP, new caller', listRequest, largeUnused)], {
    ...once,
    rounds: largeUnused.length,
    callsPerBatch: 1,
    warmUpRounds: 0,
  });
  const cold: number[] = [];
  const caller = await bench.handlers.authorize(large);
  for (let process = 0; process < coldProcesses; process += 1) {
    const child = await startChild(import.meta.resolve('./cold-list.ts'));
    cold.push(await child.ask<number>('list', { gateway: bench.gateway.ready, caller }));
    child.close();
  }
  const row = (name: string, times: readonly number[], errors: number) => [
    name,
    median(times),
    quantile(times, 0.99),
    String(errors),
    String(times.length),
  ];
  const rows = [...warm, ...met].map(([name, batches]) =>
    row(
      name,
      batches.flatMap(({ milliseconds }) => [...milliseconds]),
      batches.reduce((sum, { errors }) => sum + errors, 0),
    ),
  );
  return {
    title: 'tools/list of 1,000 tools over 50 servers, in process (ms)',
    columns: ['list', 'p50', 'p99', 'errors', 'lists'],
    rows: [...rows, row('MCP, new process', cold, 0)],
  };
}
