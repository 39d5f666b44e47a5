import { isFieldValue } from '../protocol/field-names.ts';
import type { ServerRecord } from '../records.ts';
import { invalid, type Refusal, upstream } from '../refusal.ts';
import { ok, type Result } from '../result.ts';
import type { Mode, StoredCredential } from './mode.ts';
import { fillHeaders } from './static-headers.ts';

/** What of a server decides about the headers of a call to it. */
export type Equipped = Pick<
  ServerRecord,
  'alias' | 'url' | 'auth_type' | 'auth' | 'static_headers' | 'extra_headers' | 'allow_caller_credentials'
>;

/** Looks up a header of the caller by its lower-case name. */
export type CallerHeader = (name: string) => string | undefined;

/** The headers of ours for an upstream, under lower-case names, and the strings that must not come back from it. */
export interface Equipment {
  readonly headers: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
}

const failed = (message: string) => upstream('upstream_auth_failed', message);

/** The values of headers that the caller sends along, of those named. */
function taken(names: readonly string[], caller: CallerHeader): Result<Record<string, string>, Refusal> {
  const headers: Record<string, string> = {};
  for (const name of names.map((name) => name.toLowerCase())) {
    const value = caller(name);
    if (value === undefined) continue;
    if (!isFieldValue(value)) return invalid(`The header ${name} has a value that cannot be forwarded.`, name);
    headers[name] = value;
  }
  return ok(headers);
}

/** Headers for a call in one mode; see `equip`. */
export function equipIn(
  mode: Mode | undefined,
  server: Equipped,
  credential: StoredCredential | undefined,
  caller: CallerHeader,
): Result<Equipment, Refusal> {
  if (mode === undefined) return failed(`Servers with auth_type ${server.auth_type} cannot be called yet.`);
  if (credential !== undefined && credential.origin !== new URL(server.url).origin) {
    return failed(`The credential of server ${server.alias} was stored for another origin: store it again.`);
  }
  const ownHeader = `x-mcp-${server.alias}-authorization`;
  const own = taken([ownHeader], caller);
  if (!own.ok) return own;
  const ownValue = own.value[ownHeader];
  if (ownValue !== undefined && !server.allow_caller_credentials) {
    return invalid(`Server ${server.alias} takes no credential from its callers.`, ownHeader);
  }
  const extra = taken(server.extra_headers, caller);
  if (!extra.ok) return extra;
  const fixed = fillHeaders(server.static_headers, credential ?? {});
  if (!fixed.ok) return failed(`Server ${server.alias} needs the secret ${fixed.refusal} for its static_headers.`);
  const named = Object.values(credential?.secrets ?? {});
  const equipment = (header: string | undefined, value: string | undefined, secrets: readonly string[]): Equipment => ({
    headers: {
      ...extra.value,
      ...fixed.value,
      ...(header !== undefined && value !== undefined ? { [header]: value } : {}),
    },
    secrets: [...secrets, ...named].filter((secret) => secret !== ''),
  });
  const header = mode.header(server.auth);
  if (ownValue !== undefined) return ok(equipment(header ?? 'authorization', ownValue, ownSecrets(ownValue)));
  if (header === undefined) return ok(equipment(undefined, undefined, []));
  const shown = mode.show(credential ?? {}, server.auth);
  if (shown !== undefined) return ok(equipment(header, shown.value, shown.secrets));
  return failed(`Server ${server.alias} has no credential: an admin sets its ${mode.needs.join(' and ')}.`);
}

/** A caller's credential as it was sent, and without its scheme: an upstream may echo either. */
const ownSecrets = (value: string): string[] => [value, value.slice(value.indexOf(' ') + 1)];
