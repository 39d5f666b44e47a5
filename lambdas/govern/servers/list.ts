import type { PageQuery } from '../../../contract/lists.ts';
import type { ServerView } from '../../../contract/servers.ts';
import { accessOf } from '../../domain/access.ts';
import { notFound, type Refusal } from '../../domain/refusal.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { Page, Records, Worlds } from '../../ports/table.ts';
import type { Seal } from '../../ports/vault.ts';
import type { Acting } from '../acting.ts';
import { type Listed, pageOf } from '../page.ts';
import { findServer } from './find.ts';
import { adminView, memberView } from './view.ts';

type Reading = Acting & { readonly records: Records; readonly worlds: Worlds; readonly seal: Seal };

/** One server: all of it for an admin; for a member what it may call there, or 404. */
export async function getServer(acting: Reading, reference: string): Promise<Result<ServerView, Refusal>> {
  if (acting.caller.role === 'member') {
    const own = (await ownServers(acting)).find(({ id, alias }) => id === reference || alias === reference);
    return own ? ok(own) : notFound('This server');
  }
  const found = await findServer(acting.records, acting.caller.org_id, reference);
  return found.ok ? ok(adminView(found.value)) : found;
}

/** The org's servers for an admin; for a member those with a tool it may call. */
export async function listServers(acting: Reading, query: PageQuery): Promise<Result<Listed<ServerView>, Refusal>> {
  const { caller, records } = acting;
  if (caller.role === 'member')
    return pageOf(acting, 'servers:own', query, rowsOf(await ownServers(acting)), (own) => own);
  return pageOf(acting, 'servers', query, (page) => records.list('server', caller.org_id, page), adminView);
}

/** Pages, by id, of rows that are all in memory; a row that is gone between two pages shifts none. */
export const rowsOf =
  <T extends { readonly id: string }>(all: readonly T[]) =>
  async ({ limit, after = '' }: { limit: number; after?: string }): Promise<Page<T>> => {
    const left = all.filter(({ id }) => id > after).sort((a, b) => (a.id < b.id ? -1 : 1));
    const rows = left.slice(0, limit);
    const last = rows.at(-1);
    return last && rows.length < left.length ? { rows, next: last.id } : { rows };
  };

async function ownServers({ worlds, caller, now }: Reading): Promise<readonly ServerView[]> {
  const byServer = Map.groupBy(accessOf(await worlds.load(caller), now).tools(), ({ server }) => server);
  return [...byServer].map(([server, callable]) =>
    memberView(
      server,
      callable.map(({ tool }) => tool.name),
    ),
  );
}
