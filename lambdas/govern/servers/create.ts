import { Name } from '../../../contract/names.ts';
import type { ServerCreate, ServerView } from '../../../contract/servers.ts';
import { checkCredentials } from '../../domain/credentials/index.ts';
import type { ServerRecord } from '../../domain/records.ts';
import { invalid, type Refusal } from '../../domain/refusal.ts';
import { no, ok, type Result } from '../../domain/result.ts';
import type { StoredCredential } from '../../ports/vault.ts';
import { auditOf } from '../acting.ts';
import { commitPlaced } from '../places.ts';
import { refusalOf } from '../record-find.ts';
import { created } from '../record-write.ts';
import type { ServerActing } from './acting.ts';
import { checkServer } from './check.ts';
import { groupChanges, ownerChange } from './find.ts';
import { pinLive } from './live.ts';
import { placeChanges } from './place.ts';
import { settled, withLive } from './state.ts';
import { adminView } from './view.ts';

/**
 * Adds a server: its credential is stored, its definitions are read and pinned, then server, names and audit row are
 * written in one commit. What cannot be read is saved `inactive` with the reason; an active server takes a place of the
 * org's tier, or is refused.
 */
export async function createServer(acting: ServerActing, body: ServerCreate): Promise<Result<ServerView, Refusal>> {
  const alias = Name.safeParse(body.alias);
  if (!alias.success) return invalid(`alias: ${alias.error.issues[0]?.message}.`, 'alias');
  const draft = draftOf(acting, body);
  const checked = await checkServer(acting, draft, body);
  if (!checked.ok) return checked;
  const { auth_type, auth, static_headers } = draft;
  const fault = checkCredentials(auth_type, auth, body.credentials, static_headers);
  if (fault) return no(fault);
  const credential: StoredCredential | undefined = body.credentials && {
    origin: new URL(draft.url).origin,
    ...body.credentials,
  };
  if (credential) await acting.vault.write(draft, credential);
  const { live, probe } = await pinLive(acting, draft, credential);
  const server = settled({ ...withLive(draft, live), last_probe: probe }, false);
  const met = await commitPlaced(
    acting,
    [
      auditOf(
        acting,
        'server.create',
        'server',
        server.id,
        null,
        adminView(server),
        `aud_${acting.secrets.random(12)}`,
      ),
    ],
    [
      { do: 'create', kind: 'server', record: server },
      { do: 'take_name', org_id: server.org_id, name: server.alias, holder: { kind: 'server', id: server.id } },
      ...groupChanges('take_name', server, server.access_groups),
      ...ownerChange(server),
      ...(await placeChanges(acting, server.org_id, undefined, server)),
    ],
  );
  if (!met) return ok(adminView(server));
  // Nothing of the server exists, and its id is used once: nobody else can have written this secret.
  if (credential) await acting.vault.remove(server);
  return refusalOf(met, () => 'owner_team_id');
}

/** The record before anything is known of its definitions; a `null` of the body leaves its field out. */
export function draftOf(
  { caller, now, secrets }: Pick<ServerActing, 'caller' | 'now' | 'secrets'>,
  body: ServerCreate,
): ServerRecord {
  const { credentials, ...given } = body;
  const fields = {
    auth: {},
    static_headers: {},
    extra_headers: [],
    disallowed_tools: [],
    allow_caller_credentials: false,
    ...given,
    access_groups: [...new Set(given.access_groups)],
    id: `srv_${secrets.random(12)}`,
    org_id: caller.org_id,
    has_credential: credentials !== undefined,
    status: 'inactive',
    tools: [],
    refused_tools: [],
  };
  return created(fields as unknown as ServerRecord, now);
}
