import type { Callable } from '../domain/access.ts';
import type { ToolDefinition } from '../domain/definition.ts';
import { priceOf, toUsd } from '../domain/money.ts';
import { invalid, type Refusal } from '../domain/refusal.ts';
import { ok, type Result } from '../domain/result.ts';
import type { ListedTool } from '../domain/tool-view.ts';
import type { Snapshots } from '../ports/table.ts';
import type { Seal } from '../ports/vault.ts';
import type { Scope } from './resolve.ts';

/** A callable tool with its pinned definition: lists never ask an upstream. */
export interface Listed extends ListedTool {
  readonly callable: Callable;
}

/** Which part of a list is wanted. */
export interface PageOf {
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

export interface ListedPage {
  readonly tools: readonly Listed[];
  readonly nextCursor?: string;
}

/** Most tools of one answer (product §10). */
export const maxListed = 1_000;

/** The tools of a scope, a page at a time, from the snapshots they are pinned in. */
export async function listTools(
  scope: Scope,
  page: PageOf,
  ports: { readonly snapshots: Snapshots; readonly seal: Seal },
): Promise<Result<ListedPage, Refusal>> {
  const bound = `${scope.caller.org_id} ${scope.caller.key_id}`;
  const start = await positionOf(page.cursor, bound, ports.seal);
  if (start === undefined) return invalid('cursor: not a cursor of this list.', 'cursor');
  const rest = start === '' ? scope.tools : scope.tools.filter((one) => sortKey(one) > start);
  const shown = rest.slice(0, page.limit ?? maxListed);
  const tools = await define(shown, scope.caller.org_id, ports.snapshots);
  const last = shown.at(-1);
  if (rest.length === shown.length || !last) return ok({ tools });
  return ok({ tools, nextCursor: await ports.seal.seal('list:tools', bound, sortKey(last)) });
}

/** Where a tool stands in the list: by alias, then by its place in the snapshot. */
const sortKey = ({ server, tool }: Callable): string =>
  `${server.alias} ${String(server.tools.indexOf(tool)).padStart(4, '0')}`;

async function positionOf(cursor: string | undefined, bound: string, seal: Seal): Promise<string | undefined> {
  if (cursor === undefined) return '';
  const opened = await seal.open('list:tools', bound, cursor);
  return typeof opened === 'string' ? opened : undefined;
}

/** The definitions of tools; a tool whose snapshot lacks it is a fault of ours, not an empty place. */
async function define(tools: readonly Callable[], orgId: string, snapshots: Snapshots): Promise<readonly Listed[]> {
  const hashes = [...new Set(tools.map(({ server }) => server.snapshot_hash ?? ''))];
  const indexed = await Promise.all(hashes.map(async (hash) => [hash, await indexOf(orgId, hash, snapshots)] as const));
  const byHash = new Map(indexed);
  return tools.map((callable) => {
    const definition = byHash.get(callable.server.snapshot_hash ?? '')?.get(callable.tool.name);
    if (!definition) throw new Error(`snapshot ${callable.server.snapshot_hash} lacks a pinned tool`);
    const { server, tool } = callable;
    return { callable, server, tool, definition, priceUsd: toUsd(priceOf(server, tool.name)) };
  });
}

const indexes = new WeakMap<object, ReadonlyMap<string, ToolDefinition>>();

async function indexOf(
  orgId: string,
  hash: string,
  snapshots: Snapshots,
): Promise<ReadonlyMap<string, ToolDefinition>> {
  const snapshot = await snapshots.get(orgId, hash);
  if (!snapshot) throw new Error(`snapshot ${hash} is missing`);
  const index = indexes.get(snapshot) ?? new Map(snapshot.tools.map((tool) => [tool.name, tool]));
  indexes.set(snapshot, index);
  return index;
}
