import type { Work } from '../../ports/approval.ts';
import { answerMachine } from './machine.ts';
import type { Step } from './step.ts';

/**
 * Keeps the task token that ends the wait of a revision's execution. A verdict that came before the token was kept is
 * told at once: whoever decides writes first and looks for the token then, so one of the two sees the other.
 */
export async function parkStep(acting: Step, work: Work, token: string): Promise<void> {
  await acting.reviews.keepToken(work, token);
  const submission = await acting.records.get('submission', work.org_id, work.submission_id);
  if (submission) await answerMachine(acting, submission);
}
