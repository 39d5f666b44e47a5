import { type PageQuery, pageSize } from '../../contract/lists.ts';
import { invalid, type Refusal } from '../domain/refusal.ts';
import { ok, type Result } from '../domain/result.ts';
import type { Page } from '../ports/table.ts';
import type { AdminActing } from './admin-acting.ts';

/** A page of a list as the contract answers it. */
export interface Listed<T> {
  readonly object: 'list';
  readonly data: readonly T[];
  readonly next_cursor?: string;
}

/** One page: `read` gets what the store wants, the cursor is sealed for this list (`list:{noun}`) and the caller's org. */
export async function pageOf<R, V>(
  { caller, seal }: Pick<AdminActing, 'caller' | 'seal'>,
  noun: string,
  { cursor, limit = pageSize.default }: PageQuery,
  read: (page: { limit: number; after?: string }) => Promise<Page<R>>,
  view: (row: R) => V,
): Promise<Result<Listed<V>, Refusal>> {
  const purpose = `list:${noun}`;
  const after = cursor === undefined ? undefined : await seal.open(purpose, caller.org_id, cursor);
  if (cursor !== undefined && typeof after !== 'string')
    return invalid('The cursor is not one of this list.', 'cursor');
  const { rows, next } = await read({ limit, ...(typeof after === 'string' ? { after } : {}) });
  const end = next === undefined ? {} : { next_cursor: await seal.seal(purpose, caller.org_id, next) };
  return ok({ object: 'list', data: rows.map(view), ...end });
}
