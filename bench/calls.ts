import { send } from './http.ts';
import { type Asked, eventOf } from './in-process.ts';
import { checkEcho, mcpRequest, messageOf, messages } from './messages.ts';
import { type Batch, interleave, type Plan, type Subject } from './rounds.ts';
import type { Bench } from './setup.ts';
import { median, paired, quantile } from './statistics.ts';
import type { Table } from './table.ts';

/** A call by REST of the tool with this full name. */
const restAsked = (name: string, n: number): Asked => ({
  method: 'POST',
  path: '/mcp-rest/tools/call',
  body: JSON.stringify({ name, arguments: { message: messageOf(n) } }),
});

/** A call by MCP. */
const mcpAsked = (name: string, n: number): Asked => ({
  method: 'POST',
  path: '/mcp',
  ...mcpRequest('tools/call', { name, arguments: { message: messageOf(n) } }),
});

/** The name of the subject that the others are compared with. */
export const direct = 'direct';

/** Straight to the upstream: one POST on a kept connection. */
export function directSubject({ backend }: Bench): Subject {
  const asked = messages.map((_, n) => mcpAsked('echo', n));
  return {
    name: direct,
    call: async (n) => checkEcho(await send(`${backend}/echo/mcp`, asked[n % asked.length]!), n),
  };
}

/** Through a handler in this process; events are made beforehand. */
export async function inProcess(
  { handlers }: Bench,
  door: 'rest' | 'mcp',
  key: string,
  tool: string,
  name: string,
): Promise<Subject> {
  const caller = await handlers.authorize(key);
  const events = messages.map((_, n) => eventOf(door === 'rest' ? restAsked(tool, n) : mcpAsked(tool, n), caller));
  return { name, call: async (n) => checkEcho(await handlers[door](events[n % events.length]!), n) };
}

/** Through the local runner over HTTP: door, authorizer, worker pool. */
function throughRunner({ gateway, world }: Bench, name: string, asked: (n: number) => Asked): Subject {
  const requests = messages.map((_, n) => {
    const { path, headers, body } = asked(n);
    return {
      url: gateway.ready.url + path,
      sent: { headers: { ...headers, authorization: `Bearer ${world.small}` }, body: body! },
    };
  });
  return {
    name,
    call: async (n) => {
      const { url, sent } = requests[n % requests.length]!;
      checkEcho(await send(url, sent), n);
    },
  };
}

/** Everything that a tool call is measured through; the first is `direct`. */
export async function callSubjects(bench: Bench): Promise<readonly Subject[]> {
  const { small, large } = bench.world;
  return [
    directSubject(bench),
    await inProcess(bench, 'rest', small, 'echo.echo', 'in process, REST'),
    await inProcess(bench, 'mcp', small, 'echo__echo', 'in process, MCP'),
    await inProcess(bench, 'mcp', small, 'legacy__echo', 'in process, MCP, upstream of 2025'),
    await inProcess(bench, 'mcp', large, 'server7__echo', 'in process, MCP, org of 50 servers'),
    throughRunner(bench, 'local runner, REST', (n) => restAsked('echo.echo', n)),
    throughRunner(bench, 'local runner, MCP', (n) => mcpAsked('echo__echo', n)),
  ];
}

const errorsOf = (batches: readonly Batch[]): number => batches.reduce((sum, { errors }) => sum + errors, 0);
const callsOf = (batches: readonly Batch[]): number[] => batches.flatMap(({ milliseconds }) => [...milliseconds]);

/** What each subject adds to a call when nothing else runs. */
export async function addedByEach(subjects: readonly Subject[], random: Plan['random']): Promise<Table> {
  const batches = await interleave(subjects, {
    rounds: 120,
    callsPerBatch: 25,
    concurrency: 1,
    warmUpRounds: 20,
    limitSeconds: 60,
    random,
  });
  const floor = batches.get(direct)!;
  const rows = [...batches].map(([name, own]) => [
    name,
    median(callsOf(own)),
    paired(own, floor, (our, their) => median(our.milliseconds) - median(their.milliseconds)),
    quantile(callsOf(own), 0.99),
    quantile(callsOf(own), 0.99) - quantile(callsOf(floor), 0.99),
    String(errorsOf(own)),
    String(callsOf(own).length),
  ]);
  return {
    title: 'Tool call, one at a time (ms)',
    columns: ['through', 'p50', 'p50 added', 'p99', 'p99 added', 'errors', 'calls'],
    rows,
  };
}

/** Calls a second of each subject with 32 under way. */
export async function throughputOfEach(subjects: readonly Subject[], random: Plan['random']): Promise<Table> {
  const batches = await interleave(subjects, {
    rounds: 20,
    callsPerBatch: 320,
    concurrency: 32,
    warmUpRounds: 2,
    limitSeconds: 60,
    random,
  });
  const rate = ({ milliseconds, seconds }: Batch) => milliseconds.length / seconds;
  const floor = batches.get(direct)!;
  const rows = [...batches].map(([name, own]) => [
    name,
    median(own.map(rate)),
    paired(own, floor, (our, their) => rate(our) / rate(their)),
    median(callsOf(own)),
    quantile(callsOf(own), 0.99),
    String(errorsOf(own)),
    String(callsOf(own).length),
  ]);
  return {
    title: 'Tool call, 32 at a time',
    columns: ['through', 'calls/s', '× direct', 'p50 ms', 'p99 ms', 'errors', 'calls'],
    rows,
  };
}
