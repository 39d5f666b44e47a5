import type { AuthSettings, AuthType, Credentials } from '../../../contract/auth.ts';
import type { ServerRecord } from '../records.ts';
import type { Refusal } from '../refusal.ts';
import type { Result } from '../result.ts';
import { apiKey } from './api-key.ts';
import { basic } from './basic.ts';
import { bearerToken } from './bearer-token.ts';
import { credentialFault } from './check.ts';
import { type CallerHeader, type Equipment, type Equipped, equipIn } from './equip.ts';
import { type HeaderSettings, headerFault } from './headers.ts';
import type { Mode, StoredCredential } from './mode.ts';
import { none } from './none.ts';

export type { CallerHeader, Equipment, StoredCredential };

/** Every `auth_type` with its mode; `undefined` for the flows a later version brings, which equip nothing until then. */
const modes: Readonly<Record<AuthType, Mode | undefined>> = {
  none,
  api_key: apiKey,
  bearer_token: bearerToken,
  basic,
  oauth2: undefined,
  oauth2_token_exchange: undefined,
  delegate_auth_to_upstream: undefined,
};

/**
 * The headers for a call to a server: the mode's over the static ones over the caller's forwarded ones. A caller's own
 * credential (`x-mcp-{alias}-authorization`) takes the place of the stored one where the server allows it. A credential
 * goes to the origin it was stored for, or nowhere: 502 `upstream_auth_failed`, nothing is sent.
 */
export const equip = (
  server: Equipped,
  credential: StoredCredential | undefined,
  caller: CallerHeader,
): Result<Equipment, Refusal> => equipIn(modes[server.auth_type], server, credential, caller);

/** The first header name of a server's settings that it may not have: 400 that names the field. */
export const checkHeaders = (server: HeaderSettings & Pick<ServerRecord, 'auth_type'>): Refusal | undefined =>
  headerFault(server, modes[server.auth_type]?.header(server.auth));

/**
 * The first field of a credential or of `auth` that does not fit the auth mode, or that a static header names in vain: 400
 * that names it. No credential at all is no fault: the server is then kept, inactive.
 */
export const checkCredentials = (
  authType: AuthType,
  auth: AuthSettings,
  credentials: Credentials | undefined,
  staticHeaders: Readonly<Record<string, string>>,
): Refusal | undefined => credentialFault(modes[authType], authType, auth, credentials, staticHeaders);
