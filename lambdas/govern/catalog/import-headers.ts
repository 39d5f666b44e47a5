import type { ServerCreate } from '../../../contract/servers.ts';
import { looksSecret, placeholdersIn } from './import-secrets.ts';

/** The auth part of a draft and what a person must still give; no value that looks like a secret is in it. */
interface AuthGuess {
  readonly server: Pick<ServerCreate, 'auth_type' | 'auth' | 'static_headers'>;
  readonly needs: readonly string[];
}

/** Words before a secret that are safe to repeat: `Bearer`, `Sentry-Bearer`, `Token token=`, `ApiKey`. */
const scheme = /^(?:[a-z]{1,20}-)?(?:bearer|token|api-?key|key) +(?:(?:token|key)=)?/i;

const need = (field: string, value: string): string => {
  const names = placeholdersIn(value);
  return names.length === 0 ? field : `${field} (${names.join(', ')})`;
};

/** Guesses the auth mode from the headers of a configuration file: `Authorization` first, then the first secret-looking header. */
export function guessAuth(headers: Readonly<Record<string, string>>): AuthGuess {
  const entries = Object.entries(headers);
  const secret = entries.filter(([name, value]) => looksSecret(name, value));
  const plain = entries.filter(([name, value]) => !looksSecret(name, value));
  const first = secret.find(([name]) => name.toLowerCase() === 'authorization') ?? secret[0];
  const rest = secret.filter((entry) => entry !== first).map(([name, value]) => ({ name, value, slot: slotOf(name) }));
  const statics = Object.fromEntries([...plain, ...rest.map(({ name, slot }) => [name, `{secrets.${slot}}`])]);
  const mode = first ? modeOf(first[0], first[1]) : { server: { auth_type: 'none' as const }, needs: [] };
  return {
    server: { ...mode.server, ...(Object.keys(statics).length === 0 ? {} : { static_headers: statics }) },
    needs: [...mode.needs, ...rest.map(({ value, slot }) => need(`credentials.secrets.${slot}`, value))],
  };
}

function modeOf(name: string, value: string): AuthGuess {
  const isAuthorization = name.toLowerCase() === 'authorization';
  if (isAuthorization && /^bearer /i.test(value))
    return { server: { auth_type: 'bearer_token' }, needs: [need('credentials.secret', value)] };
  if (isAuthorization && /^basic /i.test(value))
    return {
      server: { auth_type: 'basic' },
      needs: [need('credentials.username', value), need('credentials.password', value)],
    };
  const prefix = scheme.exec(value)?.[0] ?? '';
  return {
    server: { auth_type: 'api_key', auth: { header: name, template: `${prefix}{secret}` } },
    needs: [need('credentials.secret', value)],
  };
}

/** The name of a secret that a static header refers to (`{secrets.NAME}`). */
const slotOf = (header: string): string => header.replace(/[^A-Za-z0-9_]/g, '_').slice(0, 64);
