import * as z from 'zod';
import { Deleted, ListOf, PageQuery } from './lists.ts';
import { Description, Id, Label, ToolName, Version } from './names.ts';
import { type Route, route } from './route.ts';

export const AuthType = z.enum([
  'none',
  'api_key',
  'bearer_token',
  'basic',
  'oauth2',
  'oauth2_token_exchange',
  'delegate_auth_to_upstream',
]);
export type AuthType = z.infer<typeof AuthType>;

/** An HTTP field name (RFC 9110 §5.1). */
const HeaderName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/, 'an HTTP field name');
/** A field value: visible ASCII, spaces and tabs inside (RFC 9110 §5.5), so that no line can be broken. */
const HeaderValue = z
  .string()
  .max(4096)
  .regex(/^[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?$/, 'visible ASCII, no line breaks');
/** Micro-dollar precision. */
export const Usd = z.number().nonnegative().max(1e6).multipleOf(0.000001);

/** Public settings of an auth mode; never a secret. */
export const AuthSettings = z.strictObject({
  /** `api_key`: the header that carries the secret; default `x-api-key`. */
  header: HeaderName.exactOptional(),
  /** `api_key`: the header's value with `{secret}` in it once; default `{secret}`. */
  template: z
    .string()
    .max(200)
    .regex(/^[\x20-\x7e]*\{secret\}[\x20-\x7e]*$/, 'visible ASCII with {secret} in it')
    .exactOptional(),
  /** `oauth2` family: read by the flows that a later version brings. */
  registration: z.enum(['discover', 'preregistered', 'dcr', 'approved-clients']).exactOptional(),
  authorization_server: z.url().max(2048).exactOptional(),
  scopes: z.array(z.string().max(200)).max(100).exactOptional(),
});
export type AuthSettings = z.infer<typeof AuthSettings>;

/** Write-only. `secret` for api_key and bearer_token, user name and password for basic, `secrets` for static headers. */
export const Credentials = z.strictObject({
  secret: HeaderValue.exactOptional(),
  username: z
    .string()
    .min(1)
    .max(256)
    .regex(/^[^:\p{Cc}]+$/u, 'no colon, no control characters (RFC 7617 §2)')
    .exactOptional(),
  password: z
    .string()
    .max(4096)
    .regex(/^[^\p{Cc}]*$/u, 'no control characters (RFC 7617 §2)')
    .exactOptional(),
  /** Named secrets that static header values refer to as `{secrets.NAME}`. */
  secrets: z.record(z.string().regex(/^[A-Za-z0-9_]{1,64}$/), HeaderValue).exactOptional(),
});
export type Credentials = z.infer<typeof Credentials>;

export const Cost = z.strictObject({
  default_usd: Usd,
  tools: z.record(ToolName, Usd).exactOptional(),
});
export type Cost = z.infer<typeof Cost>;

const settings = {
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

export const ServerCreate = z.strictObject({
  alias: z.string().max(20),
  url: z.string().max(2048),
  auth_type: AuthType,
  credentials: Credentials.exactOptional(),
  ...settings,
});
export type ServerCreate = z.infer<typeof ServerCreate>;

/** The alias is fixed; a new URL host drops the stored credential. `disabled` takes the server off and puts it back. */
export const ServerPatch = z.strictObject({
  version: Version,
  url: z.string().max(2048).exactOptional(),
  auth_type: AuthType.exactOptional(),
  credentials: Credentials.nullable().exactOptional(),
  disabled: z.boolean().exactOptional(),
  ...settings,
});
export type ServerPatch = z.infer<typeof ServerPatch>;

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
  version: Version.exactOptional(),
  created_at: z.string().exactOptional(),
  updated_at: z.string().exactOptional(),
});
export type ServerView = z.infer<typeof ServerView>;

/** What a live upstream offers against what is pinned. */
export const ServerDiff = z.object({
  server: ServerView,
  changed: z.boolean(),
  snapshot_hash: z.string(),
  added: z.array(z.string()),
  removed: z.array(z.string()),
  modified: z.array(z.object({ name: z.string(), fields: z.array(z.string()) })),
});

