import type { ServerRecord } from '../records.ts';
import type { Drift } from '../snapshot/diff.ts';

/**
 * The tools that a drift takes out of service: those that changed or came, and those whose live definition can no longer
 * be pinned. A tool that vanished stays: its call says so (TD-04).
 */
export function quarantineOf(
  { tools }: Pick<ServerRecord, 'tools'>,
  { added, modified }: Pick<Drift, 'added' | 'modified'>,
  refused: ServerRecord['refused_tools'],
): readonly string[] {
  const pinned = new Set(tools.map(({ name }) => name));
  const spoiled = refused.filter(({ name }) => pinned.has(name));
  return [...new Set([...added, ...modified.map(({ name }) => name), ...spoiled.map(({ name }) => name)])].sort();
}
