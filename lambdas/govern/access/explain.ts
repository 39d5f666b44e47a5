import type { Explain } from '../../../contract/access.ts';
import type { Caller } from '../../domain/caller.ts';
import { explain } from '../../domain/cascade/explain.ts';
import { splitFullName } from '../../domain/names.ts';
import { notFound, type Refusal, unauthorized } from '../../domain/refusal.ts';
import { ok, type Result } from '../../domain/result.ts';
import { findServer, loadWorld } from '../../journey/resolve.ts';
import type { AdminActing } from '../admin-acting.ts';
import { knownTo } from '../grants.ts';
import { bindingsIn } from '../keys/rights.ts';
import { findRecord } from '../record-find.ts';

/**
 * Why a key may or may not call `{alias}.{tool}`: a member asks for its own key, an admin for any of the org. A name that
 * is none is explained as well. To a member, a server that is not active does not exist, as at a call.
 */
export async function explainTool(
  acting: Pick<AdminActing, 'caller' | 'records' | 'worlds' | 'now'>,
  { tool, key_id = acting.caller.key_id }: { readonly tool: string; readonly key_id?: string },
): Promise<Result<Explain, Refusal>> {
  const { caller, worlds, now } = acting;
  const subject = await subjectOf(acting, key_id);
  if (!subject.ok) return subject;
  const world = await loadWorld(subject.value, worlds);
  if (!world) return unauthorized();
  const parts = splitFullName(tool);
  const server = parts && findServer({ ...world, ...knownTo(caller, world) }, parts.alias);
  return ok(explain(world, { name: tool, server, tool: parts?.tool ?? tool }, now));
}

/** The key that is asked about, as a caller. */
async function subjectOf(
  { caller, records }: Pick<AdminActing, 'caller' | 'records'>,
  keyId: string,
): Promise<Result<Caller, Refusal>> {
  if (keyId === caller.key_id) return ok(caller);
  if (caller.role === 'member') return notFound('This key');
  const found = await findRecord(records, 'key', caller.org_id, keyId);
  if (!found.ok) return found;
  const { id, org_id, role, lineage } = found.value;
  return ok({ key_id: id, org_id, role, lineage, tier: caller.tier, ...bindingsIn(found.value) });
}
