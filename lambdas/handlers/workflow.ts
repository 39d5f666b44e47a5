import type { Context } from 'aws-lambda';
import {
  clock,
  events,
  probe,
  records,
  reviews,
  secrets,
  sha256,
  snapshots,
  tiers,
  vault,
  workflow,
} from '../compose.ts';
import { concludeStep, type Outcome } from '../govern/approval/conclude.ts';
import { expireStep } from '../govern/approval/expire.ts';
import { notifyStep } from '../govern/approval/notify.ts';
import { parkStep } from '../govern/approval/park.ts';
import { snapshotStep } from '../govern/approval/snapshot.ts';
import { inOrg } from '../govern/approval/step.ts';
import { sweep } from '../govern/approval/sweep.ts';
import type { Work } from '../ports/approval.ts';

/** What the approval machine asks; the task token comes from nobody else. */
type Task = Work &
  (
    | { readonly step: 'snapshot' | 'notify' | 'expire' | 'conclude' }
    | { readonly step: 'park'; readonly task_token: string }
  );

const ports = () => ({
  clock,
  records: records(),
  reviews: reviews(),
  workflow,
  events: events(),
  snapshots: snapshots(),
  probe: probe(),
  vault: vault(),
  secrets: secrets(),
  tiers: tiers(),
  sha256,
});

/**
 * The steps of the approval machine, which read everything from the table and say no more than ids, a hash or a verdict;
 * and, on a schedule, the sweep. Nothing here is reached by a route.
 */
export const handler = async (event: Task | { readonly step: 'sweep' }, { awsRequestId }: Context): Promise<object> => {
  if (event.step === 'sweep') return sweep(ports(), awsRequestId);
  const { org_id, submission_id, revision } = event;
  const work = { org_id, submission_id, revision };
  const acting = inOrg(ports(), org_id, awsRequestId);
  switch (event.step) {
    case 'snapshot':
      return snapshotStep(acting, work);
    case 'notify':
      await notifyStep(acting, work);
      return {};
    case 'park':
      await parkStep(acting, work, event.task_token);
      return {};
    case 'expire':
      await expireStep(acting, work);
      return {};
    case 'conclude':
      return { outcome: (await concludeStep(acting, work)) satisfies Outcome };
  }
};
