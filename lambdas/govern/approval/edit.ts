import type { SubmissionAnswer, SubmissionEdit } from '../../../contract/submission.ts';
import { stateOf } from '../../domain/approval/decide.ts';
import { isOverdue, type SubmissionRecord } from '../../domain/approval/submission.ts';
import { checkCredentials } from '../../domain/credentials/index.ts';
import type { ServerRecord } from '../../domain/records.ts';
import { conflict, type Refusal } from '../../domain/refusal.ts';
import { no, ok, type Result } from '../../domain/result.ts';
import type { CheckUrl } from '../../ports/upstream.ts';
import { refusalOf } from '../record-find.ts';
import { replaced } from '../record-write.ts';
import { checkServer } from '../servers/check.ts';
import { groupChanges, ownerChange } from '../servers/find.ts';
import type { ApprovalActing } from './acting.ts';
import { findOwn } from './find.ts';
import { startReview, tellMachine } from './machine.ts';
import { answerOf } from './view.ts';
import { rewrite } from './write.ts';

/** A new revision cannot keep what was read or attached for the one before. */
const unread = {
  has_credential: false,
  snapshot_hash: null,
  protocol_version: null,
  offers: null,
  refused_offers: null,
  status_reason: null,
  tools: [],
  refused_tools: [],
} as const;

/**
 * Makes a new revision, which is read and reviewed anew; an attached credential is dropped, its admin vouched for what
 * was there. 409 once there is a verdict, or from another revision.
 */
export async function editSubmission(
  acting: ApprovalActing & { readonly checkUrl: CheckUrl },
  id: string,
  edit: SubmissionEdit,
): Promise<Result<SubmissionAnswer, Refusal>> {
  const found = await findOwn(acting, id);
  if (!found.ok) return found;
  const before = found.value;
  const refused = whyFixed(before, edit.revision, acting.now);
  if (refused) return no(refused);
  const { revision: _, reason, teams, ...given } = edit;
  const groups = [...new Set(given.access_groups ?? before.server.access_groups)];
  const server: ServerRecord = {
    ...replaced(before.server, { ...given, ...unread, access_groups: groups }, acting.now),
    version: 1,
  };
  const checked = await checkServer(acting, server, given);
  if (!checked.ok) return checked;
  const fault = checkCredentials(server.auth_type, server.auth, undefined, {});
  if (fault) return no(fault);
  const { after, met } = await rewrite(
    acting,
    'submission.edit',
    before,
    {
      server,
      status: 'pending_review',
      revision: before.revision + 1,
      submitted_at: new Date(acting.now).toISOString(),
      decision: null,
      risk: null,
      ...(reason === undefined ? {} : { reason }),
      ...(teams === undefined ? {} : { teams }),
    },
    [
      ...groupChanges('release_name', server, left(before.server, server)),
      ...groupChanges('take_name', server, left(server, before.server)),
      ...ownerChange(server),
    ],
  );
  if (met) return refusalOf(met, () => 'owner_team_id');
  await tellMachine(acting, after);
  await startReview(acting, after);
  return ok(answerOf(after));
}

/** Access groups of one server that another does not have. */
const left = (of: ServerRecord, without: ServerRecord): readonly string[] =>
  of.access_groups.filter((group) => !without.access_groups.includes(group));

function whyFixed(submission: SubmissionRecord, revision: number, now: number): Refusal | undefined {
  const state = stateOf(submission);
  const { status, kind } = submission;
  if (kind === 'review') return conflict('A review shows what its server offers: change the server.', state).refusal;
  if (status !== 'pending_review' && status !== 'changes_requested')
    return conflict('This submission is decided.', state).refusal;
  if (isOverdue(submission, now)) return conflict('This submission has expired.', state).refusal;
  if (revision === submission.revision) return undefined;
  return conflict('The submission has changed meanwhile; read it again.', state).refusal;
}
