import { isObject } from '../protocol/jsonrpc.ts';
import type { Result } from '../result.ts';

/** A definition that was left out, under the name it can be shown with. */
export interface Left {
  readonly name: string;
  readonly reason: string;
}

/** A name as it can be shown, whatever the upstream sent. */
const shown = (name: unknown): string =>
  typeof name === 'string' ? name.replace(/[^\x20-\x7e]/g, '?').slice(0, 128) : '(no name)';

/**
 * Parts the good definitions of a list from the bad ones, each in the order of the names that stand in field `key`. Of two
 * with one name neither can be told to be the right one.
 */
export function sift<T>(
  definitions: readonly unknown[],
  key: string,
  check: (definition: unknown) => Result<T, string>,
): { readonly kept: readonly T[]; readonly left: readonly Left[] } {
  const nameOf = (definition: unknown) => (isObject(definition) ? definition[key] : undefined);
  const uses = new Map<unknown, number>();
  for (const name of definitions.map(nameOf)) uses.set(name, (uses.get(name) ?? 0) + 1);
  const good = new Map<string, T>();
  const bad = new Map<string, string>();
  for (const definition of definitions) {
    const checked = check(definition);
    const name = nameOf(definition);
    if (!checked.ok) bad.set(shown(name), checked.refusal);
    else if (uses.get(name) === 1) good.set(String(name), checked.value);
    else if (!bad.has(shown(name))) bad.set(shown(name), `its ${key} is there twice`);
  }
  return {
    kept: [...good].sort(byName).map(([, value]) => value),
    left: [...bad].sort(byName).map(([name, reason]) => ({ name, reason })),
  };
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);
