import type { Snapshot } from '../definition.ts';
import { isRawNumber } from '../protocol/json.ts';
import { isObject } from '../protocol/jsonrpc.ts';
import { diff, differ, offers } from '../snapshot/diff.ts';
import { definitionKinds, placeOf } from './place.ts';
import { excerpt } from './visible.ts';

/** One change as a reviewer reads it, in visible text; without `before` it is new, without `after` it is gone. */
export interface Change {
  /** What changed, as in `tool search: inputSchema/properties/q/enum`. */
  readonly where: string;
  readonly before?: string;
  readonly after?: string;
}

/** Nobody reads more; the last row then says how many there are beyond. */
const maxChanges = 500;
/** Characters of a text: a whole description fits in most cases, of a longer one the part that changed is shown. */
const maxText = 2000;

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => isObject(value) && !isRawNumber(value);
const isListOfObjects = (value: unknown): value is readonly Fields[] => Array.isArray(value) && value.every(isFields);

/** The keys under which two values are compared one by one; undefined: they are shown as wholes. */
function keysOf(before: unknown, after: unknown): readonly string[] | undefined {
  if (isFields(before) && isFields(after)) return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const alike = isListOfObjects(before) && isListOfObjects(after) && before.length === after.length;
  return alike ? Object.keys(before) : undefined;
}

/** A value as text. Text stands for itself unless the other value is of another type: then `"1"` has to differ from `1`. */
function textOf(value: unknown, other: unknown): string {
  const plain = typeof value === 'string' && (other === undefined || typeof other === 'string');
  return plain ? value.replace(/^ | $/g, '[U+0020]') : JSON.stringify(value, null, 1);
}

/** The two texts of a change, cut to where they begin to differ. */
function texts(before: unknown, after: unknown): Omit<Change, 'where'> {
  const [was, is] = [before, after].map((value, at, both) =>
    value === undefined ? undefined : textOf(value, both[1 - at]),
  );
  let same = 0;
  if (was !== undefined && is !== undefined) while (same < was.length && was[same] === is[same]) same++;
  return {
    ...(was === undefined ? {} : { before: excerpt(was, same, maxText) }),
    ...(is === undefined ? {} : { after: excerpt(is, same, maxText) }),
  };
}

function compare(thing: string, path: readonly string[], before: unknown, after: unknown): readonly Change[] {
  if (!differ(before, after)) return [];
  const keys = keysOf(before, after);
  if (keys === undefined) return [{ where: placeOf(thing, path), ...texts(before, after) }];
  return keys.flatMap((key) => compare(thing, [...path, key], (before as Fields)[key], (after as Fields)[key]));
}

const offerOf = (offered: unknown): string => (offered === undefined ? 'not offered' : 'offered');

/**
 * Every change between two snapshots, each by its own path (TD-02), in the order of kinds and names. What `diff` does not
 * call a change is none (TD-03); a new and a vanished definition are shown whole (TD-04).
 */
export function changesBetween(pinned: Snapshot, live: Snapshot): readonly Change[] {
  const drift = diff(pinned, live);
  const changes = [
    ...compare('server', ['instructions'], pinned.instructions, live.instructions),
    ...offers.flatMap((offer) => compare('server', [offer], offerOf(pinned[offer]), offerOf(live[offer]))),
    ...definitionKinds.flatMap(({ list, noun, key }) => {
      const { added, removed, modified } = list === 'tools' ? drift : drift[list];
      const byName = (all: readonly Fields[] = []) => new Map(all.map((one) => [String(one[key]), one]));
      const [before, after] = [byName(pinned[list]), byName(live[list])];
      return [...modified.map(({ name }) => name), ...removed, ...added].flatMap((name) =>
        compare(`${noun} ${name}`, [], before.get(name), after.get(name)),
      );
    }),
  ];
  if (changes.length <= maxChanges) return changes;
  return [...changes.slice(0, maxChanges), { where: `${changes.length - maxChanges} more changes` }];
}
