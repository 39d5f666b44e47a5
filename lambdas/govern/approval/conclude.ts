import { isOverdue, type SubmissionRecord, type Verdict, verdictOf } from '../../domain/approval/submission.ts';
import type { Work } from '../../ports/approval.ts';
import type { Vault } from '../../ports/vault.ts';
import { activate } from './activate.ts';
import { expireOverdue } from './expire.ts';
import type { Step } from './step.ts';
import { eventOf, type Telling, tell } from './tell.ts';
import { settledBy } from './write.ts';

/** What concluding asks of the world. */
export type Concluding = Step & Telling & { readonly vault: Pick<Vault, 'remove'> };

/** What became of a revision: its verdict; `waiting` for what an approval needs; still undecided. */
export type Outcome = Verdict | 'waiting' | 'pending_review';

/**
 * Last step of a revision: does what the stored verdict says, whatever the machine was told. An approval is activated, a
 * credential of what is not to be is removed, whoever listens is told. Every part may be repeated.
 */
export const concludeStep = (acting: Concluding, work: Work): Promise<Outcome> =>
  settledBy(async () => {
    const submission = await acting.records.get('submission', work.org_id, work.submission_id);
    if (!submission) throw new Error('A submission is gone.');
    const verdict = verdictOf(submission, work.revision);
    if (verdict === undefined) return 'pending_review';
    if (verdict === 'superseded' || submission.concluded === work.revision) return verdict;
    if (verdict === 'approved' && submission.activated_at === undefined) {
      if (!isOverdue(submission, acting.now)) return (await activate(acting, submission)) ? undefined : 'waiting';
      await expireOverdue(acting, work);
      return undefined;
    }
    const { kind, server } = submission;
    if (kind === 'server' && submission.activated_at === undefined && verdict !== 'changes_requested')
      await acting.vault.remove(server);
    const told = eventFor(verdict, submission);
    if (told) await tell(acting, told);
    return (await conclude(acting, submission)) ? verdict : undefined;
  });

/** Marks the verdict as carried out; without an audit row, since nothing that anybody decided changes. */
async function conclude({ records, now }: Step, before: SubmissionRecord): Promise<boolean> {
  const after = { ...before, version: before.version + 1, concluded: before.revision };
  const updated_at = new Date(now).toISOString();
  const record = { ...after, updated_at };
  const met = await records.commit([], [{ do: 'replace', kind: 'submission', record, was: before.version }]);
  return met === undefined;
}

/** The notice of a verdict; who withdrew knows it. */
function eventFor(verdict: Exclude<Verdict, 'superseded'>, submission: SubmissionRecord) {
  if (verdict === 'withdrawn') return undefined;
  const { decision, activated_at, updated_at } = submission;
  const at = verdict === 'expired' ? updated_at : (activated_at ?? decision?.at ?? updated_at);
  return eventOf(submission, `submission.${verdict}`, at, verdict === 'approved' ? { activated_at } : {});
}
