import { renderJson } from './json.ts';

const written = Symbol('written');

/**
 * An object that is JSON text already: big lists are joined from texts instead of written anew. The symbol keeps what came
 * from outside from being taken for one.
 */
export type JsonText = { readonly [written]: string };

/** Whether an object is text already. */
export const isText = (value: object): value is JsonText => written in value;

/** The JSON text of an object, be it text already or not. */
export const writeJson = (value: object): string => (isText(value) ? value[written] : renderJson(value));

/** The text of an object with the members of two, given as text; the second has some, and none of the first's names. */
export const joinText = (first: string, second: string): string =>
  first === '{}' ? second : `${first.slice(0, -1)},${second.slice(1)}`;

/** An object with one more member, which is text already. */
export const withText = (object: object, name: string, value: string): JsonText => ({
  [written]: joinText(renderJson(object), `{${renderJson(name)}:${value}}`),
});

/** An object with one more member, a list of objects that are text already. */
export const withItems = (object: object, name: string, items: readonly string[]): JsonText =>
  withText(object, name, `[${items.join(',')}]`);

/** Writes what `make` makes of an object, once for each: for definitions, which never change while they are kept. */
export function writeOnce<T extends object>(make: (of: T) => object): (of: T) => string {
  const texts = new WeakMap<T, string>();
  return (of) => {
    const text = texts.get(of) ?? renderJson(make(of));
    texts.set(of, text);
    return text;
  };
}
