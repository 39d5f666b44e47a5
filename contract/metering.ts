import * as z from 'zod';
import { ListOf } from './lists.ts';
import { Id } from './names.ts';
import { type Route, route } from './route.ts';

/** A UTC day, `2026-11-24`. */
const Day = z.iso.date('is a day, YYYY-MM-DD');

/** Default and highest number of rows in one answer: a spreadsheet wants more than a page. */
export const usagePage = { json: 50, csv: 1000, max: 1000 } as const;

const range = {
  /** First day, UTC; 29 days before `to` where absent. */
  from: Day.exactOptional(),
  /** Last day, UTC; today where absent. */
  to: Day.exactOptional(),
};
const page = {
  cursor: z.string().max(2048).exactOptional(),
  limit: z.coerce.number().int().min(1).max(usagePage.max).exactOptional(),
};

/** What usage can be asked by; a member asks by `key` or `day`. */
export const GroupBy = z.enum(['key', 'team', 'user', 'org', 'agent', 'server', 'tool', 'day']);
/** What `GET /v1/usage` takes. */
export const UsageQuery = z.strictObject({ ...range, group_by: GroupBy.exactOptional(), ...page });
export type UsageQuery = z.infer<typeof UsageQuery>;
/** What `GET /v1/usage/ledger` takes. */
export const LedgerQuery = z.strictObject({ ...range, ...page });
export type LedgerQuery = z.infer<typeof LedgerQuery>;
/** What `GET /v1/usage/unpriced` takes. */
export const UnpricedQuery = z.strictObject(page);
export type UnpricedQuery = z.infer<typeof UnpricedQuery>;

const sums = {
  /** Calls that count: all but those that certainly were not sent. */
  calls: z.number(),
  done: z.number(),
  failed: z.number(),
  unknown: z.number(),
  price_usd: z.number(),
};
/** The usage of one group: `id` is an id, `{server id}.{tool}` or a day, `name` what it is called where that is known. */
export const UsageRow = z.object({ id: z.string(), name: z.string().exactOptional(), ...sums });
export type UsageRow = z.infer<typeof UsageRow>;
/** Usage from a day to a day; `total` is over all groups, also those on other pages. */
export const UsageAnswer = ListOf(UsageRow).extend({
  from: z.string(),
  to: z.string(),
  group_by: GroupBy,
  total: z.object(sums),
});
export type UsageAnswer = z.infer<typeof UsageAnswer>;

/** One metered call: who, what, at which price, and what became of it; never an argument or a result. */
export const LedgerEntry = z.object({
  at: z.string(),
  id: z.string(),
  request_id: z.string(),
  door: z.string(),
  key_id: z.string(),
  team_id: z.string().exactOptional(),
  user_id: z.string().exactOptional(),
  agent_id: z.string().exactOptional(),
  /** The level of the cascade that granted it. */
  granted_by: z.string(),
  server_id: z.string(),
  server: z.string(),
  /** `{alias}.{tool}` */
  tool: z.string(),
  price_usd: z.number(),
  /** The server's version that the price was read from. */
  price_version: z.number(),
  state: z.enum(['RESERVED', 'DONE', 'FAILED', 'UNKNOWN', 'RELEASED']),
  status: z.string().exactOptional(),
  duration_ms: z.number().exactOptional(),
  settled_at: z.string().exactOptional(),
});
export type LedgerEntry = z.infer<typeof LedgerEntry>;

/** A tool of an active server that has no price: its calls are counted and cost nothing. */
export const UnpricedTool = z.object({ server_id: Id, server: z.string(), tool: z.string() });
export type UnpricedTool = z.infer<typeof UnpricedTool>;

export const usage = route({
  method: 'GET',
  path: '/v1/usage',
  fn: 'usage',
  access: 'any',
  summary: "Usage from a day to a day, by group; a member sees its own key's, by key or day. Accept: text/csv for CSV.",
  query: UsageQuery,
  answer: UsageAnswer,
});
export const ledger = route({
  method: 'GET',
  path: '/v1/usage/ledger',
  fn: 'usage',
  access: 'admin',
  summary: 'Every metered call from a day to a day, newest first. Accept: text/csv for CSV.',
  query: LedgerQuery,
  answer: ListOf(LedgerEntry),
});
export const unpriced = route({
  method: 'GET',
  path: '/v1/usage/unpriced',
  fn: 'usage',
  access: 'admin',
  summary: 'Tools of active servers that have no price. Accept: text/csv for CSV.',
  query: UnpricedQuery,
  answer: ListOf(UnpricedTool),
});
/** The rows of this file. */
export const meteringRoutes: readonly Route[] = [usage, ledger, unpriced] as Route[];

/** What the reconciliation takes when it is invoked; a schedule's event has none of it. */
export const ReconcileRequest = z
  .object({
    from: Day.exactOptional(),
    to: Day.exactOptional(),
    /** Nobody calls, and a sweep at rest has run: days that are not over may be compared. */
    at_rest: z.boolean().exactOptional(),
  })
  .refine(({ from, to }) => (from === undefined) === (to === undefined), 'Give from and to, or neither.');
