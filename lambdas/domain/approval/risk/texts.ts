import type { Snapshot } from '../../definition.ts';
import { isRawNumber } from '../../protocol/json.ts';
import { definitionKinds, placeOf } from '../place.ts';
import { type Folded, fold } from './fold.ts';

/** A text that a model or a person may come to read, and where it stands. */
export interface Text {
  readonly where: string;
  readonly text: string;
  readonly folded: Folded;
}

/** Keys that are plain words say nothing; any other is read like a text. */
const plainKey = /^[\w$.-]{1,40}$/;

function* textsIn(thing: string, path: readonly string[], value: unknown): Generator<Text> {
  if (typeof value === 'string') yield { where: placeOf(thing, path), text: value, folded: fold(value) };
  if (typeof value !== 'object' || value === null || isRawNumber(value)) return;
  // Sorted, so that the order of keys does not show in a report.
  for (const [key, item] of Object.entries(value).sort(byKey)) {
    const inside = [...path, key];
    // Icons are drawn, not read.
    if (path.length === 0 && key === 'icons') continue;
    if (!plainKey.test(key)) yield { where: placeOf(thing, inside), text: key, folded: fold(key) };
    yield* textsIn(thing, inside, item);
  }
}

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

/** Every text of a snapshot, in the order of kinds, names and keys. */
export const textsOf = (snapshot: Snapshot): readonly Text[] => [
  ...textsIn('server', ['instructions'], snapshot.instructions),
  ...definitionKinds.flatMap(({ list, noun, key }) =>
    (snapshot[list] ?? []).flatMap((definition: Readonly<Record<string, unknown>>) => [
      ...textsIn(`${noun} ${definition[key]}`, [], definition),
    ]),
  ),
];
