import type { AuditEntry } from '../domain/audit.ts';
import type { Caller } from '../domain/caller.ts';

/** Who does an admin act, in which request, at what moment (milliseconds); each area adds the ports it needs. */
export interface Acting {
  readonly caller: Caller;
  readonly requestId: string;
  readonly now: number;
}

/** The audit row of one admin act. `before` and `after` are views: never a secret, never a hash of one. */
export const auditOf = (
  { caller, requestId, now }: Acting,
  action: string,
  kind: string,
  id: string,
  before: object | null,
  after: object | null,
  auditId: string,
): AuditEntry => ({
  id: auditId,
  org_id: caller.org_id,
  at: new Date(now).toISOString(),
  actor: {
    key_id: caller.key_id,
    role: caller.role,
    ...(caller.user_id === undefined ? {} : { user_id: caller.user_id }),
  },
  action,
  target: { kind, id },
  before: before as AuditEntry['before'],
  after: after as AuditEntry['after'],
  request_id: requestId,
});
