import type { PageQuery } from '../../../contract/lists.ts';
import { type SubmissionDetail, type SubmissionRow, SubmissionStatus } from '../../../contract/submission.ts';
import { changesBetween } from '../../domain/approval/diff.ts';
import type { SubmissionRecord } from '../../domain/approval/submission.ts';
import { hasProposed } from '../../domain/approval/submitter.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { Page, Snapshots } from '../../ports/table.ts';
import type { Seal } from '../../ports/vault.ts';
import { type Listed, pageOf } from '../page.ts';
import type { ApprovalActing } from './acting.ts';
import { allSubmissions, findSubmission, placeOf } from './find.ts';
import { workOf } from './machine.ts';
import { submissionView } from './view.ts';

type Reading = ApprovalActing & { readonly seal: Seal; readonly snapshots: Pick<Snapshots, 'get'> };

/** The org's submissions for an admin, a member's own; newest first, with counts by status of all of them. */
export async function listSubmissions(
  acting: Reading,
  { status, ...query }: PageQuery & { readonly status?: SubmissionStatus },
): Promise<Result<Listed<SubmissionRow> & { readonly counts: Readonly<Record<SubmissionStatus, number>> }, Refusal>> {
  const { caller } = acting;
  const all = await allSubmissions(acting);
  const seen = caller.role === 'member' ? all.filter(({ submitter }) => hasProposed(submitter, caller)) : all;
  const wanted = seen.filter((one) => status === undefined || one.status === status);
  const listed = await pageOf(acting, `submissions:${status ?? ''}`, query, olderThan(wanted), submissionView);
  if (!listed.ok) return listed;
  const counts = SubmissionStatus.options.map((one) => [one, seen.filter((of) => of.status === one).length]);
  return ok({ ...listed.value, counts: Object.fromEntries(counts) });
}

/** Pages of rows that are newest first. */
const olderThan =
  (all: readonly SubmissionRecord[]) =>
  async ({ limit, after }: { limit: number; after?: string }): Promise<Page<SubmissionRecord>> => {
    const left = after === undefined ? all : all.filter((one) => placeOf(one) < after);
    const rows = left.slice(0, limit);
    const last = rows.at(-1);
    return last && rows.length < left.length ? { rows, next: placeOf(last) } : { rows };
  };

/** A submission with its evidence, its definitions, and every change against what is approved now. */
export async function getSubmission(acting: Reading, id: string): Promise<Result<SubmissionDetail, Refusal>> {
  const found = await findSubmission(acting, id);
  if (!found.ok) return found;
  const submission = found.value;
  const { probe, findings = [] } = (await acting.reviews.evidence(workOf(submission))) ?? {};
  const {
    tools = [],
    prompts = [],
    resources = [],
    resource_templates = [],
    instructions,
  } = (await snapshotOf(acting, submission.server.snapshot_hash)) ?? {};
  return ok({
    ...submissionView(submission),
    ...(probe === undefined ? {} : { probe }),
    findings: [...findings],
    tools: [...tools],
    prompts: [...prompts],
    resources: [...resources],
    resource_templates: [...resource_templates],
    ...(instructions === undefined ? {} : { instructions }),
    ...(submission.kind === 'review' ? { diff: await changesOf(acting, submission) } : {}),
  });
}

const snapshotOf = async ({ snapshots, caller }: Reading, hash: string | undefined) =>
  hash === undefined ? undefined : snapshots.get(caller.org_id, hash);

/** Changes against what the server serves now. */
async function changesOf(acting: Reading, { server }: SubmissionRecord) {
  const current = await acting.records.get('server', server.org_id, server.id);
  const [pinned, live] = await Promise.all([
    snapshotOf(acting, current?.snapshot_hash),
    snapshotOf(acting, server.snapshot_hash),
  ]);
  return [...changesBetween(pinned ?? { tools: [] }, live ?? { tools: [] })];
}
