import type { AuthSettings, AuthType, Credentials } from '../../../contract/auth.ts';
import { invalid, type Refusal } from '../refusal.ts';
import type { Mode } from './mode.ts';
import { missingSecret } from './static-headers.ts';

/** Settings for the flows that have no mode yet; they are kept for them. */
const flowSettings: readonly string[] = ['registration', 'authorization_server', 'scopes'];

/** The first field that does not fit a mode; see `checkCredentials`. */
export function credentialFault(
  mode: Mode | undefined,
  authType: AuthType,
  auth: AuthSettings,
  credentials: Credentials | undefined,
  staticHeaders: Readonly<Record<string, string>>,
): Refusal | undefined {
  const settings: readonly string[] = mode?.settings ?? flowSettings;
  const unread = Object.keys(auth).find((field) => !settings.includes(field));
  if (unread !== undefined) {
    return invalid(`auth.${unread} is not a setting of auth_type ${authType}.`, `auth.${unread}`).refusal;
  }
  const needs: readonly string[] = mode?.needs ?? [];
  const fields = Object.keys(credentials ?? {});
  const untaken = fields.find((field) => field !== 'secrets' && !needs.includes(field));
  if (untaken !== undefined) {
    return invalid(`credentials.${untaken} is not taken by auth_type ${authType}.`, `credentials.${untaken}`).refusal;
  }
  const missing = credentials === undefined ? undefined : needs.find((field) => !fields.includes(field));
  if (missing !== undefined) {
    return invalid(`credentials.${missing} is needed for auth_type ${authType}.`, `credentials.${missing}`).refusal;
  }
  for (const [name, value] of Object.entries(staticHeaders)) {
    const secret = missingSecret(value, credentials ?? {});
    if (secret === undefined) continue;
    return invalid(
      `static_headers.${name} names the secret ${secret}, which is not in credentials.secrets.`,
      `static_headers.${name}`,
    ).refusal;
  }
  return undefined;
}
