import type { SubmissionRecord } from '../../domain/approval/submission.ts';
import type { Change, CommitConflict } from '../../ports/table.ts';
import { auditOf } from '../acting.ts';
import { commitPlaced } from '../places.ts';
import { replaced } from '../record-write.ts';
import type { ApprovalActing } from './acting.ts';
import { submissionView } from './view.ts';

type Writing = Pick<ApprovalActing, 'caller' | 'requestId' | 'now' | 'records' | 'secrets'>;

/** Writes the next version of a submission, an audit row and what goes with it, all or nothing; null clears a field. */
export async function rewrite(
  acting: Writing,
  action: `submission.${string}`,
  before: SubmissionRecord,
  fields: { readonly [F in keyof SubmissionRecord]?: SubmissionRecord[F] | null },
  changes: readonly Change[] = [],
): Promise<{ readonly after: SubmissionRecord; readonly met: CommitConflict | undefined }> {
  const after = replaced(before, fields, acting.now);
  const views = [submissionView(before), submissionView(after)] as const;
  const audit = auditOf(acting, action, 'submission', before.id, ...views, `aud_${acting.secrets.random(12)}`);
  const met = await commitPlaced(
    acting,
    [audit],
    [{ do: 'replace', kind: 'submission', record: after, was: before.version }, ...changes],
  );
  return { after, met };
}

/** Times that a write begins anew because the submission moved on; each time somebody else got ahead. */
const tries = 10;

/** Repeats a step that answers `undefined` when the submission moved on under it. */
export async function settledBy<T>(step: () => Promise<T | undefined>): Promise<T> {
  for (let round = 0; round < tries; round++) {
    const done = await step();
    if (done !== undefined) return done;
  }
  throw new Error('A submission did not hold still.');
}

/** Whether a commit failed because the submission itself moved on. */
export const movedOn = (met: CommitConflict): boolean =>
  met.change.do === 'replace' && met.change.kind === 'submission';
