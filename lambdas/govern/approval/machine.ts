import { type SubmissionRecord, verdictOf } from '../../domain/approval/submission.ts';
import type { Work } from '../../ports/approval.ts';
import type { ApprovalActing } from './acting.ts';

type Machine = Pick<ApprovalActing, 'reviews' | 'workflow'>;

/** The work of a submission's current revision. */
export const workOf = ({ org_id, id, revision }: SubmissionRecord): Work => ({ org_id, submission_id: id, revision });

/** Starts the execution of a submission's revision. What fails here, the sweep does: the submission is written. */
export async function startReview({ workflow }: Machine, submission: SubmissionRecord): Promise<void> {
  await workflow.start(workOf(submission)).catch(() => false);
}

/**
 * Ends the wait of every execution of a submission that has its verdict; `true` where the one of its current revision
 * waited. A token that is over is forgotten all the same.
 */
export async function answerMachine({ reviews, workflow }: Machine, submission: SubmissionRecord): Promise<boolean> {
  let current = false;
  for (const { token, ...work } of await reviews.tokens(submission.org_id, submission.id)) {
    const verdict = verdictOf(submission, work.revision);
    if (verdict === undefined) continue;
    const waited = await workflow.answer(token, verdict);
    await reviews.forgetToken(work);
    if (work.revision === submission.revision) current = waited;
  }
  return current;
}

/** Tells the executions at once. What fails here, the sweep does: the verdict is written. */
export async function tellMachine(machine: Machine, submission: SubmissionRecord): Promise<void> {
  await answerMachine(machine, submission).catch(() => false);
}
