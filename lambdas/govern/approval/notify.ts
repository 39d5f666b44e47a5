import { verdictOf } from '../../domain/approval/submission.ts';
import type { Work } from '../../ports/approval.ts';
import type { Step } from './step.ts';
import { eventOf, type Telling, tell } from './tell.ts';

/** Second step of a revision: whoever listens is told that it waits, and what drifted where that is what it is about. */
export async function notifyStep(acting: Step & Telling, { org_id, submission_id, revision }: Work): Promise<void> {
  const submission = await acting.records.get('submission', org_id, submission_id);
  if (!submission || verdictOf(submission, revision) !== undefined) return;
  const { submitted_at, risk = {}, server, submitter } = submission;
  await tell(acting, eventOf(submission, 'submission.created', submitted_at, { risk }));
  if (submitter.key_id === 'system')
    await tell(acting, eventOf(submission, 'tool.drifted', submitted_at, { tools: server.quarantined ?? [] }));
}
