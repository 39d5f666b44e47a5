import type { PageQuery } from '../../../contract/lists.ts';
import { Name } from '../../../contract/names.ts';
import type { ToolsetCreate, ToolsetPatch } from '../../../contract/toolsets.ts';
import type { ToolsetRecord } from '../../domain/records.ts';
import { invalid, type Refusal } from '../../domain/refusal.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { AdminActing } from '../admin-acting.ts';
import { auditRows } from '../audit.ts';
import { namesOf } from '../grants.ts';
import { type Listed, pageOf } from '../page.ts';
import { findRecord, refusalOf, stale } from '../record-find.ts';
import { created, replaced } from '../record-write.ts';
import { assignmentChanges, distinct, storeTools, type ToolsetView, toolsetView } from './fields.ts';

const assignee = () => 'assigned_to';

/** Makes a toolset and takes its name in the org's one namespace. */
export async function createToolset(acting: AdminActing, body: ToolsetCreate): Promise<Result<ToolsetView, Refusal>> {
  const { caller, records, secrets, now } = acting;
  const name = Name.safeParse(body.name);
  if (!name.success) return invalid(`name: ${name.error.issues[0]?.message}.`, 'name');
  const names = await namesOf(acting);
  const tools = storeTools(body.tools, names.servers);
  if (!tools.ok) return tools;
  const assigned_to = distinct(body.assigned_to ?? []);
  const requires = await assignmentChanges(acting, assigned_to);
  if (!requires.ok) return requires;
  const id = `ts_${secrets.random(12)}`;
  const fields = { ...body, id, org_id: caller.org_id, tools: tools.value, assigned_to };
  const record = created<ToolsetRecord>(fields, now);
  const view = toolsetView(record, names);
  const met = await records.commit(auditRows(acting, 'toolset.create', record, null, view), [
    { do: 'create', kind: 'toolset', record },
    { do: 'take_name', org_id: record.org_id, name: record.name, holder: { kind: 'toolset', id } },
    ...requires.value,
  ]);
  return met ? refusalOf(met, assignee) : ok(view);
}

/** A page of the org's toolsets. */
export async function listToolsets(
  acting: AdminActing,
  query: PageQuery,
): Promise<Result<Listed<ToolsetView>, Refusal>> {
  const names = await namesOf(acting);
  return pageOf(
    acting,
    'toolsets',
    query,
    (page) => acting.records.list('toolset', acting.caller.org_id, page),
    (toolset) => toolsetView(toolset, names),
  );
}

/** One toolset. */
export async function getToolset(acting: AdminActing, id: string): Promise<Result<ToolsetView, Refusal>> {
  const found = await findRecord(acting.records, 'toolset', acting.caller.org_id, id);
  return found.ok ? ok(toolsetView(found.value, await namesOf(acting))) : found;
}

/** Changes a toolset; its name is for life. */
export async function patchToolset(
  acting: AdminActing,
  id: string,
  { version, ...patch }: ToolsetPatch,
): Promise<Result<ToolsetView, Refusal>> {
  const found = await findRecord(acting.records, 'toolset', acting.caller.org_id, id);
  if (!found.ok) return found;
  const before = found.value;
  if (version !== before.version) return stale('toolset', before.version);
  const names = await namesOf(acting);
  const tools = patch.tools === undefined ? ok(undefined) : storeTools(patch.tools, names.servers);
  if (!tools.ok) return tools;
  const assigned_to = patch.assigned_to && distinct(patch.assigned_to);
  const requires = await assignmentChanges(acting, assigned_to ?? []);
  if (!requires.ok) return requires;
  const after = replaced(before, { ...patch, tools: tools.value, assigned_to }, acting.now);
  const view = toolsetView(after, names);
  const met = await acting.records.commit(
    auditRows(acting, 'toolset.update', after, toolsetView(before, names), view),
    [{ do: 'replace', kind: 'toolset', record: after, was: before.version }, ...requires.value],
  );
  return met ? refusalOf(met, assignee) : ok(view);
}

/** Deletes a toolset and releases its name; grants that name it grant nothing by it, also when the name is used again. */
export async function removeToolset(
  acting: AdminActing,
  id: string,
): Promise<Result<{ readonly id: string; readonly deleted: true }, Refusal>> {
  const found = await findRecord(acting.records, 'toolset', acting.caller.org_id, id);
  if (!found.ok) return found;
  const { org_id, name, version } = found.value;
  const before = toolsetView(found.value, await namesOf(acting));
  const met = await acting.records.commit(auditRows(acting, 'toolset.delete', found.value, before, null), [
    { do: 'remove', kind: 'toolset', org_id, id, was: version },
    { do: 'release_name', org_id, name, holder: { kind: 'toolset', id } },
  ]);
  return met ? refusalOf(met) : ok({ id, deleted: true });
}
