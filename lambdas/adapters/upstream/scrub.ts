/** What stands where a secret was. */
const mark = '[secret]';
/** Shorter secrets are left alone: taking every "a" out of an answer protects nothing and breaks it. */
const minLength = 4;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Every string and key of a JSON value without the secrets. Raw numbers are frozen objects without own strings: kept. */
function without(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === 'string') return secrets.reduce((text, secret) => text.replaceAll(secret, mark), value);
  if (Array.isArray(value)) return value.map((item) => without(item, secrets));
  if (!isObject(value) || Object.isFrozen(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [without(key, secrets) as string, without(item, secrets)]),
  );
}

/** A check for one target's secrets: takes them out of a parsed answer whose `text` may contain one (LK-02). */
export function scrubber(secrets: readonly string[]): (value: unknown, text: string) => unknown {
  // The longest first: a secret may contain another.
  const known = secrets.filter((secret) => secret.length >= minLength).sort((a, b) => b.length - a.length);
  const spellings = known.flatMap((secret) => {
    const inJson = JSON.stringify(secret).slice(1, -1);
    return [inJson, inJson.replaceAll('/', '\\/')];
  });
  // ASCII written as \u00xx can spell a secret in too many ways to list.
  const maybe = (text: string): boolean =>
    /\\u00[2-7]/.test(text) || spellings.some((spelling) => text.includes(spelling));
  return (value, text) => (known.length > 0 && maybe(text) ? without(value, known) : value);
}
