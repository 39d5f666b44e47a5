import * as z from 'zod';
import { AuthSettings, AuthType, Credentials, HeaderName, HeaderValue } from './auth.ts';
import { Cost } from './cost.ts';
import { Deleted, ListOf, PageQuery } from './lists.ts';
import { Description, Id, Label, ToolName, Version } from './names.ts';
import { Diff, Offers, RefusedOffer } from './offers.ts';
import { type Route, route } from './route.ts';

/** What of a server can be set beside where it is and how the gateway proves itself there. */
export const serverSettings = {
  name: Label.exactOptional(),
  description: Description.exactOptional(),
  auth: AuthSettings.exactOptional(),
  static_headers: z.record(HeaderName, HeaderValue).exactOptional(),
  extra_headers: z.array(HeaderName).max(20).exactOptional(),
  access_groups: z.array(z.string().max(20)).max(20).exactOptional(),
  allowed_tools: z.array(ToolName).max(256).nullable().exactOptional(),
  disallowed_tools: z.array(ToolName).max(256).exactOptional(),
  cost: Cost.exactOptional(),
  rpm: z.number().int().positive().max(1e6).nullable().exactOptional(),
  timeout_ms: z.number().int().min(100).max(900_000).exactOptional(),
  allow_caller_credentials: z.boolean().exactOptional(),
  owner_team_id: Id.nullable().exactOptional(),
};

/** A new server. */
export const ServerCreate = z.strictObject({
  alias: z.string().max(20),
  url: z.string().max(2048),
  auth_type: AuthType,
  credentials: Credentials.exactOptional(),
  ...serverSettings,
});
export type ServerCreate = z.infer<typeof ServerCreate>;

/** The alias is fixed; a new URL host drops the stored credential. `disabled` takes the server off and puts it back. */
export const ServerPatch = z.strictObject({
  version: Version,
  url: z.string().max(2048).exactOptional(),
  auth_type: AuthType.exactOptional(),
  credentials: Credentials.nullable().exactOptional(),
  disabled: z.boolean().exactOptional(),
  ...serverSettings,
});
export type ServerPatch = z.infer<typeof ServerPatch>;

/** Only an `active` server is routable. */
export const ServerStatus = z.enum(['active', 'inactive', 'disabled', 'pending_review']);
export type ServerStatus = z.infer<typeof ServerStatus>;

/** A server as admins see it; a member's view has id, alias, name, description, status and its callable tools. */
export const ServerView = z.object({
  id: z.string(),
  alias: z.string(),
  name: z.string().exactOptional(),
  description: z.string().exactOptional(),
  status: ServerStatus,
  /** Why a server is not active, in words. */
  status_reason: z.string().exactOptional(),
  /** The tools the caller may call (member) or the approved tools (admin), by their own names. */
  tools: z.array(z.string()),
  url: z.string().exactOptional(),
  auth_type: AuthType.exactOptional(),
  auth: AuthSettings.exactOptional(),
  has_credential: z.boolean().exactOptional(),
  static_headers: z.record(z.string(), z.string()).exactOptional(),
  extra_headers: z.array(z.string()).exactOptional(),
  access_groups: z.array(z.string()).exactOptional(),
  allowed_tools: z.array(z.string()).exactOptional(),
  disallowed_tools: z.array(z.string()).exactOptional(),
  cost: Cost.exactOptional(),
  rpm: z.number().exactOptional(),
  timeout_ms: z.number().exactOptional(),
  allow_caller_credentials: z.boolean().exactOptional(),
  owner_team_id: z.string().exactOptional(),
  snapshot_hash: z.string().exactOptional(),
  protocol_version: z.string().exactOptional(),
  /** Definitions the gateway refused, with the reason. */
  refused_tools: z.array(z.object({ name: z.string(), reason: z.string() })).exactOptional(),
  /** Prompts and resources the gateway refused, the first 50. */
  refused_offers: z.array(RefusedOffer).exactOptional(),
  offers: Offers.exactOptional(),
  version: Version.exactOptional(),
  created_at: z.string().exactOptional(),
  updated_at: z.string().exactOptional(),
});
export type ServerView = z.infer<typeof ServerView>;

/** A server as it is after a refresh, and what that changed. */
export const ServerDiff = z.object({ server: ServerView, snapshot_hash: z.string(), ...Diff.shape });

const base = { fn: 'servers', access: 'admin' } as const;
export const createServer = route({
  ...base,
  method: 'POST',
  path: '/v1/mcp/server',
  summary:
    'Add a server: its definitions are read and pinned; it is active at once, or saved inactive with the reason.',
  body: ServerCreate,
  status: 201,
  answer: ServerView,
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
  summary: 'Read the live definitions again, pin them, and return what changed.',
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
