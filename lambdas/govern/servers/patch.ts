import type { ServerPatch, ServerView } from '../../../contract/servers.ts';
import type { ServerRecord } from '../../domain/records.ts';
import { conflict, type Refusal } from '../../domain/refusal.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { StoredCredential } from '../../ports/vault.ts';
import { auditOf } from '../acting.ts';
import { commitPlaced } from '../places.ts';
import { refusalOf, stale } from '../record-find.ts';
import { replaced } from '../record-write.ts';
import type { ServerActing } from './acting.ts';
import { checkServer } from './check.ts';
import { actOn, type CredentialChange, changeCredential, redecides } from './credential.ts';
import { findServer, groupChanges, ownerChange } from './find.ts';
import { pinLive } from './live.ts';
import { placeChanges } from './place.ts';
import { settled, withLive } from './state.ts';
import { adminView } from './view.ts';

const movedReason = 'Its URL has a new host, so its credential was dropped: attach one if it needs one, then refresh.';

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
  if (patch.version !== server.version) return stale('server', server.version);
  if (patch.disabled && server.status === 'pending_review')
    return conflict('A server under review is off already.', { status: server.status });
  const moved = patch.url !== undefined && URL.parse(patch.url)?.origin !== new URL(server.url).origin;
  const act = actOn(server, patch, moved);
  const next = merged(server, patch, act, acting.now);
  const checked = await checkServer(acting, next, patch);
  if (!checked.ok) return checked;
  const change = await changeCredential(acting, next, patch, act, moved);
  if (!change.ok) return change;
  const after: ServerRecord = moved
    ? { ...next, status: 'pending_review', status_reason: movedReason }
    : await reread(acting, next, patch, change.value.credential);
  return commitPatch(acting, server, after, change.value);
}

/** The record with the change in it, before its definitions are read. */
function merged(server: ServerRecord, patch: ServerPatch, act: CredentialChange['act'], now: number): ServerRecord {
  const { version: _, credentials: __, disabled: ___, ...given } = patch;
  const fields = {
    ...given,
    access_groups: [...new Set(given.access_groups ?? server.access_groups)],
    has_credential: act === 'keep' ? server.has_credential : act === 'write',
  };
  return replaced(server, fields, now);
}

/** Definitions read again where the change asks for it, and the status that follows; a review is not ended by a change. */
async function reread(
  acting: ServerActing,
  server: ServerRecord,
  patch: ServerPatch,
  credential: StoredCredential | undefined,
): Promise<ServerRecord> {
  if (server.status === 'pending_review') return server;
  const disabled = patch.disabled ?? server.status === 'disabled';
  if (!redecides(patch)) return settled(server, disabled);
  const { live, probe } = await pinLive(acting, server, credential);
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
  { act, credential }: CredentialChange,
): Promise<Result<ServerView, Refusal>> {
  const left = before.access_groups.filter((group) => !after.access_groups.includes(group));
  const joined = after.access_groups.filter((group) => !before.access_groups.includes(group));
  const id = `aud_${acting.secrets.random(12)}`;
  const met = await commitPlaced(
    acting,
    [auditOf(acting, 'server.update', 'server', after.id, adminView(before), adminView(after), id)],
    [
      { do: 'replace', kind: 'server', record: after, was: before.version },
      ...groupChanges('release_name', after, left),
      ...groupChanges('take_name', after, joined),
      ...(after.owner_team_id === before.owner_team_id ? [] : ownerChange(after)),
      ...(await placeChanges(acting, after.org_id, before, after)),
    ],
  );
  if (met) return refusalOf(met, () => 'owner_team_id');
  if (act === 'write' && credential) await acting.vault.write(after, credential);
  if (act === 'remove') await acting.vault.remove(after);
  return ok(adminView(after));
}
