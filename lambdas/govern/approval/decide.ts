import type { SubmissionAnswer } from '../../../contract/submission.ts';
import { decide, type Ruling } from '../../domain/approval/decide.ts';
import type { SubmissionRecord } from '../../domain/approval/submission.ts';
import { whyDead } from '../../domain/cascade/gates.ts';
import type { KeyRecord } from '../../domain/records.ts';
import { invalid, type Refusal } from '../../domain/refusal.ts';
import { no, ok, type Result } from '../../domain/result.ts';
import type { Change } from '../../ports/table.ts';
import type { CheckUrl } from '../../ports/upstream.ts';
import { refusalOf } from '../record-find.ts';
import { checkServer } from '../servers/check.ts';
import { groupChanges, ownerChange } from '../servers/find.ts';
import type { ApprovalActing } from './acting.ts';
import { findSubmission } from './find.ts';
import { tellMachine } from './machine.ts';
import { givenBack } from './reserve.ts';
import { answerOf } from './view.ts';
import { movedOn, rewrite, settledBy } from './write.ts';

type Deciding = ApprovalActing & { readonly checkUrl: CheckUrl };

const actions = {
  approved: 'submission.approve',
  rejected: 'submission.reject',
  changes_requested: 'submission.request_changes',
} as const;

/**
 * Decides about a submission: one write under the condition that the submission is still what was ruled on, then the
 * waiting execution is told. Of any number of decisions at once one wins; the others get 409 with the verdict.
 */
export const decideSubmission = (
  acting: Deciding,
  id: string,
  ruling: Omit<Ruling, 'at'>,
): Promise<Result<SubmissionAnswer, Refusal>> =>
  settledBy(async () => {
    const decider = await deciderOf(acting);
    if (!decider) return no({ code: 'not_admin', role: 'admin' });
    const found = await findSubmission(acting, id);
    if (!found.ok) return found;
    const before = found.value;
    const at = new Date(acting.now).toISOString();
    const ruled = decide(before, { ...ruling, at }, decider, acting.fourEyes);
    if (!ruled.ok) return ruled;
    if (before.kind === 'review' && ruling.narrow?.access_groups)
      return invalid('The access groups of a server there is are changed at the server.', 'narrow.access_groups');
    const checked = await checkServer(acting, ruled.value.server, {});
    if (!checked.ok) return checked;
    const changes = namesAfter(before, ruled.value);
    const { after, met } = await rewrite(acting, actions[ruling.verdict], before, ruled.value, changes);
    if (met) return movedOn(met) ? undefined : refusalOf(met, () => 'owner_team_id');
    await tellMachine(acting, after);
    return ok(answerOf(after));
  });

/** The caller's key as it is now, past every memory (AP-15); undefined where it may not decide any more. */
async function deciderOf({ caller, records, principals, now }: Deciding): Promise<KeyRecord | undefined> {
  const key = await records.key(caller.key_id);
  if (!key || key.org_id !== caller.org_id || key.role === 'member') return undefined;
  return whyDead({ key, ...(await principals.load(key)) }, now) === undefined ? key : undefined;
}

/** The names that a verdict gives back or takes: those of a narrowed approval must be there when it is activated. */
function namesAfter(
  before: SubmissionRecord,
  { status, server }: Pick<SubmissionRecord, 'status' | 'server'>,
): readonly Change[] {
  if (status === 'rejected') return givenBack(before);
  if (status !== 'approved' || before.kind === 'review') return [];
  const [was, is] = [before.server.access_groups, server.access_groups];
  return [
    ...groupChanges(
      'release_name',
      server,
      was.filter((group) => !is.includes(group)),
    ),
    ...groupChanges(
      'take_name',
      server,
      is.filter((group) => !was.includes(group)),
    ),
    ...ownerChange(server),
  ];
}
