import type { ServerCreate, ServerView } from '../../../contract/servers.ts';
import type { SubmissionAnswer } from '../../../contract/submission.ts';
import { checkCredentials } from '../../domain/credentials/index.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { no, ok, type Result } from '../../domain/result.ts';
import type { ServerActing } from '../servers/acting.ts';
import { createServer } from '../servers/create.ts';
import type { ApprovalActing } from './acting.ts';
import { attachCredential } from './credential.ts';
import { checkedDraft, propose } from './propose.ts';
import { answerOf } from './view.ts';

/** What adding a server asks of the world. */
export type Adding = ServerActing & ApprovalActing;

/** What an admin's new server became: a server (201), or with four eyes a submission that another admin decides (202). */
export interface Added {
  readonly status: 201 | 202;
  readonly body: ServerView | SubmissionAnswer;
}

/** Adds an admin's server, or proposes it where the deployment wants a second admin. */
export async function addServer(acting: Adding, body: ServerCreate): Promise<Result<Added, Refusal>> {
  if (!acting.fourEyes) {
    const made = await createServer(acting, body);
    return made.ok ? ok({ status: 201, body: made.value }) : made;
  }
  const { credentials, ...fields } = body;
  const draft = await checkedDraft(acting, fields);
  if (!draft.ok) return draft;
  const { auth_type, auth, static_headers } = draft.value;
  const fault = checkCredentials(auth_type, auth, credentials, static_headers);
  if (fault) return no(fault);
  const proposed = await propose(acting, draft.value, {});
  if (!proposed.ok) return proposed;
  // Where it cannot be read with the credential, the submission says so, and an admin attaches one again.
  if (credentials) await attachCredential(acting, proposed.value.id, { revision: 1, credentials });
  return ok({ status: 202, body: answerOf(proposed.value) });
}
