import { isOverdue, type SubmissionRecord } from '../../domain/approval/submission.ts';
import type { Reviews } from '../../ports/approval.ts';
import type { Clock } from '../../ports/world.ts';
import { type Concluding, concludeStep } from './conclude.ts';
import { expireOverdue } from './expire.ts';
import { answerMachine, workOf } from './machine.ts';
import { inOrg } from './step.ts';

/** What was written less than a minute ago is left to whoever wrote it. */
const graceMs = 60_000;

type Ports = Omit<Concluding, 'caller' | 'requestId' | 'now'> & { readonly clock: Clock; readonly reviews: Reviews };

/**
 * Does for every unsettled submission what a crash left undone: starts executions that were not started, tells those that
 * wait, and where one ended before its time, does its work. One that fails does not keep the others from it.
 */
export async function sweep(
  ports: Ports,
  requestId: string,
): Promise<{ readonly swept: number; readonly failed: number }> {
  let [swept, failed] = [0, 0];
  for await (const { org_id, submission_id } of ports.reviews.unsettled()) {
    try {
      const submission = await ports.records.get('submission', org_id, submission_id);
      if (!submission || ports.clock() - Date.parse(submission.updated_at) < graceMs) continue;
      await sweepOne(inOrg(ports, org_id, requestId), submission);
      swept += 1;
    } catch {
      failed += 1;
    }
  }
  return { swept, failed };
}

async function sweepOne(acting: Concluding, submission: SubmissionRecord): Promise<void> {
  const work = workOf(submission);
  if (submission.concluded === submission.revision && !isOverdue(submission, acting.now)) return;
  if (isOverdue(submission, acting.now)) await expireOverdue(acting, work);
  const current = (await acting.records.get('submission', work.org_id, work.submission_id)) ?? submission;
  if (await answerMachine(acting, current)) return;
  if (await acting.workflow.start(work)) return;
  await concludeStep(acting, work);
}
