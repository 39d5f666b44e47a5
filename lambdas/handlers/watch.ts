import type { Context } from 'aws-lambda';
import {
  checkUrl,
  clock,
  events,
  records,
  reviewSettings,
  reviews,
  secrets,
  sha256,
  snapshots,
  tiers,
  upstream,
  vault,
  workflow,
} from '../compose.ts';
import { watchServers } from '../govern/servers/watch.ts';

/** What a reading that has begun may take until it ends, twice. */
const reserveMs = 60_000;

/** On a schedule: reads every active server, compares it with its approval, and tells of what drifted or fell silent. */
export const handler = async (_: unknown, context: Context): Promise<object> =>
  watchServers(
    {
      clock,
      records: records(),
      reviews: reviews(),
      workflow,
      events: events(),
      snapshots: snapshots(),
      upstream: upstream(),
      vault: vault(),
      secrets: secrets(),
      checkUrl,
      sha256,
      tiers: tiers(),
      ...reviewSettings(),
    },
    context.awsRequestId,
    () => context.getRemainingTimeInMillis() > reserveMs,
  );
