import type { ServerPatch, ServerView } from '../../contract/servers.ts';
import type { ServerRecord } from '../domain/records.ts';
import { conflict, type Refusal } from '../domain/refusal.ts';
import { ok, type Result } from '../domain/result.ts';
import type { Change, StoredCredential } from '../ports.ts';
import { auditOf } from './acting.ts';
import { adminView } from './server-view.ts';
import type { ServerActing } from './servers-acting.ts';
import { checkServer } from './servers-check.ts';
import { withoutNulls } from './servers-create.ts';
import { findServer, groupChanges, ownerChange, refusalOf, stale } from './servers-find.ts';
import { settled, withLive } from './servers-state.ts';
import { pinLive } from './snapshot-live.ts';

const movedReason = 'Its URL has a new host: the credential was dropped. Attach one if it needs one, then refresh.';
/** What decides where and how definitions are read: a change of it has them read again. */
const deciding = ['url', 'auth_type', 'auth', 'credentials', 'static_headers'] as const;

/**
 * Changes a server. A new origin drops the credential, also one that comes with the change, and sends the server to
 * `pending_review`; a new path or another way to authenticate has the definitions read and pinned again.
 */
export async function patchServer(
  acting: ServerActing,
  reference: string,
  patch: ServerPatch,
): Promise<Result<ServerView, Refusal>> {
  const found = await findServer(acting.records, acting.caller.org_id, reference);
  if (!found.ok) return found;
  const server = found.value;
  if (patch.version !== server.version) return stale(server.version);
  if (patch.disabled && server.status === 'pending_review')
    return conflict('A server under review is off already.', { status: server.status });
  const next = merged(server, patch, acting.now);
  const checked = await checkServer(acting, next, patch.credentials ?? undefined);
  if (!checked.ok) return checked;
  const { origin } = checked.value;
  const moved = origin !== new URL(server.url).origin;
  const given = moved || !patch.credentials ? undefined : { origin, ...patch.credentials };
  const keeps = server.has_credential && !moved && patch.credentials !== null;
  const kept = { ...next, has_credential: given !== undefined || keeps };
  const after: ServerRecord = moved
    ? { ...kept, status: 'pending_review', status_reason: movedReason }
    : await reread(acting, kept, patch, given);
  return commitPatch(acting, server, after, given);
}

function merged(server: ServerRecord, patch: ServerPatch, now: number): ServerRecord {
  const { version: _, credentials: __, disabled: ___, ...given } = patch;
  const groups = given.access_groups ?? server.access_groups;
  return withoutNulls({
    ...server,
    ...given,
    access_groups: [...new Set(groups)],
    version: server.version + 1,
    updated_at: new Date(now).toISOString(),
  });
}

/** Definitions read again where the change asks for it, and the status that follows; a review is not ended by a change. */
async function reread(
  acting: ServerActing,
  server: ServerRecord,
  patch: ServerPatch,
  given: StoredCredential | undefined,
): Promise<ServerRecord> {
  if (server.status === 'pending_review') return server;
  const disabled = patch.disabled ?? server.status === 'disabled';
  if (!deciding.some((field) => patch[field] !== undefined)) return settled(server, disabled);
  const stored = server.has_credential ? await acting.vault.read(server, { fresh: true }) : undefined;
  const { live, probe } = await pinLive(acting, server, given ?? stored);
  return settled({ ...withLive(server, live), last_probe: probe }, disabled);
}

/**
 * Commits, then changes the vault: a change that lost leaves the winner's credential alone, and what a crash in between
 * leaves is bound to its own origin, where it was allowed to go.
 */
async function commitPatch(
  acting: ServerActing,
  before: ServerRecord,
  after: ServerRecord,
  given: StoredCredential | undefined,
): Promise<Result<ServerView, Refusal>> {
  const left = before.access_groups.filter((group) => !after.access_groups.includes(group));
  const joined = after.access_groups.filter((group) => !before.access_groups.includes(group));
  const changes: readonly Change[] = [
    { do: 'replace', kind: 'server', record: after, was: before.version },
    ...groupChanges('release_name', after, left),
    ...groupChanges('take_name', after, joined),
    ...(after.owner_team_id === before.owner_team_id ? [] : ownerChange(after)),
  ];
  const id = `aud_${acting.secrets.random(12)}`;
  const audit = auditOf(acting, 'server.update', 'server', after.id, adminView(before), adminView(after), id);
  const met = await acting.records.commit([audit], changes);
  if (met) return refusalOf(met);
  if (given) await acting.vault.write(after, given);
  else if (before.has_credential && !after.has_credential) await acting.vault.remove(after);
  return ok(adminView(after));
}
