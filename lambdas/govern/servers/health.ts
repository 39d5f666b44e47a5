import type { LastProbe } from '../../../contract/probe.ts';
import type { ServerRecord } from '../../domain/records.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { Acting } from '../acting.ts';
import type { ServerActing } from './acting.ts';
import { atOnce } from './at-once.ts';
import { findServer } from './find.ts';
import { readLive } from './live.ts';

/** Probes at one time: enough for a hundred servers in one answer, few enough for one function's sockets. */
const mostAtOnce = 20;
/** Wait for one server in ms; a healthy one lists its tools in a fraction of this. */
const probeDeadlineMs = 5_000;
/** No probe starts later than this many ms after the first: API Gateway ends the request after 29 s. */
const lastStartMs = 20_000;

type Probing = Acting & Pick<ServerActing, 'records' | 'vault' | 'upstream' | 'clock' | 'sha256'>;

/** How a server does: its status, and the last probe where there was one. */
interface Health extends Pick<ServerRecord, 'id' | 'alias' | 'status'> {
  readonly last?: LastProbe;
  readonly quarantined?: readonly string[];
}

const healthOf = ({ id, alias, status, last_probe, quarantined }: ServerRecord): Health => ({
  id,
  alias,
  status,
  ...(last_probe === undefined ? {} : { last: last_probe }),
  ...(quarantined === undefined ? {} : { quarantined }),
});

/** The last probe of a server, or with `live` one made now with the server's own credential. */
export async function serverHealth(
  acting: Probing,
  reference: string,
  live: boolean,
): Promise<Result<Health, Refusal>> {
  const found = await findServer(acting.records, acting.caller.org_id, reference);
  if (!found.ok) return found;
  return ok(healthOf(live ? await probed(acting, found.value) : found.value));
}

/** The last probe of every server of the org, or with `live` new ones; a server there was no time for shows its last. */
export async function serversHealth(
  acting: Probing,
  live: boolean,
): Promise<{ readonly object: 'list'; readonly data: readonly Health[] }> {
  const { servers } = await acting.records.directory(acting.caller.org_id);
  const seen = [...servers];
  if (live) {
    const started = acting.clock();
    const probe = async ([at, server]: [number, ServerRecord]) => {
      seen[at] = await probed(acting, server);
    };
    await atOnce(seen.entries(), mostAtOnce, probe, () => acting.clock() - started < lastStartMs);
  }
  return { object: 'list', data: seen.map(healthOf) };
}

async function probed(acting: Probing, server: ServerRecord): Promise<ServerRecord> {
  const credential = server.has_credential ? await acting.vault.read(server) : undefined;
  const { probe } = await readLive(acting, server, credential, probeDeadlineMs);
  await acting.records.probed(server, probe);
  return { ...server, last_probe: probe };
}
