import { isOverdue } from '../../domain/approval/submission.ts';
import type { Work } from '../../ports/approval.ts';
import { givenBack } from './reserve.ts';
import type { Step } from './step.ts';
import { rewrite, settledBy } from './write.ts';

/** Ends a submission whose time is over; one that was decided or edited meanwhile stays what it is. */
export const expireStep = async (acting: Step, work: Work): Promise<void> => {
  await settledBy(async () => {
    const before = await acting.records.get('submission', work.org_id, work.submission_id);
    if (!before || before.revision !== work.revision || !isOverdue(before, acting.now)) return true;
    const { met } = await rewrite(acting, 'submission.expire', before, { status: 'expired' }, givenBack(before));
    return met ? undefined : true;
  });
};
