import { quarantineOf } from '../../domain/approval/quarantine.ts';
import type { ServerRecord } from '../../domain/records.ts';
import { ok } from '../../domain/result.ts';
import { type Drift, diff } from '../../domain/snapshot/diff.ts';
import type { ApprovalActing } from '../approval/acting.ts';
import { type Review, reviewFor } from '../approval/review.ts';
import type { ServerActing } from './acting.ts';
import type { PinnedLive } from './live.ts';
import { withLive } from './state.ts';

/** What comparing a server with its approval asks of the world. */
export interface Comparing extends ServerActing, Pick<ApprovalActing, 'reviews' | 'workflow' | 'fourEyes'> {
  /** Whether changed tools are taken out of service (deployment setting); `warn` only opens the review. */
  readonly drift: 'quarantine' | 'warn';
}

/** How live definitions differ from those that a server is pinned to. */
export async function driftOf(
  { snapshots }: Pick<ServerActing, 'snapshots'>,
  { org_id, snapshot_hash }: ServerRecord,
  live: PinnedLive,
): Promise<Drift> {
  const pinned = snapshot_hash === undefined ? undefined : await snapshots.get(org_id, snapshot_hash);
  return diff(pinned ?? { tools: [] }, live.snapshot);
}

/**
 * What a drift makes of a server: it goes on with what was approved, without the tools that changed or came, and a review
 * asks for the new definitions.
 */
export async function heldBack(
  acting: Comparing,
  server: ServerRecord,
  live: PinnedLive,
  drift: Drift,
): Promise<{
  readonly fields: { readonly quarantined: readonly string[] | null; readonly review_id: string };
  readonly review: Review;
}> {
  const quarantined = quarantineOf(server, drift, live.pinned.refused_tools);
  const review = await reviewFor(acting, { ...withLive(server, ok(live)), quarantined });
  const held = acting.drift === 'quarantine' && quarantined.length > 0 ? quarantined : null;
  return { fields: { quarantined: held, review_id: review.submission.id }, review };
}
