import { type PageQuery, pageSize } from '../../contract/lists.ts';
import type { ServerView } from '../../contract/servers.ts';
import { accessOf } from '../domain/access.ts';
import { invalid, notFound, type Refusal } from '../domain/refusal.ts';
import { ok, type Result } from '../domain/result.ts';
import type { Records, Seal, Worlds } from '../ports.ts';
import type { Acting } from './acting.ts';
import { adminView, memberView } from './server-view.ts';
import { findServer } from './servers-find.ts';

/** A page of a list as the contract answers it. */
export interface Listed<T> {
  readonly object: 'list';
  readonly data: readonly T[];
  readonly next_cursor?: string;
}
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
  const orgId = acting.caller.org_id;
  if (acting.caller.role === 'member') return listRows(acting, 'list:servers:own', query, await ownServers(acting));
  const after = await openCursor(acting, 'list:servers', query);
  if (!after.ok) return after;
  const page = await acting.records.list('server', orgId, {
    limit: query.limit ?? pageSize.default,
    ...(after.value === undefined ? {} : { after: after.value }),
  });
  return ok(await sealed(acting, 'list:servers', page.rows.map(adminView), page.next));
}

/** A page, by id, of rows that are all in memory; a row that is gone between two pages shifts none. */
export async function listRows<T extends { readonly id: string }>(
  acting: Pick<Reading, 'caller' | 'seal'>,
  purpose: string,
  query: PageQuery,
  rows: readonly T[],
): Promise<Result<Listed<T>, Refusal>> {
  const after = await openCursor(acting, purpose, query);
  if (!after.ok) return after;
  const last = after.value ?? '';
  const left = rows.filter(({ id }) => id > last).sort((a, b) => (a.id < b.id ? -1 : 1));
  const data = left.slice(0, query.limit ?? pageSize.default);
  return ok(await sealed(acting, purpose, data, data.length < left.length ? data.at(-1)?.id : undefined));
}

async function ownServers({ worlds, caller, now }: Reading): Promise<readonly ServerView[]> {
  const byServer = Map.groupBy(accessOf(await worlds.load(caller), now).tools(), ({ server }) => server);
  return [...byServer].map(([server, callable]) =>
    memberView(
      server,
      callable.map(({ tool }) => tool.name),
    ),
  );
}

async function openCursor(
  { seal, caller }: Pick<Reading, 'caller' | 'seal'>,
  purpose: string,
  { cursor }: PageQuery,
): Promise<Result<string | undefined, Refusal>> {
  if (cursor === undefined) return ok(undefined);
  const after = await seal.open(purpose, caller.org_id, cursor);
  return typeof after === 'string' ? ok(after) : invalid('The cursor is not one of this list.', 'cursor');
}

async function sealed<T>(
  { seal, caller }: Pick<Reading, 'caller' | 'seal'>,
  purpose: string,
  data: readonly T[],
  next: string | undefined,
): Promise<Listed<T>> {
  if (next === undefined) return { object: 'list', data };
  return { object: 'list', data, next_cursor: await seal.seal(purpose, caller.org_id, next) };
}
