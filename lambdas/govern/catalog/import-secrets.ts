const telling = /key|token|secret|auth|pass|pwd|cred|cookie|session|sig|jwt|bearer/i;
/** Sixteen or more characters in one run with a digit among them, or thirty-two of any kind. */
const random = /(?=[\w+/=~-]*\d)[\w+/=~-]{16,}|[\w+/=~-]{32,}/;

/** The names behind `${VAR}`, `${VAR:-default}`, `${env:VAR}` and `${input:id}`; defaults may be secrets and are left out. */
export const placeholdersIn = (text: string): readonly string[] =>
  [...text.matchAll(/\$\{(?:env:|input:)?([\w.-]*)[^}]*\}?/g)].map(([, name]) => name || 'unnamed');

/** Whether a named value must not be repeated: by its name, as a placeholder, or because it looks random. */
export const looksSecret = (name: string, value: string): boolean =>
  telling.test(name) || value.includes('${') || random.test(value);

/** Why a URL of a configuration file cannot be taken over: a secret in it would be shown to every admin. Undefined: it can. */
export function secretInUrl(url: URL): string | undefined {
  if (url.username || url.password) return 'its URL carries a user name or password; give them as credentials (basic)';
  for (const [name, value] of url.searchParams)
    if (looksSecret(name, value)) return `its URL carries what looks like a secret in ?${name}; use a header for it`;
  if (url.pathname.split('/').some((segment) => random.test(segment)))
    return 'its URL carries what looks like a secret in its path; if it is none, add the server by hand';
  return undefined;
}
