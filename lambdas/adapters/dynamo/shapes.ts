import type { GatewayEvent } from '../../../contract/events.ts';
import type { AuditEntry } from '../../domain/audit.ts';
import type { Kind, RecordByKind } from '../../domain/kinds.ts';

type Of<T> = T extends string
  ? 'string'
  : T extends number
    ? 'number'
    : T extends boolean
      ? 'boolean'
      : T extends readonly unknown[]
        ? 'array'
        : 'object';
type FieldOf<T> = null extends T ? `${Of<NonNullable<T>>}|null` : Of<NonNullable<T>>;
/** The kind of every field; the compiler holds it against the record's type. A `?` marks a field that may be absent. */
export type Shape<R> = {
  readonly [F in keyof R]-?: Record<never, never> extends Pick<R, F> ? `${FieldOf<R[F]>}?` : FieldOf<R[F]>;
};

const stored = {
  id: 'string',
  org_id: 'string',
  version: 'number',
  created_at: 'string',
  updated_at: 'string',
} as const;
const limits = { max_budget_usd: 'number?', budget_period: 'string?', rpm: 'number?' } as const;
const principal = {
  ...stored,
  ...limits,
  name: 'string',
  object_permission: 'object?',
  disabled: 'boolean',
  deleted_at: 'string?',
} as const;

/** The shape of each kind of record. */
export const shapes: { readonly [K in Kind]: Shape<RecordByKind[K]> } = {
  key: {
    ...stored,
    ...limits,
    name: 'string',
    team_id: 'string?',
    user_id: 'string?',
    agent_id: 'string?',
    role: 'string',
    object_permission: 'object?',
    hmac: 'string',
    pepper: 'string',
    previous: 'object?',
    expires_at: 'string?',
    revoked_at: 'string?',
    lineage: 'array',
    minted_by: 'array?',
  },
  org: { ...principal, tier: 'string', usage_key: 'string?', blocked_servers: 'array', blocked_tools: 'array' },
  team: principal,
  user: { ...principal, email: 'string?' },
  agent: { ...principal, url: 'string', description: 'string?' },
  server: {
    ...stored,
    alias: 'string',
    name: 'string?',
    description: 'string?',
    url: 'string',
    auth_type: 'string',
    auth: 'object',
    has_credential: 'boolean',
    static_headers: 'object',
    extra_headers: 'array',
    access_groups: 'array',
    allowed_tools: 'array?',
    disallowed_tools: 'array',
    cost: 'object?',
    rpm: 'number?',
    timeout_ms: 'number?',
    allow_caller_credentials: 'boolean',
    owner_team_id: 'string?',
    status: 'string',
    status_reason: 'string?',
    snapshot_hash: 'string?',
    tools: 'array',
    refused_tools: 'array',
    refused_offers: 'array?',
    offers: 'object?',
    quarantined: 'array?',
    review_id: 'string?',
    protocol_version: 'string?',
    last_probe: 'object?',
  },
  toolset: { ...stored, name: 'string', description: 'string?', tools: 'array', assigned_to: 'array' },
  submission: {
    ...stored,
    kind: 'string',
    status: 'string',
    status_reason: 'string?',
    revision: 'number',
    submitted_at: 'string',
    server: 'object',
    reason: 'string?',
    teams: 'array',
    submitter: 'object',
    risk: 'object?',
    decision: 'object?',
    activated_at: 'string?',
    concluded: 'number?',
  },
};

/** The shape of an audit row. */
export const auditShape: Shape<AuditEntry> = {
  id: 'string',
  org_id: 'string',
  at: 'string',
  actor: 'object',
  action: 'string',
  target: 'object',
  before: 'object|null',
  after: 'object|null',
  request_id: 'string',
};

/** The shape of a notice. */
export const eventShape: Shape<GatewayEvent> = {
  id: 'string',
  org_id: 'string',
  at: 'string',
  type: 'string',
  subject: 'object',
  facts: 'object',
};

const kindOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : value === undefined ? 'absent' : typeof value;

/** Whether a value has all fields of a shape, each of its kind; other fields are let be, a newer version may have written them. */
export function fits<R>(shape: Shape<R>, value: unknown): value is R {
  if (kindOf(value) !== 'object') return false;
  const fields = Object.entries<string>(shape as Readonly<Record<string, string>>);
  return fields.every(([name, kinds]) => {
    const kind = kindOf((value as Readonly<Record<string, unknown>>)[name]);
    return kinds.endsWith('?') && kind === 'absent' ? true : kinds.replace('?', '').split('|').includes(kind);
  });
}
