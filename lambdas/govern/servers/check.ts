import { Name } from '../../../contract/names.ts';
import type { ServerCreate, ServerPatch } from '../../../contract/servers.ts';
import { checkHeaders } from '../../domain/credentials/index.ts';
import type { ServerRecord } from '../../domain/records.ts';
import { invalid, type Refusal } from '../../domain/refusal.ts';
import { no, ok, type Result } from '../../domain/result.ts';
import { noSuch } from '../record-find.ts';
import type { ServerActing } from './acting.ts';

/**
 * Checks the fields that a write gives by their meaning; their shape was checked by the contract. `next` is the record as
 * it would be. What is not given is not checked, so that no rule made later stands in the way of switching a server off.
 */
export async function checkServer(
  { checkUrl, records }: Pick<ServerActing, 'checkUrl' | 'records'>,
  next: ServerRecord,
  given: Partial<ServerCreate> | ServerPatch,
): Promise<Result<undefined, Refusal>> {
  if (given.url !== undefined) {
    const url = checkUrl(given.url);
    if (!url.ok) return url;
  }
  if (given.auth?.authorization_server !== undefined && !checkUrl(given.auth.authorization_server).ok)
    return invalid('The authorization server is not a URL the gateway may call.', 'auth.authorization_server');
  const group = checkGroups(next);
  if (group) return no(group);
  const header = checkHeaders(next);
  if (header) return no(header);
  if (next.auth_type === 'delegate_auth_to_upstream' && next.has_credential)
    return invalid('A server whose callers bring their own account keeps no credential.', 'credentials');
  if (given.owner_team_id && !(await records.get('team', next.org_id, given.owner_team_id)))
    return noSuch('team', 'owner_team_id');
  return ok(undefined);
}

function checkGroups({ alias, access_groups }: ServerRecord): Refusal | undefined {
  for (const group of access_groups) {
    const name = Name.safeParse(group);
    const why = name.success
      ? group === alias
        ? 'is the alias of the server'
        : undefined
      : name.error.issues[0]?.message;
    if (why !== undefined) return invalid(`Access group ${JSON.stringify(group)}: ${why}.`, 'access_groups').refusal;
  }
  return undefined;
}
