import type { KeyRecord } from '../records.ts';
import { conflict, type Refusal } from '../refusal.ts';
import { no, ok, type Result } from '../result.ts';
import { narrowed } from './narrowed.ts';
import { type Decision, isOverdue, type SubmissionRecord } from './submission.ts';
import { isOwn } from './submitter.ts';

/** A verdict with what it names: it stands for exactly this revision and this snapshot. */
export interface Ruling extends Omit<Decision, 'by'> {
  readonly revision: number;
  readonly snapshot_hash?: string;
}

/** What a decision meets, for the details of a 409: the verdict, where there is one. */
export const stateOf = ({ status, revision, server, decision }: SubmissionRecord) => ({
  status,
  revision,
  ...(server.snapshot_hash === undefined ? {} : { snapshot_hash: server.snapshot_hash }),
  ...(decision === undefined ? {} : { decided_at: decision.at }),
});

/**
 * The submission with the ruling as its verdict. Refused: who proposed it (403); another revision, another snapshot,
 * a verdict that stands, a time that is over (409); an approval of nothing, since a decision binds to definitions (409).
 */
export function decide(
  submission: SubmissionRecord,
  ruling: Ruling,
  decider: KeyRecord,
  fourEyes: boolean,
): Result<Pick<SubmissionRecord, 'status' | 'decision' | 'server'>, Refusal> {
  const { revision, snapshot_hash, ...decision } = ruling;
  const { id: key_id, user_id } = decider;
  const by = { key_id, ...(user_id === undefined ? {} : { user_id }) };
  if (isOwn(submission.submitter, { ...decider, ...by }, fourEyes))
    return no({ code: 'own_submission', message: 'Who proposed a server does not decide about it.' });
  const state = stateOf(submission);
  if (submission.status !== 'pending_review') return conflict('This submission is decided.', state);
  if (isOverdue(submission, Date.parse(decision.at)))
    return conflict('This submission has expired.', { ...state, status: 'expired' });
  if (revision !== submission.revision || snapshot_hash !== submission.server.snapshot_hash)
    return conflict('The submission has changed meanwhile; read it again.', state);
  if (decision.verdict !== 'approved')
    return ok({ status: decision.verdict, decision: { ...decision, by }, server: submission.server });
  if (snapshot_hash === undefined)
    return conflict('There are no definitions to approve: attach a credential, or have the server put right.', state);
  const server = narrowed(submission.server, decision.narrow);
  return server.ok ? ok({ status: 'approved', decision: { ...decision, by }, server: server.value }) : server;
}
