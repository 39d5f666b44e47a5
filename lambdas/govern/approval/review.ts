import { type SubmissionRecord, type Submitter, system } from '../../domain/approval/submission.ts';
import type { AuditEntry } from '../../domain/audit.ts';
import type { ServerRecord } from '../../domain/records.ts';
import type { Change } from '../../ports/table.ts';
import { auditOf } from '../acting.ts';
import { created, replaced } from '../record-write.ts';
import type { ApprovalActing } from './acting.ts';
import { submissionView } from './view.ts';

/** What opening and ending reviews asks of the world. */
export type Reviewing = Pick<ApprovalActing, 'caller' | 'requestId' | 'now' | 'records' | 'secrets'>;

/** A submission with what has to be written for it, in the commit of its server. */
export interface Review {
  readonly submission: SubmissionRecord;
  readonly changes: readonly Change[];
  readonly audit: readonly AuditEntry[];
}

const reviewOf = async ({ records }: Reviewing, { org_id, review_id }: ServerRecord) =>
  review_id === undefined ? undefined : records.get('submission', org_id, review_id);

function written(
  acting: Reviewing,
  action: string,
  before: SubmissionRecord | undefined,
  after: SubmissionRecord,
): Review {
  const view = before === undefined ? null : submissionView(before);
  const id = `aud_${acting.secrets.random(12)}`;
  return {
    submission: after,
    audit: [auditOf(acting, `submission.${action}`, 'submission', after.id, view, submissionView(after), id)],
    changes: [
      before === undefined
        ? { do: 'create', kind: 'submission', record: after }
        : { do: 'replace', kind: 'submission', record: after, was: before.version },
    ],
  };
}

/**
 * The review of a server as it would be after an approval. One that waits for a decision about the same definitions goes
 * on; about others it becomes a new revision. What was rejected is not proposed again as long as nothing changes.
 */
export async function reviewFor(
  acting: Reviewing,
  proposed: ServerRecord,
  submitter: Submitter = system,
): Promise<Review> {
  const { now, secrets } = acting;
  const before = await reviewOf(acting, proposed);
  const same = before?.server.snapshot_hash === proposed.snapshot_hash;
  if (
    before &&
    same &&
    before.status !== 'expired' &&
    before.status !== 'withdrawn' &&
    before.activated_at === undefined
  )
    return { submission: before, changes: [], audit: [] };
  const server = { ...proposed, status: 'inactive' as const };
  const submitted_at = new Date(now).toISOString();
  if (before?.status === 'pending_review') {
    const revision = before.revision + 1;
    return written(
      acting,
      'edit',
      before,
      replaced(before, { server, submitter, submitted_at, revision, risk: null }, now),
    );
  }
  const fields = { org_id: server.org_id, kind: 'review', status: 'pending_review', revision: 1, teams: [] } as const;
  const id = `sub_${secrets.random(12)}`;
  const record = created<SubmissionRecord>({ ...fields, id, submitted_at, server, submitter }, now);
  return written(acting, 'create', undefined, record);
}

/** Ends the review of a server that there is nothing left to decide about; nothing where none waits. */
export async function endReview(acting: Reviewing, server: ServerRecord): Promise<Pick<Review, 'changes' | 'audit'>> {
  const before = await reviewOf(acting, server);
  if (before?.status !== 'pending_review') return { changes: [], audit: [] };
  return written(acting, 'withdraw', before, replaced(before, { status: 'withdrawn' }, acting.now));
}
