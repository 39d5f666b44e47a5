import type { PageQuery } from '../../contract/lists.ts';
import type { AuditEntry } from '../domain/audit.ts';
import type { Kind } from '../domain/kinds.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Result } from '../domain/result.ts';
import { type Acting, auditOf } from './acting.ts';
import type { AdminActing } from './admin-acting.ts';
import { type Listed, pageOf } from './page.ts';

/**
 * The rows of one change, `team.create` and the like; `before` and `after` are views. What an operator does to another
 * org stands in both orgs' audits.
 */
export function auditRows(
  acting: Acting & Pick<AdminActing, 'secrets'>,
  action: `${Kind}.${string}`,
  { id, org_id }: { readonly id: string; readonly org_id: string },
  before: object | null,
  after: object | null,
): readonly AuditEntry[] {
  const [kind = ''] = action.split('.');
  return [...new Set([acting.caller.org_id, org_id])].map((org) => ({
    ...auditOf(acting, action, kind, id, before, after, `aud_${acting.secrets.random(12)}`),
    org_id: org,
  }));
}

/** The changes of the caller's org, newest first. */
export const listAudit = (
  acting: AdminActing,
  query: PageQuery,
): Promise<Result<Listed<Omit<AuditEntry, 'org_id'>>, Refusal>> =>
  pageOf(
    acting,
    'audit',
    query,
    (page) => acting.records.audit(acting.caller.org_id, page),
    ({ org_id: _, ...row }) => row,
  );
