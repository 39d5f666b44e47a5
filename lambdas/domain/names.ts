/** A tool by the alias of its server and the name the server gives it. */
export interface NamedTool {
  readonly alias: string;
  readonly tool: string;
}

/** `{alias}.{tool}`, the name everywhere in the gateway's own API. */
export const fullName = ({ alias, tool }: NamedTool): string => `${alias}.${tool}`;

/** Splits a full name at its first dot: an alias has none, a tool may. `undefined` where a part is missing. */
export function splitFullName(name: string): NamedTool | undefined {
  const dot = name.indexOf('.');
  if (dot < 1 || dot === name.length - 1) return undefined;
  return { alias: name.slice(0, dot), tool: name.slice(dot + 1) };
}

/** Most characters of a name that had to be cut: server and tool together stay under the tightest client's 60. */
export const mcpNameLimit = 48;
/** Most characters of a function name toward a model (OpenAI). */
export const modelNameLimit = 64;

/** FNV-1a, 32 bits, as 7 base-36 digits: tells names apart in a list; clashes are handled, so it need not be strong. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(36).padStart(7, '0');
}

interface Wanted<T> {
  readonly of: T;
  /** The name before it is cut. */
  readonly plain: string;
  /** Nothing was replaced in it and it fits: it says exactly which tool it is. */
  readonly exact: boolean;
}

/** A name cut to `limit` with a hash of the full name at its end; `turn` makes the next one where that is taken. */
function hashed({ of, plain }: Wanted<NamedTool>, limit: number, hash: (text: string) => string, turn: number): string {
  const suffix = `_${hash(fullName(of))}${turn === 0 ? '' : turn}`;
  return plain.slice(0, limit - suffix.length) + suffix;
}

/**
 * Names of tools toward clients that want `^[A-Za-z0-9_-]+$`: the tool's own, or `{alias}__{tool}` when `prefixed`. Other
 * characters become `_`; a name that is then too long, or the same as another's, gets a hash at its end. The result maps
 * each name back to its tool; it is the same for any order of `tools` (TD-07).
 */
export function exposeNames<T extends NamedTool>(
  tools: readonly T[],
  { prefixed, limit, hash = fingerprint }: { prefixed: boolean; limit: number; hash?: (text: string) => string },
): ReadonlyMap<string, T> {
  // A server's own good name is kept up to what models take.
  const longest = prefixed ? limit : modelNameLimit;
  const wanted = tools.map((of): Wanted<T> => {
    const name = prefixed ? `${of.alias}__${of.tool}` : of.tool;
    const plain = name.replace(/[^A-Za-z0-9_-]/g, '_');
    return { of, plain, exact: plain === name && plain.length <= longest };
  });
  const claims = new Map<string, number>();
  for (const { plain } of wanted) claims.set(plain, (claims.get(plain) ?? 0) + 1);
  // Exact names first, so that no other tool can take one.
  wanted.sort((a, b) => Number(b.exact) - Number(a.exact) || (fullName(a.of) < fullName(b.of) ? -1 : 1));
  const exposed = new Map<string, T>();
  for (const item of wanted) {
    const good = item.exact || (item.plain.length <= limit && claims.get(item.plain) === 1);
    let name = good ? item.plain : hashed(item, limit, hash, 0);
    for (let turn = 1; exposed.has(name); turn++) name = hashed(item, limit, hash, turn);
    exposed.set(name, item.of);
  }
  return exposed;
}
