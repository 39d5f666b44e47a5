import * as z from 'zod';
import { Role } from './keys.ts';
import { ListOf, PageQuery } from './lists.ts';
import { Id } from './names.ts';
import { ObjectPermission } from './permission.ts';
import { type Route, route } from './route.ts';

/** The six levels of the cascade in the order they are asked (product §3). */
export const levelNames = ['key', 'team', 'org', 'user', 'agent', 'toolset'] as const;
/** The name of a level. */
export const LevelName = z.enum(levelNames);
export type LevelName = z.infer<typeof LevelName>;

/** Who the key is and what it may call now. */
export const Me = z.object({
  key_id: z.string(),
  org_id: z.string(),
  team_id: z.string().exactOptional(),
  user_id: z.string().exactOptional(),
  agent_id: z.string().exactOptional(),
  role: Role,
  tier: z.string(),
  /** The level of the cascade that decides for this key; null where none has a grant. */
  level: LevelName.nullable(),
  grant: ObjectPermission.nullable(),
  servers: z.array(z.object({ alias: z.string(), tools: z.array(z.string()) })),
  /** The org's tool calls of the day (UTC), and seconds until they begin anew. */
  quota: z.object({ limit: z.number(), used: z.number(), remaining: z.number(), reset_seconds: z.number() }),
  /** The budgets of the key and of what it is bound to; a call must fit in all of them. */
  budgets: z.array(
    z.object({
      holder: z.enum(['key', 'team', 'user', 'agent', 'org', 'server']),
      period: z.enum(['day', 'month', 'total']),
      limit_usd: z.number(),
      used_usd: z.number(),
    }),
  ),
});
export type Me = z.infer<typeof Me>;

/** What `explain` is asked: a full tool name, and the key (the caller's own unless told). */
export const ExplainQuery = z.strictObject({ tool: z.string().max(150), key_id: Id.exactOptional() });
/** Why a key may or may not call a tool. */
export const Explain = z.object({
  tool: z.string(),
  key_id: z.string(),
  allowed: z.boolean(),
  /** The six levels in order: what each said, and which one was the first to speak. */
  levels: z.array(
    z.object({
      level: LevelName,
      said: z.enum(['not bound', 'no opinion', 'allows', 'does not allow', 'not asked']),
      decided: z.boolean(),
      rule: z.string(),
    }),
  ),
  /** The gates in order; a gate can only refuse. */
  gates: z.array(z.object({ gate: z.string(), passed: z.boolean(), rule: z.string() })),
  /** The one rule that decided. */
  decided_by: z.object({ kind: z.enum(['level', 'gate', 'minter', 'none']), name: z.string(), rule: z.string() }),
});
export type Explain = z.infer<typeof Explain>;

/** One admin change: who, what, before and after; never a secret. */
export const AuditRow = z.object({
  id: z.string(),
  at: z.string(),
  actor: z.object({ key_id: z.string(), user_id: z.string().exactOptional(), role: z.string() }),
  action: z.string(),
  target: z.object({ kind: z.string(), id: z.string() }),
  before: z.record(z.string(), z.unknown()).nullable(),
  after: z.record(z.string(), z.unknown()).nullable(),
  request_id: z.string(),
});

export const me = route({
  method: 'GET',
  path: '/v1/me',
  fn: 'admin',
  access: 'any',
  summary: 'Who the key is, what it may call, and what is left of its quota and budgets.',
  answer: Me,
});
export const explain = route({
  method: 'GET',
  path: '/v1/mcp/access/explain',
  fn: 'admin',
  access: 'any',
  summary:
    'Why a key may or may not call a tool: the six levels, the gates, the rule that decided. Members ask for their own key.',
  query: ExplainQuery,
  answer: Explain,
});
export const audit = route({
  method: 'GET',
  path: '/v1/audit',
  fn: 'admin',
  access: 'admin',
  summary: 'Admin changes, newest first, with before and after.',
  query: PageQuery,
  answer: ListOf(AuditRow),
});
export const ready = route({
  method: 'GET',
  path: '/health/ready',
  fn: 'admin',
  access: 'admin',
  summary: 'Whether table and vault answer.',
  answer: z.object({ status: z.enum(['ok', 'degraded']), checks: z.record(z.string(), z.enum(['ok', 'failed'])) }),
});
/** The rows of this file. */
export const accessRoutes: readonly Route[] = [me, explain, audit, ready] as Route[];