export const ProbeRequest = z.strictObject({ url: z.string().max(2048) });
/** What the probe saw at a URL, without any credential. */
export const ProbeReport = z.object({
  url: z.string(),
  reachable: z.boolean(),
  transport: z.literal('streamable-http').exactOptional(),
  protocol_versions: z.array(z.string()),
  auth: z.object({
    required: z.boolean(),
    challenge: z.string().exactOptional(),
    resource_metadata: z.string().exactOptional(),
    authorization_servers: z.array(z.string()).exactOptional(),
  }),
  tools: z.array(z.object({ name: z.string(), description: z.string().exactOptional() })),
  refused_tools: z.array(z.object({ name: z.string(), reason: z.string() })),
  latency_ms: z.number(),
  reason: z.string().exactOptional(),
});
export type ProbeReport = z.infer<typeof ProbeReport>;

export const Health = z.object({
  id: z.string(),
  alias: z.string(),
  status: ServerStatus,
  /** The last probe of the upstream, absent where there was none. */
  last: z
    .object({ ok: z.boolean(), at: z.string(), latency_ms: z.number(), reason: z.string().exactOptional() })
    .exactOptional(),
});

/** A Claude, Cursor or VS Code `mcp.json`: `mcpServers` or `servers`. */
export const ImportRequest = z.strictObject({
  mcpServers: z.record(z.string().max(100), z.record(z.string(), z.unknown())).exactOptional(),
  servers: z.record(z.string().max(100), z.record(z.string(), z.unknown())).exactOptional(),
  inputs: z.array(z.unknown()).exactOptional(),
});
export const ImportAnswer = z.object({
  /** Bodies for `POST /v1/mcp/server`; secrets found in the file are not repeated: `needs` names them. */
  drafts: z.array(z.object({ server: z.record(z.string(), z.unknown()), needs: z.array(z.string()) })),
  refused: z.array(z.object({ name: z.string(), reason: z.string() })),
});

const base = { fn: 'servers', access: 'admin' } as const;
const LiveQuery = z.strictObject({ live: z.enum(['true', 'false']).exactOptional() });

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
export const serverHealth = route({
  ...base,
  method: 'GET',
  path: '/v1/mcp/server/{id}/health',
  summary: 'The last probe of a server; ?live=true probes now.',
  query: LiveQuery,
  answer: Health,
});
export const serversHealth = route({
  ...base,
  method: 'GET',
  path: '/v1/mcp/server/health',
  summary: 'The last probe of every server; ?live=true probes now.',
  query: LiveQuery,
  answer: ListOf(Health),
});
export const testServer = route({
  ...base,
  method: 'POST',
  path: '/v1/mcp/server/test',
  summary: 'Probe a URL before saving it. No stored credential is used.',
  body: ProbeRequest,
  answer: ProbeReport,
});
export const importServers = route({
  ...base,
  method: 'POST',
  path: '/v1/mcp/server/import',
  summary: 'Turn an mcp.json of Claude, Cursor or VS Code into drafts; stdio entries are refused with the reason.',
  body: ImportRequest,
  answer: ImportAnswer,
});

/** A preset of the catalog: where a well-known server lives and how it authenticates. */
export const Preset = z.object({
  id: z.string(),
  name: z.string(),
  category: z.string(),
  url: z.string(),
  auth: z.array(z.object({ auth_type: AuthType, auth: AuthSettings.exactOptional(), get: z.string().exactOptional() })),
  note: z.string(),
  sources: z.array(z.object({ source: z.string(), as_of: z.string(), kind: z.string() })),
});
export type Preset = z.infer<typeof Preset>;
export const listCatalog = route({
  ...base,
  method: 'GET',
  path: '/v1/mcp/catalog',
  access: 'any',
  summary: 'The presets: well-known servers with their URL and auth modes.',
  query: PageQuery,
  answer: ListOf(Preset),
});
/** Overrides on a preset; `auth_type` picks one of its modes (default: the first the gateway can use with what is given). */
export const PresetAdd = ServerCreate.partial();
export type PresetAdd = z.infer<typeof PresetAdd>;
export const addPreset = route({
  ...base,
  method: 'POST',
  path: '/v1/mcp/catalog/{id}',
  summary: 'Add a server from a preset.',
  body: PresetAdd,
  status: 201,
  answer: ServerView,
});

export const serverRoutes: readonly Route[] = [
  createServer,
  listServers,
  getServer,
  patchServer,
  removeServer,
  refreshServer,
  serverHealth,
  serversHealth,
  testServer,
  importServers,
  listCatalog,
  addPreset,
] as Route[];
