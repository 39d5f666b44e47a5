import { Session } from 'node:inspector/promises';
import { inProcess } from './calls.ts';
import type { Bench } from './setup.ts';
import type { Table } from './table.ts';

const warmUpCalls = 3_000;
const calls = 15_000;
const shown = 25;

/** The part of the program that a frame of the profile belongs to. */
function moduleOf(url: string, functionName: string): string {
  if (url === '') return functionName.startsWith('(') ? functionName : 'V8 built-ins';
  const file = url.replace(/^file:\/\//, '');
  const installed = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1];
  if (installed !== undefined) return installed;
  return /\/((?:lambdas\/(?:adapters\/)?[^/]+|bench|local))\//.exec(file)?.[1] ?? url;
}

/** Where the time of a call goes: V8's CPU profile (that of `node --cpu-prof`) over warm calls in process, REST and MCP in turn; microseconds of self time a call. */
export async function profileTables(bench: Bench): Promise<readonly Table[]> {
  const subjects = [
    await inProcess(bench, 'rest', bench.world.small, 'echo.echo', 'REST'),
    await inProcess(bench, 'mcp', bench.world.small, 'echo__echo', 'MCP'),
  ];
  const work = async (count: number) => {
    for (let n = 0; n < count; n += 1) await subjects[n % subjects.length]!.call(n);
  };
  await work(warmUpCalls);
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 200 });
  await session.post('Profiler.start');
  await work(calls);
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();

  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const modules = new Map<string, number>();
  const functions = new Map<string, number>();
  const add = (to: Map<string, number>, name: string, time: number) => to.set(name, (to.get(name) ?? 0) + time);
  profile.samples?.forEach((id, at) => {
    const { url, functionName, lineNumber } = frames.get(id)!;
    const time = profile.timeDeltas?.[at] ?? 0;
    const module = moduleOf(url, functionName);
    add(modules, module, time);
    if (module !== '(idle)')
      add(functions, `${functionName || '(anonymous)'} ${module} ${url.split('/').at(-1)}:${lineNumber + 1}`, time);
  });
  const rows = (times: ReadonlyMap<string, number>) =>
    [...times]
      .sort((a, b) => b[1] - a[1])
      .slice(0, shown)
      .map(([name, time]) => [name, time / calls]);
  const columns = (what: string) => [what, 'µs a call'];
  return [
    { title: 'Self time by module', columns: columns('module'), rows: rows(modules) },
    { title: 'Self time by function', columns: columns('function'), rows: rows(functions) },
  ];
}
