import * as z from 'zod';
import { ListOf, PageQuery } from './lists.ts';
import { type Route, route } from './route.ts';

/** What somebody may want to be told of. */
export const EventType = z.enum([
  'submission.created',
  'submission.approved',
  'submission.rejected',
  'submission.changes_requested',
  'submission.expired',
  'tool.drifted',
  'server.unhealthy',
]);
export type EventType = z.infer<typeof EventType>;

/** A notice, as it is listed and as EventBridge carries it in `detail`. Told at least once: `id` tells repetitions. */
export const GatewayEvent = z.object({
  id: z.string(),
  org_id: z.string(),
  at: z.string(),
  type: EventType,
  /** What it is about, by id, and the alias it has or would have. */
  subject: z.object({ kind: z.enum(['submission', 'server']), id: z.string(), alias: z.string() }),
  /** Facts in the words of the API; never a secret, never a text of an upstream. */
  facts: z.record(z.string(), z.unknown()),
});
export type GatewayEvent = z.infer<typeof GatewayEvent>;

export const listEvents = route({
  method: 'GET',
  path: '/v1/events',
  fn: 'approval',
  access: 'admin',
  summary: 'What happened to submissions and servers, newest first, for 90 days.',
  query: PageQuery,
  answer: ListOf(GatewayEvent),
});
/** The rows of this file. */
export const eventRoutes: readonly Route[] = [listEvents] as Route[];
