import type { McpEntry, ToolFilter } from '../../../contract/chat.ts';
import type { ListedTool } from '../tool-view.ts';

/** The ways to write a tool's name in an entry: its own, and with its server's alias in front. */
const spellings = ({ server: { alias }, tool: { name } }: ListedTool): readonly string[] => [
  name,
  `${alias}.${name}`,
  `${alias}__${name}`,
];

/** Whether a filter means a tool: its name is listed and its hint is as asked for; an empty filter means every tool. */
function means({ tool_names, read_only }: ToolFilter, listed: ListedTool): boolean {
  if (tool_names && !spellings(listed).some((name) => tool_names.includes(name))) return false;
  return read_only === undefined || (listed.definition.annotations?.['readOnlyHint'] === true) === read_only;
}

/** Whether an entry's `allowed_tools` leaves a tool in; names that are nobody's are ignored. */
export function isAllowed({ allowed_tools: allowed }: McpEntry, listed: ListedTool): boolean {
  if (!allowed) return true;
  return means(Array.isArray(allowed) ? { tool_names: allowed } : (allowed as ToolFilter), listed);
}

/**
 * Whether a call of a tool waits for the caller's approval. A tool on both lists waits; one on neither waits where there
 * is a list of tools that do not.
 */
export function needsApproval({ require_approval: rule }: McpEntry, listed: ListedTool): boolean {
  if (!rule || typeof rule === 'string') return rule === 'always';
  const { always, never } = rule;
  if (always && means(always, listed)) return true;
  return never !== undefined && !means(never, listed);
}
