import { setTimeout as pause } from 'node:timers/promises';
import { addedByEach, directSubject, inProcess, throughputOfEach } from './calls.ts';
import { startChild } from './child.ts';
import { type Call, hubCall, modernCall, sessionCall } from './peer-calls.ts';
import { bareProxyLine, civicLine, installPeers, mcpHubLine, mcpProxyLine, nginxLine } from './peer-lines.ts';
import { freePort, memoryOf, type Running, type StartLine, startProgram } from './peer-process.ts';
import type { Plan, Subject } from './rounds.ts';
import type { Bench } from './setup.ts';
import type { Table } from './table.ts';
import { oneProcess, peerTargetTable } from './targets.ts';

interface Peer {
  readonly name: string;
  /** How to get it, where the bench does not. */
  readonly hint?: string;
  line(port: number, backend: string): StartLine;
  open(url: string): Call | Promise<Call>;
}

const nginx: Peer = {
  name: 'nginx proxy_pass',
  hint: 'Debian: apt-get install nginx-light, and no service of it needs to run',
  line: nginxLine,
  open: (url) => modernCall(`${url}/echo/mcp`, 'echo'),
};

const bareProxy: Peer = {
  name: 'bare Node proxy',
  line: bareProxyLine,
  open: (url) => modernCall(`${url}/echo/mcp`, 'echo'),
};

const nodePeers: readonly Peer[] = [
  { name: 'mcp-proxy', line: mcpProxyLine, open: (url) => modernCall(`${url}/mcp`, 'echo') },
  { name: '@civic/passthrough', line: civicLine, open: (url) => sessionCall(`${url}/mcp`) },
  { name: 'mcp-hub, its REST route', line: mcpHubLine, open: hubCall },
];

const patienceMs = 20_000;

/** Asks until the peer answers a first call rightly; throws what went wrong last. */
async function firstAnswer(open: () => Call | Promise<Call>): Promise<Call> {
  const end = performance.now() + patienceMs;
  for (;;) {
    try {
      const call = await open();
      await call(0);
      return call;
    } catch (error) {
      if (performance.now() > end) throw error;
      await pause(200);
    }
  }
}

async function startPeer({ line, open }: Peer, backend: string): Promise<Running & { readonly call: Call }> {
  const port = await freePort();
  const running = await startProgram(line(port, backend));
  try {
    return { ...running, call: await firstAnswer(() => open(`http://127.0.0.1:${port}`)) };
  } catch (error) {
    running.close();
    throw error;
  }
}

/** This gateway beside nginx and the Node peers: what each adds, calls a second, memory after all of it; a peer that does not start is named with the reason. */
export async function peerTables(bench: Bench, random: Plan['random']): Promise<readonly Table[]> {
  await installPeers();
  const key = { authorization: `Bearer ${bench.world.small}` };
  const alone = await startChild<undefined>(import.meta.resolve('./one-process.ts'));
  const closers = [alone.close];
  try {
    const pids = new Map([
      [oneProcess, alone.pid],
      ['local runner, MCP', bench.gateway.pid],
    ]);
    const subjects: Subject[] = [
      directSubject(bench),
      await inProcess(bench, 'mcp', bench.world.small, 'echo__echo', 'in process, MCP'),
      {
        name: oneProcess,
        call: modernCall(`${await alone.ask<string>('open', bench.gateway.ready)}/mcp`, 'echo__echo', key),
      },
      { name: 'local runner, MCP', call: modernCall(`${bench.gateway.ready.url}/mcp`, 'echo__echo', key) },
    ];
    const absent: string[][] = [];
    for (const peer of [nginx, bareProxy, ...nodePeers])
      try {
        const { pid, call, close } = await startPeer(peer, bench.backend);
        closers.push(close);
        pids.set(peer.name, pid);
        subjects.push({ name: peer.name, call });
      } catch (error) {
        absent.push([peer.name, `${String(error).slice(0, 200)}${peer.hint ? ` (${peer.hint})` : ''}`]);
      }
    const added = await addedByEach(subjects, random);
    const throughput = await throughputOfEach(subjects, random);
    const memory: (readonly [string, number])[] = [];
    for (const [name, pid] of pids) memory.push([name, await memoryOf(pid)]);
    const names = nodePeers.map(({ name }) => name);
    return [
      { ...added, title: 'Beside the peers, one at a time (ms)' },
      { ...throughput, title: 'Beside the peers, 32 at a time' },
      { title: 'Memory of each process afterwards', columns: ['process', 'MB'], rows: memory },
      ...(absent.length > 0 ? [{ title: 'Not measured', columns: ['peer', 'reason'], rows: absent }] : []),
      peerTargetTable(throughput, names),
    ];
  } finally {
    for (const close of closers) close();
  }
}
