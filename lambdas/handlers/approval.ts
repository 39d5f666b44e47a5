import { listEvents } from '../../contract/events.ts';
import * as routes from '../../contract/submissions.ts';
import {
  checkUrl,
  clock,
  events,
  principals,
  records,
  reviewSettings,
  reviews,
  seal,
  secrets,
  snapshots,
  workflow,
} from '../compose.ts';
import { ok, type Result } from '../domain/result.ts';
import { decideSubmission } from '../govern/approval/decide.ts';
import { editSubmission } from '../govern/approval/edit.ts';
import { registerServer } from '../govern/approval/propose.ts';
import { getSubmission, listSubmissions } from '../govern/approval/read.ts';
import { withdrawSubmission } from '../govern/approval/withdraw.ts';
import { pageOf } from '../govern/page.ts';
import type { Answer } from '../middleware/answer.ts';
import { type Incoming, on, serve } from '../middleware/serve.ts';

type Asked = Pick<Incoming<unknown, unknown>, 'caller' | 'requestId' | 'params'>;

/** Who acts, with the ports of this function: the table and the machine; no vault, no way out. */
const acting = ({ caller, requestId }: Asked) => ({
  caller,
  requestId,
  now: clock(),
  records: records(),
  principals: principals(),
  reviews: reviews(),
  workflow,
  snapshots: snapshots(),
  secrets: secrets(),
  seal: seal(),
  checkUrl,
  ...reviewSettings(),
});
const id = ({ params }: Asked): string => params['id'] ?? '';
const answer = <T, R>(outcome: Result<T, R>, status = 200): Result<Answer, R> =>
  outcome.ok ? ok({ status, body: outcome.value }) : outcome;

/** Submissions, from proposal to verdict, and the notices that they and the watch leave. */
export const handler = serve([
  on(routes.register, async (request) => answer(await registerServer(acting(request), request.body), 202)),
  on(routes.listSubmissions, async (request) => answer(await listSubmissions(acting(request), request.query))),
  on(routes.getSubmission, async (request) => answer(await getSubmission(acting(request), id(request)))),
  on(routes.editSubmission, async (request) =>
    answer(await editSubmission(acting(request), id(request), request.body)),
  ),
  on(routes.withdrawSubmission, async (request) => answer(await withdrawSubmission(acting(request), id(request)))),
  on(routes.approveSubmission, async (request) =>
    answer(await decideSubmission(acting(request), id(request), { verdict: 'approved', ...request.body })),
  ),
  on(routes.rejectSubmission, async (request) =>
    answer(await decideSubmission(acting(request), id(request), { verdict: 'rejected', ...request.body })),
  ),
  on(routes.requestChanges, async (request) =>
    answer(await decideSubmission(acting(request), id(request), { verdict: 'changes_requested', ...request.body })),
  ),
  on(listEvents, async (request) =>
    answer(
      await pageOf(
        acting(request),
        'events',
        request.query,
        (page) => events().list(request.caller.org_id, page),
        (event) => event,
      ),
    ),
  ),
]);
