import { canonical } from '../canonical.ts';
import type { Snapshot, ToolDefinition } from '../definition.ts';

/** What a live upstream offers against what is pinned; lists are in the order of names. */
export interface Drift {
  readonly changed: boolean;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Tools in both whose definitions differ, and in which top-level fields. */
  readonly modified: readonly { readonly name: string; readonly fields: readonly string[] }[];
  /** Whether the server's instructions differ. */
  readonly instructions: boolean;
}

const differ = (a: unknown, b: unknown): boolean => canonical(a ?? null) !== canonical(b ?? null);

/** Top-level fields in which two definitions differ, in alphabetical order. */
const fieldsThatDiffer = (a: ToolDefinition, b: ToolDefinition): string[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].sort().filter((field) => differ(a[field], b[field]));

/** Compares two snapshots by meaning: order of keys and tools, white space and spelling of numbers are no drift (TD-03). */
export function diff(pinned: Snapshot, live: Snapshot): Drift {
  const before = new Map(pinned.tools.map((tool) => [tool.name, tool]));
  const after = new Map(live.tools.map((tool) => [tool.name, tool]));
  const added = [...after.keys()].filter((name) => !before.has(name)).sort();
  const kept = [...before.keys()].sort();
  const removed = kept.filter((name) => !after.has(name));
  const modified = kept.flatMap((name) => {
    const now = after.get(name);
    const fields = now === undefined ? [] : fieldsThatDiffer(before.get(name) as ToolDefinition, now);
    return fields.length === 0 ? [] : [{ name, fields }];
  });
  const instructions = differ(pinned.instructions, live.instructions);
  return {
    changed: instructions || added.length + removed.length + modified.length > 0,
    added,
    removed,
    modified,
    instructions,
  };
}
