import * as z from 'zod';
import { Deleted, ListOf, PageQuery } from './lists.ts';
import { type Route, route } from './route.ts';
import { ServerCreate, ServerDiff, ServerPatch, ServerView } from './servers.ts';
import { SubmissionAnswer } from './submission.ts';

const base = { fn: 'servers', access: 'admin' } as const;
export const createServer = route({
  ...base,
  method: 'POST',
  path: '/v1/mcp/server',
  summary:
    'Add a server: its definitions are read and pinned; it is active at once, or saved inactive with the reason. With four_eyes it is a submission (202) that another admin decides.',
  body: ServerCreate,
  status: 201,
  answer: z.union([ServerView, SubmissionAnswer]),
});
export const listServers = route({
  ...base,
  method: 'GET',
  path: '/v1/mcp/server',
  access: 'any',
  summary: "The caller's servers; all of the org's for an admin.",
  query: PageQuery,
  answer: ListOf(ServerView),
});
export const getServer = route({
  ...base,
  method: 'GET',
  path: '/v1/mcp/server/{id}',
  access: 'any',
  summary: 'One server, in the view of the caller.',
  answer: ServerView,
});
export const patchServer = route({
  ...base,
  method: 'PATCH',
  path: '/v1/mcp/server/{id}',
  summary: 'Change a server. A new URL host drops its credential and sends it back to pending_review.',
  body: ServerPatch,
  answer: ServerView,
});
export const removeServer = route({
  ...base,
  method: 'DELETE',
  path: '/v1/mcp/server/{id}',
  summary: 'Delete a server and its credential.',
  answer: Deleted,
});
export const refreshServer = route({
  ...base,
  method: 'POST',
  path: '/v1/mcp/server/{id}/refresh',
  summary:
    'Compare the live definitions with the approved ones: what changed is quarantined until an admin approves it. A server that has none is pinned.',
  answer: ServerDiff,
});
/** The rows of this file. */
export const serverRoutes: readonly Route[] = [
  createServer,
  listServers,
  getServer,
  patchServer,
  removeServer,
  refreshServer,
] as Route[];
