type Headers = Readonly<Record<string, readonly string[]>>;

/** Fields of a body that count as headers, under lower-case names. */
const lowered = (fields: Readonly<Record<string, string>>): readonly (readonly [string, string])[] =>
  Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value]);

/**
 * The request's headers with the `x-mcp-*` of `extra_headers`. One that is given both ways and differs has two values
 * then, like a header that is repeated: no credential is taken from it, and names of servers narrow one another.
 */
export function withExtraHeaders(headers: Headers, extra: Readonly<Record<string, string>>): Headers {
  const all: Record<string, readonly string[]> = { ...headers };
  for (const [name, value] of lowered(extra))
    if (name.startsWith('x-mcp-')) all[name] = [...new Set([...(all[name] ?? []), value])];
  return all;
}

/** Headers for calls through one entry of `tools`: its own come before the request's. */
export const withEntryHeaders = (headers: Headers, own: Readonly<Record<string, string>>): Headers => ({
  ...headers,
  ...Object.fromEntries(lowered(own).map(([name, value]) => [name, [value]])),
});
