import type { SubmissionAnswer, SubmissionCredentials } from '../../../contract/submission.ts';
import { stateOf } from '../../domain/approval/decide.ts';
import { isOpen, isOverdue, type SubmissionRecord } from '../../domain/approval/submission.ts';
import { checkCredentials } from '../../domain/credentials/index.ts';
import { conflict, invalid, type Refusal } from '../../domain/refusal.ts';
import { no, ok, type Result } from '../../domain/result.ts';
import type { StoredCredential } from '../../ports/vault.ts';
import type { ServerActing } from '../servers/acting.ts';
import { type PinnedLive, pinLive } from '../servers/live.ts';
import { withLive } from '../servers/state.ts';
import type { ApprovalActing } from './acting.ts';
import { examine, riskOf } from './examine.ts';
import { findSubmission } from './find.ts';
import { workOf } from './machine.ts';
import { answerOf } from './view.ts';
import { rewrite, settledBy } from './write.ts';

type Attaching = ServerActing & ApprovalActing;

/**
 * Attaches the shared credential of a proposed server and reads its definitions with it: the admin vouches for the origin.
 * Where they cannot be had nothing changes, and the upstream's refusal is the answer.
 */
export async function attachCredential(
  acting: Attaching,
  id: string,
  { revision, credentials }: SubmissionCredentials,
): Promise<Result<SubmissionAnswer, Refusal>> {
  const found = await findWaiting(acting, id, revision);
  if (!found.ok) return found;
  const { server } = found.value;
  if (server.auth_type === 'delegate_auth_to_upstream')
    return invalid('A server whose callers bring their own account keeps no credential.', 'credentials');
  const fault = checkCredentials(server.auth_type, server.auth, credentials, server.static_headers);
  if (fault) return no(fault);
  const credential: StoredCredential = { origin: new URL(server.url).origin, ...credentials };
  const { live } = await pinLive(acting, server, credential);
  if (!live.ok) return live;
  const written = await settledBy(() => write(acting, id, revision, live));
  if (!written.ok) return written;
  // After the commit: who lost against a verdict leaves no credential, and what a crash leaves out is attached again.
  await acting.vault.write(server, credential);
  const now = await acting.records.get('submission', acting.caller.org_id, id);
  if (now && !isOpen(now) && now.activated_at === undefined) await acting.vault.remove(server);
  return ok(answerOf(written.value));
}

async function write(
  acting: Attaching,
  id: string,
  revision: number,
  live: Result<PinnedLive, Refusal> & { readonly ok: true },
): Promise<Result<SubmissionRecord, Refusal> | undefined> {
  const found = await findWaiting(acting, id, revision);
  if (!found.ok) return found;
  const before = found.value;
  const work = workOf(before);
  const server = { ...withLive(before.server, live), has_credential: true };
  const probe = (await acting.reviews.evidence(work))?.probe;
  const evidence = await examine(acting.records, server, live.value.snapshot, probe);
  await acting.reviews.keepEvidence(work, evidence);
  const { after, met } = await rewrite(acting, 'submission.credentials', before, { server, risk: riskOf(evidence) });
  return met ? undefined : ok(after);
}

/** A new server's submission that waits for a decision about this revision. */
async function findWaiting(
  acting: Attaching,
  id: string,
  revision: number,
): Promise<Result<SubmissionRecord, Refusal>> {
  const found = await findSubmission(acting, id);
  if (!found.ok) return found;
  const submission = found.value;
  const state = stateOf(submission);
  if (submission.kind === 'review')
    return conflict('The credential of a server there is is changed at the server.', state);
  if (submission.status !== 'pending_review' || isOverdue(submission, acting.now))
    return conflict('This submission is decided.', state);
  return submission.revision === revision
    ? found
    : conflict('The submission has changed meanwhile; read it again.', state);
}
