import { canonical } from '../canonical.ts';
import type { Snapshot } from '../definition.ts';
import { isObject } from '../protocol/jsonrpc.ts';
import type { PinnedTool } from '../records.ts';
import { type Refusal, upstream } from '../refusal.ts';
import { ok, type Result } from '../result.ts';
import { bytesOf, type Checked, checkTool } from './tool.ts';

/** Tools of one server: models choose badly among more, and the directory keeps their names in one table item. */
export const maxTools = 256;
/** Bytes of a whole snapshot: three table chunks, and what a function can hold of many servers at once. */
const maxSnapshotBytes = 1024 * 1024;

/** What is kept of an upstream's definitions, and what was refused of them. */
export interface Pinned {
  readonly snapshot: Snapshot;
  readonly tools: readonly PinnedTool[];
  readonly refused: readonly { readonly name: string; readonly reason: string }[];
}

/** A name as it can be shown, whatever the upstream sent. */
function shownName(definition: unknown): string {
  const name = isObject(definition) ? definition['name'] : undefined;
  return typeof name === 'string' ? name.replace(/[^\x20-\x7e]/g, '?').slice(0, 128) : '(no name)';
}

const byName = (a: { readonly name: string }, b: { readonly name: string }) => (a.name < b.name ? -1 : 1);

/**
 * Turns an upstream's definitions into a snapshot in the order of names. A bad tool is left out with its reason; a server
 * over a limit as a whole cannot be approved (TD-12): 502 `upstream_too_large`.
 */
export function pin(read: {
  readonly tools: readonly unknown[];
  readonly instructions?: string;
  readonly server_info?: Readonly<Record<string, unknown>>;
}): Result<Pinned, Refusal> {
  if (read.tools.length > maxTools) {
    return upstream(
      'upstream_too_large',
      `The server offers more than ${maxTools} tools, the most one server may have.`,
    );
  }
  const good = new Map<string, Checked>();
  const refused = new Map<string, string>();
  for (const definition of read.tools) {
    const checked = checkTool(definition);
    const name = checked.ok ? checked.value.pinned.name : shownName(definition);
    if (!checked.ok) refused.set(name, checked.refusal);
    else if (good.has(name)) refused.set(name, 'its name is there twice');
    else good.set(name, checked.value);
  }
  // Of two tools with one name neither can be told to be the right one.
  for (const name of refused.keys()) good.delete(name);
  const tools = [...good.values()].sort((a, b) => byName(a.pinned, b.pinned));
  const snapshot: Snapshot = { ...read, tools: tools.map(({ definition }) => definition) };
  if (bytesOf(canonical(snapshot)) > maxSnapshotBytes) {
    return upstream(
      'upstream_too_large',
      `The definitions are over ${maxSnapshotBytes} bytes, the most one server may have.`,
    );
  }
  return ok({
    snapshot,
    tools: tools.map(({ pinned }) => pinned),
    refused: [...refused].map(([name, reason]) => ({ name, reason })).sort(byName),
  });
}
