import type { Callable } from '../domain/access.ts';
import type { Snapshot, ToolDefinition } from '../domain/definition.ts';
import { priceOf, toUsd } from '../domain/money.ts';
import type { Refusal } from '../domain/refusal.ts';
import { ok, type Result } from '../domain/result.ts';
import type { ListedTool } from '../domain/tool-view.ts';
import type { Snapshots } from '../ports/table.ts';
import type { Seal } from '../ports/vault.ts';
import { type PageOf, pageOf, placeKey } from './page.ts';
import type { Scope } from './resolve.ts';
import { readPinned } from './snapshots.ts';

/** A callable tool with its pinned definition: lists never ask an upstream. */
export interface Listed extends ListedTool {
  readonly callable: Callable;
}

/** A part of a list of tools. */
export interface ListedPage {
  readonly tools: readonly Listed[];
  readonly nextCursor?: string;
  /** Aliases of servers whose definitions cannot be found. */
  readonly partial: readonly string[];
}

/** The tools of a scope, a page at a time, from the snapshots they are pinned in. */
export async function listTools(
  scope: Scope,
  page: PageOf,
  ports: { readonly snapshots: Snapshots; readonly seal: Seal },
): Promise<Result<ListedPage, Refusal>> {
  const paged = await pageOf('tools', scope.tools, sortKey, page, scope.caller, ports.seal);
  if (!paged.ok) return paged;
  const { shown, ...next } = paged.value;
  return ok({ ...(await describe(shown, ports.snapshots)), ...next });
}

/** Callable tools with the definitions they are pinned with; those of a server whose snapshot is lost are left out. */
export async function describe(
  callables: readonly Callable[],
  snapshots: Snapshots,
): Promise<Pick<ListedPage, 'tools' | 'partial'>> {
  const pinned = await readPinned([...new Set(callables.map(({ server }) => server))], snapshots);
  const tools = callables.flatMap((callable) => {
    const { server, tool } = callable;
    const snapshot = pinned.of.get(server);
    if (!snapshot) return [];
    const definition = indexOf(snapshot).get(tool.name);
    if (!definition) throw new Error(`snapshot ${server.snapshot_hash} lacks a pinned tool`);
    return [{ callable, server, tool, definition, priceUsd: toUsd(priceOf(server, tool.name)) }];
  });
  return { tools, partial: pinned.partial };
}

/** Where a tool stands in the list: by alias, then by its place in the snapshot. */
const sortKey = ({ server, tool }: Callable): string => placeKey(server.alias, server.tools.indexOf(tool));

const indexes = new WeakMap<Snapshot, ReadonlyMap<string, ToolDefinition>>();

function indexOf(snapshot: Snapshot): ReadonlyMap<string, ToolDefinition> {
  const index = indexes.get(snapshot) ?? new Map(snapshot.tools.map((tool) => [tool.name, tool]));
  indexes.set(snapshot, index);
  return index;
}
