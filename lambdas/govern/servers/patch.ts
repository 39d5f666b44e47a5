import type { ServerPatch, ServerView } from '../../../contract/servers.ts';
import type { ServerRecord } from '../../domain/records.ts';
import { conflict, type Refusal } from '../../domain/refusal.ts';
import { ok, type Result } from '../../domain/result.ts';
import { auditOf } from '../acting.ts';
import { startReview } from '../approval/machine.ts';
import { endReview } from '../approval/review.ts';
import { commitPlaced } from '../places.ts';
import { refusalOf, stale } from '../record-find.ts';
import { replaced } from '../record-write.ts';
import { checkServer } from './check.ts';
import { actOn, type CredentialChange, changeCredential } from './credential.ts';
import type { Comparing } from './drift.ts';
import { findServer, groupChanges, ownerChange } from './find.ts';
import { placeChanges } from './place.ts';
import { type Reread, reread } from './reread.ts';
import { adminView } from './view.ts';

const movedReason = 'Its URL has a new host, so its credential was dropped: attach one if it needs one, then refresh.';

/**
 * Changes a server. A new origin drops the credential, also one that comes with the change, and sends the server to
 * `pending_review`; a new path or another way to authenticate has the definitions read and pinned again.
 */
export async function patchServer(
  acting: Comparing,
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
  const reading: Reread = moved
    ? { after: { ...next, status: 'pending_review', status_reason: movedReason }, ...(await endReview(acting, server)) }
    : await reread(acting, next, patch, change.value.credential);
  return commitPatch(acting, server, reading, change.value);
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

/**
 * Commits, then changes the vault: a change that lost leaves the winner's credential alone, and what a crash in between
 * leaves is bound to its own origin, where it was allowed to go.
 */
async function commitPatch(
  acting: Comparing,
  before: ServerRecord,
  { after, review, changes, audit }: Reread,
  { act, credential }: CredentialChange,
): Promise<Result<ServerView, Refusal>> {
  const left = before.access_groups.filter((group) => !after.access_groups.includes(group));
  const joined = after.access_groups.filter((group) => !before.access_groups.includes(group));
  const id = `aud_${acting.secrets.random(12)}`;
  const met = await commitPlaced(
    acting,
    [auditOf(acting, 'server.update', 'server', after.id, adminView(before), adminView(after), id), ...audit],
    [
      { do: 'replace', kind: 'server', record: after, was: before.version },
      ...groupChanges('release_name', after, left),
      ...groupChanges('take_name', after, joined),
      ...(after.owner_team_id === before.owner_team_id ? [] : ownerChange(after)),
      ...changes,
      ...(await placeChanges(acting, after.org_id, before, after)),
    ],
  );
  if (met) return refusalOf(met, () => 'owner_team_id');
  if (review) await startReview(acting, review.submission);
  if (act === 'write' && credential) await acting.vault.write(after, credential);
  if (act === 'remove') await acting.vault.remove(after);
  return ok(adminView(after));
}
