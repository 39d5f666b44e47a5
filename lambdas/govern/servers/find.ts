import type { ServerRecord } from '../../domain/records.ts';
import { notFound, type Refusal } from '../../domain/refusal.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { Change, Records } from '../../ports/table.ts';
import { findRecord } from '../record-find.ts';

/** A server of the org by its id or its alias; 404 in the same words for what does not exist and what is another org's. */
export async function findServer(
  records: Pick<Records, 'get' | 'directory'>,
  orgId: string,
  reference: string,
): Promise<Result<ServerRecord, Refusal>> {
  // No alias has an underscore, every id has one.
  if (reference.includes('_')) return findRecord(records, 'server', orgId, reference);
  const found = (await records.directory(orgId)).servers.find(({ alias }) => alias === reference);
  return found ? ok(found) : notFound('This server');
}

/** Takes or releases access groups for a server. */
export const groupChanges = (
  act: 'take_name' | 'release_name',
  { org_id, id }: ServerRecord,
  groups: readonly string[],
): readonly Change[] =>
  groups.map((name) => ({ do: act, org_id, name, holder: { kind: 'access_group' as const, id } }));

/** The owner team must be there when the server is written. */
export const ownerChange = ({ org_id, owner_team_id }: ServerRecord): readonly Change[] =>
  owner_team_id === undefined ? [] : [{ do: 'require', kind: 'team', org_id, id: owner_team_id }];
