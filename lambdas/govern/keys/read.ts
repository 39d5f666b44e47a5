import { type PageQuery, pageSize } from '../../../contract/lists.ts';
import type { KeyRecord } from '../../domain/records.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { Page } from '../../ports/table.ts';
import type { AdminActing } from '../admin-acting.ts';
import { namesOf } from '../grants.ts';
import { type Listed, pageOf } from '../page.ts';
import { rowsOf } from '../servers/list.ts';
import { findKey, maySee } from './rights.ts';
import { type KeyView, keyView } from './view.ts';

/** One key that the caller may know of. */
export async function getKey(acting: AdminActing, id: string): Promise<Result<KeyView, Refusal>> {
  const found = await findKey(acting, id);
  return found.ok ? ok(keyView(found.value, await namesOf(acting))) : found;
}

/** The org's keys by age; for a member its own and those that descend from it. */
export async function listKeys(acting: AdminActing, query: PageQuery): Promise<Result<Listed<KeyView>, Refusal>> {
  const { caller, records } = acting;
  const names = await namesOf(acting);
  const [noun, read] =
    caller.role === 'member'
      ? ['keys:own', (page: PageAsked) => ownKeys(acting, page)]
      : ['keys', (page: PageAsked) => records.list('key', caller.org_id, page)];
  return pageOf(acting, noun, query, read, (key) => keyView(key, names));
}

type PageAsked = Parameters<ReturnType<typeof rowsOf>>[0];

/** Reads all keys of the org, which no index knows by minter, and keeps the caller's, by id. */
async function ownKeys({ caller, records }: AdminActing, asked: PageAsked): Promise<Page<KeyRecord>> {
  const own: KeyRecord[] = [];
  let next: string | undefined;
  do {
    const after = next === undefined ? {} : { after: next };
    const page = await records.list('key', caller.org_id, { limit: pageSize.max, ...after });
    own.push(...page.rows.filter((key) => maySee(caller, key)));
    next = page.next;
  } while (next !== undefined);
  return rowsOf(own)(asked);
}
