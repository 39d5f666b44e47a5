import { Name } from '../../../contract/names.ts';
import type { Register, SubmissionAnswer } from '../../../contract/submission.ts';
import type { SubmissionRecord } from '../../domain/approval/submission.ts';
import { submitterOf } from '../../domain/approval/submitter.ts';
import { checkCredentials } from '../../domain/credentials/index.ts';
import type { ServerRecord } from '../../domain/records.ts';
import { invalid, type Refusal, unauthorized } from '../../domain/refusal.ts';
import { no, ok, type Result } from '../../domain/result.ts';
import type { CheckUrl } from '../../ports/upstream.ts';
import { auditOf } from '../acting.ts';
import { noSuch, refusalOf } from '../record-find.ts';
import { created } from '../record-write.ts';
import { checkServer } from '../servers/check.ts';
import { draftOf } from '../servers/create.ts';
import { ownerChange } from '../servers/find.ts';
import type { ApprovalActing } from './acting.ts';
import { startReview } from './machine.ts';
import { reserved, tooMany } from './reserve.ts';
import { answerOf, submissionView } from './view.ts';

type Proposing = ApprovalActing & { readonly checkUrl: CheckUrl };
/** What a proposal says beside the server. */
type Asked = Pick<Register, 'teams'> & Partial<Pick<Register, 'reason'>>;

/** Proposes a server: nothing of it can be called, but its name is reserved. */
export async function registerServer(
  acting: Proposing,
  { reason, teams, ...body }: Register,
): Promise<Result<SubmissionAnswer, Refusal>> {
  const draft = await checkedDraft(acting, body);
  if (!draft.ok) return draft;
  const fault = checkCredentials(draft.value.auth_type, draft.value.auth, undefined, {});
  if (fault) return no(fault);
  const proposed = await propose(acting, draft.value, { reason, ...(teams === undefined ? {} : { teams }) });
  return proposed.ok ? ok(answerOf(proposed.value)) : proposed;
}

/** The server of a body as it would be, its fields checked by their meaning, but for credentials. */
export async function checkedDraft(
  acting: Proposing,
  body: Parameters<typeof draftOf>[1],
): Promise<Result<ServerRecord, Refusal>> {
  const alias = Name.safeParse(body.alias);
  if (!alias.success) return invalid(`alias: ${alias.error.issues[0]?.message}.`, 'alias');
  const draft = draftOf(acting, body);
  const checked = await checkServer(acting, draft, body);
  return checked.ok ? ok(draft) : checked;
}

/** Writes a submission with what it reserves and its audit row in one commit, and starts its review. */
export async function propose(
  acting: ApprovalActing,
  server: ServerRecord,
  { reason, teams = [] }: Asked,
): Promise<Result<SubmissionRecord, Refusal>> {
  const { caller, now, records, secrets } = acting;
  const key = await records.key(caller.key_id);
  if (!key) return unauthorized();
  for (const id of teams) if (!(await records.get('team', caller.org_id, id))) return noSuch('team', 'teams');
  const submission = created<SubmissionRecord>(
    {
      id: `sub_${secrets.random(12)}`,
      org_id: caller.org_id,
      kind: 'server',
      status: 'pending_review',
      revision: 1,
      submitted_at: new Date(now).toISOString(),
      server,
      ...(reason === undefined ? {} : { reason }),
      teams,
      submitter: submitterOf(caller, key),
    },
    now,
  );
  const audit = auditOf(
    acting,
    'submission.create',
    'submission',
    submission.id,
    null,
    submissionView(submission),
    `aud_${secrets.random(12)}`,
  );
  const met = await records.commit(
    [audit],
    [{ do: 'create', kind: 'submission', record: submission }, ...reserved(submission, now), ...ownerChange(server)],
  );
  if (met?.change.do === 'count_up') return tooMany(met.change.of, now);
  if (met) return refusalOf(met, () => 'owner_team_id');
  await startReview(acting, submission);
  return ok(submission);
}
