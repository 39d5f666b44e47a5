import type { AuthSettings, AuthType } from '../../contract/auth.ts';
import type { Cost } from '../../contract/cost.ts';
import type { Role } from '../../contract/keys.ts';
import type { ObjectPermission } from '../../contract/permission.ts';
import type { LastProbe } from '../../contract/probe.ts';
import type { ServerStatus, ServerView } from '../../contract/servers.ts';
import type { PinnedTool } from './definition.ts';

/** What every stored record has. Times are ISO 8601 in UTC; `version` counts writes from 1. */
export interface Stored {
  readonly id: string;
  readonly org_id: string;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
}

/** Budget and rate of a principal. */
export interface Limits {
  readonly max_budget_usd?: number;
  readonly budget_period?: 'day' | 'month' | 'total';
  readonly rpm?: number;
}

/**
 * A grant as stored: `mcp_servers`, the keys of `mcp_tool_permissions`, `mcp_toolsets` and `agents` hold ids (or `"*"`),
 * `mcp_access_groups` labels. `undefined` on a record means no opinion; an empty object is an opinion.
 */
export type Grant = ObjectPermission;

type Granting = { readonly object_permission?: Grant };

/** The principals a key is bound to; fixed for the key's life. */
export interface Binding {
  readonly key_id: string;
  readonly team_id?: string;
  readonly user_id?: string;
  readonly agent_id?: string;
}

/** A virtual key. Its secret is nowhere: `hmac` is the peppered HMAC-SHA-256 of it, hex. */
export interface KeyRecord extends Stored, Limits, Granting {
  readonly name: string;
  readonly team_id?: string;
  readonly user_id?: string;
  readonly agent_id?: string;
  readonly role: Role;
  readonly hmac: string;
  readonly pepper: string;
  /** The secret before the last rotation, until its grace ends. */
  readonly previous?: { readonly hmac: string; readonly pepper: string; readonly until: string };
  readonly expires_at?: string;
  readonly revoked_at?: string;
  /** The member keys that minted this one, nearest first; the key may never do more than each of them. */
  readonly lineage: readonly Binding[];
  /** Who has had its secret: the key that made it, those that rotated it, and who has had theirs. */
  readonly minted_by?: readonly Binding[];
}

/** The tenant: tier, grant, block lists. */
export interface OrgRecord extends Stored, Limits, Granting {
  readonly name: string;
  readonly tier: string;
  /** The tier whose usage plan the org's own API key is in; `-`: it stays on the shared one. */
  readonly usage_key?: string;
  readonly disabled: boolean;
  /** Server ids. */
  readonly blocked_servers: readonly string[];
  readonly blocked_tools: readonly { readonly server_id: string; readonly tool: string }[];
  readonly deleted_at?: string;
}

/** A team of an org. */
export interface TeamRecord extends Stored, Limits, Granting {
  readonly name: string;
  readonly disabled: boolean;
  /** A tombstone: keys bound to it answer 401. */
  readonly deleted_at?: string;
}

/** A person of an org. */
export interface UserRecord extends TeamRecord {
  readonly email?: string;
}

/** An A2A agent, registered by URL. */
export interface AgentRecord extends TeamRecord {
  readonly url: string;
  readonly description?: string;
}

/** An upstream MCP server, and where its pinned snapshot is. */
export interface ServerRecord extends Stored {
  readonly alias: string;
  readonly name?: string;
  readonly description?: string;
  readonly url: string;
  readonly auth_type: AuthType;
  readonly auth: AuthSettings;
  readonly has_credential: boolean;
  readonly static_headers: Readonly<Record<string, string>>;
  readonly extra_headers: readonly string[];
  readonly access_groups: readonly string[];
  readonly allowed_tools?: readonly string[];
  readonly disallowed_tools: readonly string[];
  readonly cost?: Cost;
  readonly rpm?: number;
  readonly timeout_ms?: number;
  readonly allow_caller_credentials: boolean;
  readonly owner_team_id?: string;
  readonly status: ServerStatus;
  readonly status_reason?: string;
  /** Hash of the pinned snapshot; absent while its definitions could not be read. */
  readonly snapshot_hash?: string;
  /** Every tool of the snapshot, in its order. */
  readonly tools: readonly PinnedTool[];
  readonly refused_tools: readonly { readonly name: string; readonly reason: string }[];
  /** Prompts and resources that were left out, the first of them. */
  readonly refused_offers?: Readonly<NonNullable<ServerView['refused_offers']>>;
  /** What the snapshot holds beside tools; absent: nothing. */
  readonly offers?: { readonly prompts: boolean; readonly resources: boolean; readonly completions: boolean };
  /** Tools not served, as they changed or came since the approval; the last submission for another look. */
  readonly quarantined?: readonly string[];
  readonly review_id?: string;
  /** The newest MCP revision the upstream spoke when it was pinned. */
  readonly protocol_version?: string;
  readonly last_probe?: LastProbe;
}

/** A named bundle of tools, and to whom it is assigned. */
export interface ToolsetRecord extends Stored {
  readonly name: string;
  readonly description?: string;
  /** `server` is a server id. */
  readonly tools: readonly { readonly server: string; readonly tool: string }[];
  readonly assigned_to: readonly { readonly kind: 'key' | 'team' | 'org' | 'user' | 'agent'; readonly id: string }[];
}
