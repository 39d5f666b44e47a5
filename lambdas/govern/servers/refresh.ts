import type { ServerView } from '../../../contract/servers.ts';
import type { ServerRecord } from '../../domain/records.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { ok, type Result } from '../../domain/result.ts';
import { type Drift, diff } from '../../domain/snapshot/diff.ts';
import { auditOf } from '../acting.ts';
import { commitPlaced } from '../places.ts';
import { refusalOf } from '../record-find.ts';
import { replaced } from '../record-write.ts';
import type { ServerActing } from './acting.ts';
import { findServer } from './find.ts';
import { pinLive } from './live.ts';
import { placeChanges } from './place.ts';
import { settled, withLive } from './state.ts';
import { adminView } from './view.ts';

/** The server as it is now, and what its live definitions changed against the ones pinned before. */
interface Refreshed extends Drift {
  readonly server: ServerView;
  readonly snapshot_hash: string;
}

/**
 * Reads the live definitions again and pins them: the admin vouches for what it sees, so a server under review becomes
 * active. Where they cannot be had nothing changes but the last probe, and the upstream's refusal is the answer.
 */
export async function refreshServer(acting: ServerActing, reference: string): Promise<Result<Refreshed, Refusal>> {
  const found = await findServer(acting.records, acting.caller.org_id, reference);
  if (!found.ok) return found;
  const server = found.value;
  const credential = server.has_credential ? await acting.vault.read(server, { fresh: true }) : undefined;
  const { live, probe } = await pinLive(acting, server, credential);
  if (!live.ok) {
    await acting.records.probed(server, probe);
    return live;
  }
  const before = server.snapshot_hash && (await acting.snapshots.get(server.org_id, server.snapshot_hash));
  const drift = diff(before || { tools: [] }, live.value.snapshot);
  const after = settled(replaced(withLive(server, live), {}, acting.now), server.status === 'disabled');
  const { snapshot_hash } = live.value.pinned;
  const answer = { ...drift, changed: snapshot_hash !== server.snapshot_hash, snapshot_hash };
  if (isSame(server, after)) {
    await acting.records.probed(server, probe);
    return ok({ server: adminView(server), ...answer });
  }
  const id = `aud_${acting.secrets.random(12)}`;
  const audit = auditOf(acting, 'server.refresh', 'server', server.id, adminView(server), adminView(after), id);
  const record = { ...after, last_probe: probe };
  const met = await commitPlaced(
    acting,
    [audit],
    [
      { do: 'replace', kind: 'server', record, was: server.version },
      ...(await placeChanges(acting, server.org_id, server, record)),
    ],
  );
  return met ? refusalOf(met) : ok({ server: adminView(record), ...answer });
}

/** Whether a refresh changed anything but the time. */
const isSame = (before: ServerRecord, after: ServerRecord): boolean =>
  (
    ['status', 'snapshot_hash', 'protocol_version', 'tools', 'refused_tools', 'refused_offers', 'offers'] as const
  ).every((field) => JSON.stringify(before[field]) === JSON.stringify(after[field]));
