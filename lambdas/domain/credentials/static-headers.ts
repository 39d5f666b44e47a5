import type { Credentials } from '../../../contract/auth.ts';
import { no, ok, type Result } from '../result.ts';

const reference = /\{secrets\.([A-Za-z0-9_]+)\}/g;

/** The value of a named secret; a name may be `constructor`. */
const secretOf = ({ secrets = {} }: Credentials, name: string): string | undefined =>
  Object.hasOwn(secrets, name) ? secrets[name] : undefined;

/** The first secret a header value names that is not there. */
export const missingSecret = (value: string, credential: Credentials): string | undefined =>
  [...value.matchAll(reference)]
    .map((match) => match[1] as string)
    .find((name) => secretOf(credential, name) === undefined);

/** Header values with each `{secrets.NAME}` filled in, names in lower case; else the name of the first secret missing. */
export function fillHeaders(
  headers: Readonly<Record<string, string>>,
  credential: Credentials,
): Result<Record<string, string>, string> {
  const filled: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const missing = missingSecret(value, credential);
    if (missing !== undefined) return no(missing);
    filled[name.toLowerCase()] = value.replace(reference, (_, secret) => secretOf(credential, secret) as string);
  }
  return ok(filled);
}
