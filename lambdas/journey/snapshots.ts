import type { Snapshot } from '../domain/definition.ts';
import type { ServerRecord } from '../domain/records.ts';
import type { Snapshots } from '../ports/table.ts';

/** The pinned definitions of servers. */
export interface Pinned {
  readonly of: ReadonlyMap<ServerRecord, Snapshot>;
  /** Aliases of those whose snapshot cannot be found: they lose their own entries and nobody else's. */
  readonly partial: readonly string[];
}

/** The pinned snapshot of a server. A store that cannot answer throws. */
export const pinnedOf = async (
  { org_id, snapshot_hash }: ServerRecord,
  snapshots: Snapshots,
): Promise<Snapshot | undefined> => (snapshot_hash === undefined ? undefined : snapshots.get(org_id, snapshot_hash));

/** The pinned snapshots of servers, read at once. A store that cannot answer throws. */
export async function readPinned(servers: readonly ServerRecord[], snapshots: Snapshots): Promise<Pinned> {
  const read = await Promise.all(servers.map(async (server) => [server, await pinnedOf(server, snapshots)] as const));
  const of = new Map(read.flatMap(([server, snapshot]) => (snapshot ? [[server, snapshot] as const] : [])));
  return { of, partial: servers.filter((server) => !of.has(server)).map(({ alias }) => alias) };
}
