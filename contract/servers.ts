import * as z from 'zod';
import { AuthSettings, AuthType, Credentials, HeaderName, HeaderValue } from './auth.ts';
import { Cost } from './cost.ts';
import { Description, Id, Label, ToolName, Version } from './names.ts';
import { Diff, Offers, RefusedOffer } from './offers.ts';

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
  /** Tools that changed or came since the approval: not served before an admin approved them. */
  quarantined: z.array(z.string()).exactOptional(),
  /** The last submission that asks for another look at the server. */
  review_id: z.string().exactOptional(),
  version: Version.exactOptional(),
  created_at: z.string().exactOptional(),
  updated_at: z.string().exactOptional(),
});
export type ServerView = z.infer<typeof ServerView>;

/** A server after a refresh, and how what it offers now differs from what was pinned before. */
export const ServerDiff = z.object({
  server: ServerView,
  /** The hash of what the server offers now. */
  snapshot_hash: z.string(),
  ...Diff.shape,
  /** The submission that an admin decides, where the difference is not served before. */
  submission_id: z.string().exactOptional(),
});
