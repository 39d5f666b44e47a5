import { Id } from '../../contract/names.ts';
import type { ServerRecord } from '../domain/records.ts';
import { conflict, invalid, notFound, type Refusal } from '../domain/refusal.ts';
import { type No, ok, type Result } from '../domain/result.ts';
import type { Change, CommitConflict, Records } from '../ports.ts';

/** A server of the org by its id or its alias; 404 in the same words for what does not exist and what is another org's. */
export async function findServer(
  records: Pick<Records, 'get' | 'directory'>,
  orgId: string,
  reference: string,
): Promise<Result<ServerRecord, Refusal>> {
  if (!Id.safeParse(reference).success) return notFound('This server');
  // No alias has an underscore, every id has one.
  const found = reference.includes('_')
    ? await records.get('server', orgId, reference)
    : (await records.directory(orgId)).servers.find(({ alias }) => alias === reference);
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

/** 409 for a write that was based on an older version; the current one is in the details. */
export const stale = (version: unknown): No<Refusal> =>
  conflict('The server has changed meanwhile; read it again.', version === undefined ? {} : { version });

/** What the caller is told when a commit did nothing. */
export function refusalOf({ change, met }: CommitConflict): No<Refusal> {
  if (change.do === 'take_name') return conflict(`The name ${change.name} is taken.`, { name: change.name });
  if (change.do === 'require') return noOwner();
  return stale(met?.['version']);
}

/** 400: the team that should own a server is not in this org. */
export const noOwner = (): No<Refusal> => invalid('There is no such team.', 'owner_team_id');
