import type { SubmissionRecord } from '../../domain/approval/submission.ts';
import { hasProposed } from '../../domain/approval/submitter.ts';
import { forbidden, notFound, type Refusal } from '../../domain/refusal.ts';
import type { Result } from '../../domain/result.ts';
import { findRecord } from '../record-find.ts';
import type { ApprovalActing } from './acting.ts';

type Reading = Pick<ApprovalActing, 'records' | 'caller'>;

/** A submission of the org; to a member one that another proposed does not exist. */
export async function findSubmission(
  { records, caller }: Reading,
  id: string,
): Promise<Result<SubmissionRecord, Refusal>> {
  const found = await findRecord(records, 'submission', caller.org_id, id);
  if (!found.ok || caller.role !== 'member' || hasProposed(found.value.submitter, caller)) return found;
  return notFound('This submission');
}

/** A submission that the caller proposed; 403 for an admin that did not. */
export async function findOwn(reading: Reading, id: string): Promise<Result<SubmissionRecord, Refusal>> {
  const found = await findSubmission(reading, id);
  if (!found.ok || hasProposed(found.value.submitter, reading.caller)) return found;
  return forbidden('Only who proposed it changes or withdraws a submission.', 'submitter', 'own submission');
}

/** Every submission of an org, newest first. */
export async function allSubmissions({ records, caller }: Reading): Promise<readonly SubmissionRecord[]> {
  const all: SubmissionRecord[] = [];
  let after: { after?: string } | undefined = {};
  while (after) {
    const { rows, next }: { rows: readonly SubmissionRecord[]; next?: string } = await records.list(
      'submission',
      caller.org_id,
      { limit: 200, ...after },
    );
    all.push(...rows);
    after = next === undefined ? undefined : { after: next };
  }
  return all.sort((a, b) => (placeOf(a) < placeOf(b) ? 1 : -1));
}

/** Where a submission stands among others: by age. */
export const placeOf = ({ created_at, id }: SubmissionRecord): string => `${created_at} ${id}`;
