import type { LastProbe } from '../../../contract/probe.ts';
import type { ServerView } from '../../../contract/servers.ts';
import { submitterOf } from '../../domain/approval/submitter.ts';
import type { ServerRecord } from '../../domain/records.ts';
import { type Refusal, unauthorized } from '../../domain/refusal.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { Drift } from '../../domain/snapshot/diff.ts';
import { auditOf } from '../acting.ts';
import { startReview } from '../approval/machine.ts';
import { endReview, type Review, reviewFor } from '../approval/review.ts';
import { commitPlaced } from '../places.ts';
import { refusalOf } from '../record-find.ts';
import { replaced } from '../record-write.ts';
import { type Comparing, driftOf, heldBack } from './drift.ts';
import type { PinnedLive } from './live.ts';
import { placeChanges } from './place.ts';
import { settled, withLive } from './state.ts';
import { adminView } from './view.ts';

/** The server as it is now, and how what it offers differs from what was pinned before. */
export interface Compared extends Drift {
  readonly server: ServerView;
  readonly snapshot_hash: string;
  /** The submission that an admin decides, where the difference is not served before. */
  readonly submission_id?: string;
}

/** What a comparison writes: the next server, and what goes with it. */
interface Outcome extends Pick<Review, 'changes' | 'audit'> {
  readonly after: ServerRecord;
  readonly review?: Review;
}

/**
 * Compares live definitions with what a server is pinned to. What is new to the gateway (never pinned, or under review
 * after a move) is pinned: the admin vouches for it, or with four eyes proposes it. What is the same ends a quarantine;
 * what differs is held back and proposed by the gateway itself.
 */
export async function compare(
  acting: Comparing,
  server: ServerRecord,
  live: PinnedLive,
  last_probe: LastProbe,
): Promise<Result<Compared, Refusal>> {
  const drift = await driftOf(acting, server, live);
  const { snapshot_hash } = live.pinned;
  const isNew = server.snapshot_hash === undefined || server.status === 'pending_review';
  const same = snapshot_hash === server.snapshot_hash;
  const outcome = await (isNew && acting.fourEyes
    ? proposed(acting, server, live)
    : isNew || same
      ? pinned(acting, server, live)
      : held(acting, server, live, drift));
  if (!outcome.ok) return outcome;
  const { review, changes, audit, after } = outcome.value;
  const record = { ...after, last_probe };
  const answer = {
    ...drift,
    changed: !same,
    snapshot_hash,
    ...(review === undefined ? {} : { submission_id: review.submission.id }),
  };
  if (isSame(server, after) && changes.length === 0) {
    await acting.records.probed(server, last_probe);
    return ok({ server: adminView(server), ...answer });
  }
  const id = `aud_${acting.secrets.random(12)}`;
  const row = auditOf(acting, 'server.refresh', 'server', server.id, adminView(server), adminView(after), id);
  const met = await commitPlaced(
    acting,
    [row, ...audit],
    [
      { do: 'replace', kind: 'server', record, was: server.version },
      ...changes,
      ...(await placeChanges(acting, server.org_id, server, record)),
    ],
  );
  if (met) return refusalOf(met);
  if (review) await startReview(acting, review.submission);
  return ok({ server: adminView(record), ...answer });
}

async function pinned(acting: Comparing, server: ServerRecord, live: PinnedLive): Promise<Result<Outcome, Refusal>> {
  const next = replaced(withLive(server, ok(live)), { quarantined: null }, acting.now);
  return ok({ after: settled(next, server.status === 'disabled'), ...(await endReview(acting, server)) });
}

async function held(
  acting: Comparing,
  server: ServerRecord,
  live: PinnedLive,
  drift: Drift,
): Promise<Result<Outcome, Refusal>> {
  const { fields, review } = await heldBack(acting, server, live, drift);
  return ok({ after: replaced(server, fields, acting.now), review, changes: review.changes, audit: review.audit });
}

async function proposed(acting: Comparing, server: ServerRecord, live: PinnedLive): Promise<Result<Outcome, Refusal>> {
  const key = await acting.records.key(acting.caller.key_id);
  if (!key) return unauthorized();
  const review = await reviewFor(acting, withLive(server, ok(live)), submitterOf(acting.caller, key));
  const after = replaced(server, { review_id: review.submission.id }, acting.now);
  return ok({ after, review, changes: review.changes, audit: review.audit });
}

/** Fields in which a comparison may change a server. */
const compared = [
  'status',
  'snapshot_hash',
  'protocol_version',
  'tools',
  'refused_tools',
  'refused_offers',
  'offers',
  'quarantined',
  'review_id',
] as const;

/** Whether a comparison changed anything of the server but the time. */
const isSame = (before: ServerRecord, after: ServerRecord): boolean =>
  compared.every((field) => JSON.stringify(before[field]) === JSON.stringify(after[field]));
