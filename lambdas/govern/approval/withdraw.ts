import type { SubmissionAnswer } from '../../../contract/submission.ts';
import { stateOf } from '../../domain/approval/decide.ts';
import { isOpen } from '../../domain/approval/submission.ts';
import { conflict, type Refusal } from '../../domain/refusal.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { ApprovalActing } from './acting.ts';
import { findOwn } from './find.ts';
import { tellMachine } from './machine.ts';
import { givenBack } from './reserve.ts';
import { answerOf } from './view.ts';
import { rewrite, settledBy } from './write.ts';

/** Takes an open submission back, also an approved one that waits for its place; its names are free again. */
export const withdrawSubmission = (acting: ApprovalActing, id: string): Promise<Result<SubmissionAnswer, Refusal>> =>
  settledBy(async () => {
    const found = await findOwn(acting, id);
    if (!found.ok) return found;
    const before = found.value;
    if (!isOpen(before)) return conflict('This submission is closed.', stateOf(before));
    const { after, met } = await rewrite(
      acting,
      'submission.withdraw',
      before,
      { status: 'withdrawn' },
      givenBack(before),
    );
    if (met) return undefined;
    await tellMachine(acting, after);
    return ok(answerOf(after));
  });
