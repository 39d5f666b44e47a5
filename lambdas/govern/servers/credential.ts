import type { ServerPatch } from '../../../contract/servers.ts';
import { checkCredentials } from '../../domain/credentials/index.ts';
import type { ServerRecord } from '../../domain/records.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { no, ok, type Result } from '../../domain/result.ts';
import type { StoredCredential } from '../../ports/vault.ts';
import type { ServerActing } from './acting.ts';

/** What a change makes of a server's credential. */
export interface CredentialChange {
  /** The server as it will be has this one; undefined where it has none, or nothing asks for it. */
  readonly credential: StoredCredential | undefined;
  readonly act: 'keep' | 'write' | 'remove';
}

/** What decides where and how definitions are read: a change of it has them read again. */
const deciding = ['url', 'auth_type', 'auth', 'credentials', 'static_headers'] as const;

/** Whether a change touches where definitions are read or how the gateway proves itself there. */
export const redecides = (patch: ServerPatch): boolean => deciding.some((field) => patch[field] !== undefined);

/** Whether a change touches what an approval binds to beside the definitions: where the server is, and how it is asked. */
export const relocates = ({ url, auth_type, auth }: ServerPatch): boolean =>
  url !== undefined || auth_type !== undefined || auth !== undefined;

/** The act that a change is for the credential; a new origin drops it, also the one that comes with the change. */
export function actOn(server: ServerRecord, patch: ServerPatch, moved: boolean): CredentialChange['act'] {
  if (patch.credentials && !moved) return 'write';
  return server.has_credential && (moved || patch.credentials === null) ? 'remove' : 'keep';
}

/** The credential after a change, checked against the auth mode and static headers of `next`. */
export async function changeCredential(
  { vault }: Pick<ServerActing, 'vault'>,
  next: ServerRecord,
  patch: ServerPatch,
  act: CredentialChange['act'],
  moved: boolean,
): Promise<Result<CredentialChange, Refusal>> {
  if (!redecides(patch)) return ok({ act, credential: undefined });
  const stored = act === 'keep' && next.has_credential ? await vault.read(next, { fresh: true }) : undefined;
  const { origin: _, ...held } = stored ?? { origin: '' };
  const credentials = act === 'write' ? (patch.credentials ?? undefined) : stored && held;
  // After a move there is no credential: static headers that name its secrets keep the server inactive, not unchangeable.
  const fault = checkCredentials(next.auth_type, next.auth, credentials, moved ? {} : next.static_headers);
  if (fault) return no(fault);
  return ok({ act, credential: credentials && { ...credentials, origin: stored?.origin ?? new URL(next.url).origin } });
}
