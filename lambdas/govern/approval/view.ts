import type { SubmissionAnswer, SubmissionRow } from '../../../contract/submission.ts';
import { expiresAt, type SubmissionRecord } from '../../domain/approval/submission.ts';
import type { Binding } from '../../domain/records.ts';
import { adminView } from '../servers/view.ts';

/** What a write of a submission answers. */
export const answerOf = ({ id, status, revision }: SubmissionRecord): SubmissionAnswer => ({
  submission_id: id,
  status,
  revision,
});

const personOf = ({ key_id, user_id }: Binding) => ({ key_id, ...(user_id === undefined ? {} : { user_id }) });

/** A submission as it is listed and audited: nothing that answers for it, no secret. */
export function submissionView(submission: SubmissionRecord): SubmissionRow {
  const { org_id: _, version: __, concluded: ___, server, submitter, teams, risk, ...shown } = submission;
  const reason = submission.status_reason ?? server.status_reason;
  return {
    ...shown,
    teams: [...teams],
    ...(reason === undefined ? {} : { status_reason: reason }),
    ...(risk === undefined ? {} : { risk: { ...risk } }),
    ...(server.snapshot_hash === undefined ? {} : { snapshot_hash: server.snapshot_hash }),
    server: adminView(server),
    submitter: personOf(submitter),
    expires_at: expiresAt(submission),
  };
}
