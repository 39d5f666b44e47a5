import { isOverdue, type SubmissionRecord } from '../../domain/approval/submission.ts';
import type { Work } from '../../ports/approval.ts';
import { givenBack } from './reserve.ts';
import type { Step } from './step.ts';
import { rewrite, settledBy } from './write.ts';

/** Ends a revision that nobody decided about, when its execution has waited long enough. */
export const expireStep = (acting: Step, work: Work): Promise<void> =>
  expire(acting, work, ({ status }) => status === 'pending_review');

/** Ends an open submission whose time is over: undecided, not edited, or approved without ever finding its place. */
export const expireOverdue = (acting: Step, work: Work): Promise<void> =>
  expire(acting, work, (submission) => isOverdue(submission, acting.now));

/** One that was decided or edited meanwhile stays what it is. */
async function expire(acting: Step, work: Work, isOver: (submission: SubmissionRecord) => boolean): Promise<void> {
  await settledBy(async () => {
    const before = await acting.records.get('submission', work.org_id, work.submission_id);
    if (before?.revision !== work.revision || !isOver(before)) return true;
    const { met } = await rewrite(acting, 'submission.expire', before, { status: 'expired' }, givenBack(before));
    return met ? undefined : true;
  });
}
