import type { Approval, SubmissionStatus } from '../../../contract/submission.ts';
import type { Binding, ServerRecord, Stored } from '../records.ts';

/** Days that a revision waits for a decision, and that an approved one waits for a place in the org's tier. */
export const reviewDays = 14;
const reviewMs = reviewDays * 24 * 60 * 60 * 1000;

/** Who proposed: the key with its person, and every key it comes from. */
export interface Submitter extends Binding {
  /** The member keys it descends from, nearest first. */
  readonly lineage: readonly Binding[];
  /** The keys that made it or were handed it by a rotation, and theirs. */
  readonly minted_by: readonly Binding[];
}

/** The gateway itself, where it found that definitions changed. */
export const system: Submitter = { key_id: 'system', lineage: [], minted_by: [] };

/** What an admin decided about a revision. */
export interface Decision extends Pick<Approval, 'note' | 'narrow'> {
  readonly verdict: 'approved' | 'rejected' | 'changes_requested';
  readonly at: string;
  readonly by: Pick<Binding, 'key_id' | 'user_id'>;
}

/** A proposed server, or another look at one there is. */
export interface SubmissionRecord extends Stored {
  readonly kind: 'server' | 'review';
  readonly status: SubmissionStatus;
  /** What stands in the way of what an approval should bring. */
  readonly status_reason?: string;
  readonly revision: number;
  /** When this revision was proposed. */
  readonly submitted_at: string;
  /** The server as an approval would make it; its `snapshot_hash` is what a decision binds to. */
  readonly server: ServerRecord;
  readonly reason?: string;
  readonly teams: readonly string[];
  readonly submitter: Submitter;
  /** Findings of the risk report by severity; absent before the report. */
  readonly risk?: Readonly<Record<string, number>>;
  readonly decision?: Decision;
  readonly activated_at?: string;
  /** The revision whose verdict has been carried out. */
  readonly concluded?: number;
}

/** What the machine of a revision is told; `superseded`: a newer revision took its place. */
export type Verdict = Exclude<SubmissionStatus, 'pending_review'> | 'superseded';

/** What became of a revision; undefined while it waits for its decision. */
export function verdictOf({ status, revision }: SubmissionRecord, of: number): Verdict | undefined {
  if (of < revision) return 'superseded';
  return status === 'pending_review' ? undefined : status;
}

/** When a revision, or what became of it, is over: ms since the epoch. */
const endOf = ({ submitted_at, decision }: SubmissionRecord): number =>
  Date.parse(decision?.at ?? submitted_at) + reviewMs;

/** When a revision expires undecided. */
export const expiresAt = (submission: SubmissionRecord): string => new Date(endOf(submission)).toISOString();

/** Whether somebody still has to do something: decide, edit, or make place for what was approved. */
export const isOpen = ({ status, activated_at }: SubmissionRecord): boolean =>
  status === 'pending_review' ||
  status === 'changes_requested' ||
  (status === 'approved' && activated_at === undefined);

/** Whether an open submission has waited too long at `now` (ms). */
export const isOverdue = (submission: SubmissionRecord, now: number): boolean =>
  isOpen(submission) && now >= endOf(submission);

/** Whether the sweep has to look at it: its verdict is not carried out, or its time is running. */
export const isUnsettled = (submission: SubmissionRecord): boolean =>
  submission.concluded !== submission.revision || submission.status === 'changes_requested';
