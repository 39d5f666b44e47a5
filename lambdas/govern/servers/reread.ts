import type { ServerPatch } from '../../../contract/servers.ts';
import type { ServerRecord } from '../../domain/records.ts';
import type { StoredCredential } from '../../ports/vault.ts';
import { endReview, type Review } from '../approval/review.ts';
import { redecides, relocates } from './credential.ts';
import { type Comparing, driftOf, heldBack } from './drift.ts';
import { pinLive } from './live.ts';
import { settled, withLive } from './state.ts';

const secondReason = 'Where it is reached has changed: refresh, and another admin decides.';

/** A server after a change, and what is written with it. */
export interface Reread extends Pick<Review, 'changes' | 'audit'> {
  readonly after: ServerRecord;
  /** Opened because what was read with another credential is not what was approved. */
  readonly review?: Review;
}

const nothing = { changes: [], audit: [] };

/**
 * Definitions read again where the change asks for it, and the status that follows; a review is not ended by a change.
 * Where the server is reached is the admin's own word, and what is found there is pinned; with four eyes another admin
 * decides. A change of the credential alone approves nothing.
 */
export async function reread(
  acting: Comparing,
  next: ServerRecord,
  patch: ServerPatch,
  credential: StoredCredential | undefined,
): Promise<Reread> {
  if (next.status === 'pending_review') return { after: next, ...nothing };
  const disabled = patch.disabled ?? next.status === 'disabled';
  if (!redecides(patch)) return { after: settled(next, disabled), ...nothing };
  const relocated = relocates(patch);
  if (relocated && acting.fourEyes)
    return {
      after: { ...next, status: 'pending_review', status_reason: secondReason },
      ...(await endReview(acting, next)),
    };
  const { live, probe: last_probe } = await pinLive(acting, next, credential);
  const { quarantined: _, ...probed } = { ...next, last_probe };
  if (!live.ok) return { after: settled(withLive({ ...next, last_probe }, live), disabled), ...nothing };
  const { snapshot_hash } = next;
  if (relocated || snapshot_hash === undefined || snapshot_hash === live.value.pinned.snapshot_hash)
    return { after: settled(withLive(probed, live), disabled), ...(await endReview(acting, next)) };
  const { fields, review } = await heldBack(acting, next, live.value, await driftOf(acting, next, live.value));
  const { status_reason: __, ...kept } = probed;
  const held = fields.quarantined === null ? {} : { quarantined: fields.quarantined };
  const after = settled({ ...kept, ...held, review_id: fields.review_id }, disabled);
  return { after, review, changes: review.changes, audit: review.audit };
}
