import type { LastProbe } from '../../../contract/probe.ts';
import { equip } from '../../domain/credentials/index.ts';
import type { Snapshot } from '../../domain/definition.ts';
import type { ServerRecord } from '../../domain/records.ts';
import { messageOf, type Refusal } from '../../domain/refusal.ts';
import { ok, type Result } from '../../domain/result.ts';
import { hashOf } from '../../domain/snapshot/identity.ts';
import { pin } from '../../domain/snapshot/pin.ts';
import type { Definitions } from '../../ports/upstream.ts';
import type { StoredCredential } from '../../ports/vault.ts';
import type { ServerActing } from './acting.ts';

/** Longest wait for all pages of a server's definitions: API Gateway ends a request after 29 s. */
const readDeadlineMs = 20_000;

type Reading = Pick<ServerActing, 'upstream' | 'clock' | 'sha256'>;

/** Definitions that may be pinned, and the fields of the record that point to them. */
export interface PinnedLive {
  readonly snapshot: Snapshot;
  readonly pinned: Required<
    Pick<ServerRecord, 'snapshot_hash' | 'protocol_version' | 'tools' | 'refused_tools' | 'refused_offers' | 'offers'>
  >;
}

/** Reads a server's live definitions with its credential, and says how that went. */
export async function readLive(
  { upstream, clock, sha256 }: Reading,
  server: ServerRecord,
  credential: StoredCredential | undefined,
  deadlineMs: number = readDeadlineMs,
): Promise<{ readonly read: Result<Definitions, Refusal>; readonly probe: LastProbe }> {
  const started = clock();
  const equipment = equip(server, credential, () => undefined);
  const read = equipment.ok
    ? await upstream.read({
        ...equipment.value,
        url: server.url,
        orgId: server.org_id,
        session: sha256(JSON.stringify([server.id, server.url, equipment.value.headers])),
        timeoutMs: Math.min(server.timeout_ms ?? deadlineMs, deadlineMs),
      })
    : equipment;
  const seen = { at: new Date(started).toISOString(), latency_ms: Math.round(clock() - started) };
  return { read, probe: read.ok ? { ok: true, ...seen } : { ok: false, ...seen, reason: messageOf(read.refusal) } };
}

/** Pins what was read of a server: hashed and stored; the refusal says in words why it cannot be pinned. */
export async function keepPinned(
  { snapshots, sha256 }: Pick<ServerActing, 'snapshots' | 'sha256'>,
  server: ServerRecord,
  read: Pick<Definitions, 'snapshot' | 'protocolVersion'>,
): Promise<Result<PinnedLive, Refusal>> {
  const kept = pin(read.snapshot);
  if (!kept.ok) return kept;
  const { snapshot, ...kinds } = kept.value;
  const hash = hashOf(snapshot, server, sha256);
  // A snapshot is immutable under its hash: what is pinned already is not written again in another order of keys.
  if (hash !== server.snapshot_hash) await snapshots.put(server.org_id, hash, snapshot);
  return ok({ snapshot, pinned: { snapshot_hash: hash, protocol_version: read.protocolVersion, ...kinds } });
}

/** Reads the live definitions of a server and pins them. */
export async function pinLive(
  acting: Reading & Pick<ServerActing, 'snapshots'>,
  server: ServerRecord,
  credential: StoredCredential | undefined,
): Promise<{ readonly live: Result<PinnedLive, Refusal>; readonly probe: LastProbe }> {
  const { read, probe } = await readLive(acting, server, credential);
  return { live: read.ok ? await keepPinned(acting, server, read.value) : read, probe };
}
