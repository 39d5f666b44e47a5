import type { LastProbe } from '../../../contract/probe.ts';
import type { ServerRecord } from '../../domain/records.ts';
import { asSystem } from '../approval/acting.ts';
import { type Telling, tell } from '../approval/tell.ts';
import { atOnce } from './at-once.ts';
import { compare } from './compare.ts';
import type { Comparing } from './drift.ts';
import { pinLive } from './live.ts';

/** Readings at one time: what one function's sockets and memory take. */
const mostAtOnce = 20;

type Ports = Omit<Comparing, 'caller' | 'requestId' | 'now'> & Telling;

/**
 * Reads every active server of every org and compares it with its approval, those first that were read longest ago, so
 * that the next run goes on where `mayBegin` ended this one. One that fails does not keep the others from it.
 */
export async function watchServers(
  ports: Ports,
  requestId: string,
  mayBegin: () => boolean,
): Promise<{ readonly read: number; readonly failed: number }> {
  let [read, failed] = [0, 0];
  const watch = async (server: ServerRecord): Promise<void> => {
    try {
      await watchOne({ ...ports, ...asSystem(server.org_id, requestId, ports.clock) }, server);
      read += 1;
    } catch {
      failed += 1;
    }
  };
  await atOnce((await activeServers(ports)).values(), mostAtOnce, watch, mayBegin);
  return { read, failed };
}

async function activeServers({ records }: Ports): Promise<readonly ServerRecord[]> {
  const active: ServerRecord[] = [];
  let page: { limit: number; after?: string } | undefined = { limit: 200 };
  while (page) {
    const { rows, next }: Awaited<ReturnType<typeof records.list<'org'>>> = await records.list('org', '', page);
    for (const { id, disabled } of rows) {
      const { servers } = disabled ? { servers: [] } : await records.directory(id);
      active.push(...servers.filter(({ status }) => status === 'active'));
    }
    page = next === undefined ? undefined : { limit: 200, after: next };
  }
  return active.sort((a, b) => (readAt(a) < readAt(b) ? -1 : 1));
}

const readAt = ({ last_probe }: ServerRecord): string => last_probe?.at ?? '';

/** A server that fails twice in a row is told of as unhealthy, once until it answers again. */
async function watchOne(acting: Comparing & Telling, server: ServerRecord): Promise<void> {
  const credential = server.has_credential ? await acting.vault.read(server) : undefined;
  const first = await pinLive(acting, server, credential);
  const { live, probe } = first.live.ok ? first : await pinLive(acting, server, credential);
  if (live.ok) {
    await compare(acting, server, live.value, probe);
    return;
  }
  if (server.last_probe?.ok !== false) await tellUnhealthy(acting, server, probe);
  await acting.records.probed(server, probe);
}

const tellUnhealthy = (
  acting: Telling,
  { id, org_id, alias }: ServerRecord,
  { at, reason }: LastProbe,
): Promise<void> =>
  tell(acting, {
    id: `evt_${id}-unhealthy`,
    org_id,
    at,
    type: 'server.unhealthy',
    subject: { kind: 'server', id, alias },
    facts: { reason },
  });
