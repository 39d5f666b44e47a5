import * as z from 'zod';
import { ListOf, PageQuery } from './lists.ts';
import { type Route, route } from './route.ts';
import {
  Approval,
  Refusal,
  Register,
  SubmissionAnswer,
  SubmissionCredentials,
  SubmissionDetail,
  SubmissionEdit,
  SubmissionRow,
  SubmissionStatus,
} from './submission.ts';

/** `?status=` beside the page. */
export const SubmissionQuery = PageQuery.extend({ status: SubmissionStatus.exactOptional() });

const base = { fn: 'approval', access: 'any' } as const;
const path = '/v1/mcp/server/submissions/{id}';

export const register = route({
  ...base,
  method: 'POST',
  path: '/v1/mcp/server/register',
  summary: 'Propose a server. Nothing of it can be called before an admin has approved exactly what was read of it.',
  body: Register,
  status: 202,
  answer: SubmissionAnswer,
});
export const listSubmissions = route({
  ...base,
  method: 'GET',
  path: '/v1/mcp/server/submissions',
  summary: "The org's submissions for an admin, a member's own; newest first, with counts by status.",
  query: SubmissionQuery,
  answer: ListOf(SubmissionRow).extend({ counts: z.record(SubmissionStatus, z.number()) }),
});
export const getSubmission = route({
  ...base,
  method: 'GET',
  path,
  summary: 'A submission with its evidence: what the probe saw, risk report, definitions, changes.',
  answer: SubmissionDetail,
});
export const editSubmission = route({
  ...base,
  method: 'PATCH',
  path,
  summary: 'Edit an own submission: a new revision that is read and reviewed anew.',
  body: SubmissionEdit,
  answer: SubmissionAnswer,
});
export const withdrawSubmission = route({
  ...base,
  method: 'DELETE',
  path,
  summary: 'Withdraw an own submission; its name is free again.',
  answer: SubmissionAnswer,
});
const decision = { ...base, method: 'PUT', access: 'admin', answer: SubmissionAnswer } as const;
export const approveSubmission = route({
  ...decision,
  path: `${path}/approve`,
  summary: 'Approve exactly this revision and snapshot, or less of it.',
  body: Approval,
});
export const rejectSubmission = route({
  ...decision,
  path: `${path}/reject`,
  summary: 'Reject this revision for good, with the reason.',
  body: Refusal,
});
export const requestChanges = route({
  ...decision,
  path: `${path}/request-changes`,
  summary: 'Send this revision back to its proposer.',
  body: Refusal,
});
export const attachCredential = route({
  ...decision,
  fn: 'servers',
  path: `${path}/credentials`,
  summary: 'Attach the shared credential of a proposed server and read its definitions again with it.',
  body: SubmissionCredentials,
});
/** The rows of this file. */
export const submissionRoutes: readonly Route[] = [
  register,
  listSubmissions,
  getSubmission,
  editSubmission,
  withdrawSubmission,
  approveSubmission,
  rejectSubmission,
  requestChanges,
  attachCredential,
] as Route[];
