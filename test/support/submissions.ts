import type { Answered, Json, TestGateway } from './gateway.ts';
import { type TestOrg, until } from './org.ts';

const path = '/v1/mcp/server/submissions';

/** A proposal as its member makes it; `id` is the submission's. */
export interface Proposed {
  readonly id: string;
  readonly key: string;
}

/** Proposes a server without authentication unless `fields` say otherwise; throws when it is refused. */
export async function propose(gateway: TestGateway, key: string, fields: Json): Promise<Proposed> {
  const body = { auth_type: 'none', reason: 'We need it', ...fields };
  const answer = await gateway.send('POST', '/v1/mcp/server/register', key, body);
  if (answer.status !== 202) throw new Error(`register answered ${answer.status}: ${answer.text}`);
  return { id: answer.body['submission_id'], key };
}

/** A submission as an admin sees it. */
export const submissionOf = (org: TestOrg, id: string): Promise<Json> => org.admin('GET', `${path}/${id}`);

/** The submission once it is as wanted; its machine works beside the requests. */
export const submissionThat = (org: TestOrg, id: string, accepted: (submission: Json) => boolean): Promise<Json> =>
  until(() => submissionOf(org, id), accepted);

/** The submission once its risk report is made. */
export const readSubmission = (org: TestOrg, id: string): Promise<Json> =>
  submissionThat(org, id, ({ risk }) => risk !== undefined);

/** Decides about the revision and the snapshot that are there now. */
export async function decide(
  gateway: TestGateway,
  key: string,
  seen: Json,
  verdict: 'approve' | 'reject' | 'request-changes',
  more: Json = {},
): Promise<Answered> {
  const note = verdict === 'approve' ? {} : { note: 'Not like this' };
  const { revision, snapshot_hash } = seen;
  return gateway.send('PUT', `${path}/${seen['id']}/${verdict}`, key, {
    revision,
    ...(snapshot_hash === undefined ? {} : { snapshot_hash }),
    ...note,
    ...more,
  });
}
