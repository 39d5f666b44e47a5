import type { ServerRecord } from '../../domain/records.ts';
import type { Change } from '../../ports/table.ts';
import { takePlace } from '../places.ts';

/**
 * A server takes a place of its org's tier when it becomes active and frees it when it stops to be; undefined stands for
 * a server that is not there.
 */
export async function placeChanges(
  acting: Parameters<typeof takePlace>[0],
  orgId: string,
  before: Pick<ServerRecord, 'status'> | undefined,
  after: Pick<ServerRecord, 'status'> | undefined,
): Promise<readonly Change[]> {
  const was = before?.status === 'active';
  const is = after?.status === 'active';
  if (was === is) return [];
  if (was) return [{ do: 'free_place', what: 'server', org_id: orgId }];
  return [await takePlace(acting, orgId, 'server')];
}
