/** A piece of the page: text, or an element. What a server wrote is text here and so in the browser, never markup. */
export type Tree = string | Branch;

/** An element with its attributes, what it does, and what is in it. */
export interface Branch {
  readonly tag: string;
  readonly attributes: Attributes;
  readonly children: readonly Tree[];
}

/** Attributes by name; `false` and undefined are left out. `on` holds listeners by event. */
interface Attributes {
  readonly on?: Readonly<Record<string, (event: Happened) => unknown>>;
  readonly [name: string]: unknown;
}

/** The part of a DOM event that listeners here use. */
export interface Happened {
  readonly currentTarget: unknown;
  preventDefault(): void;
}

type Child = Tree | undefined | false | readonly Child[];

const flat = (child: Child): readonly Tree[] =>
  child === undefined || child === false ? [] : Array.isArray(child) ? child.flatMap(flat) : [child as Tree];

/** An element; lists in its children are flattened, and what is absent is left out. */
export const h = (tag: string, attributes: Attributes = {}, ...children: readonly Child[]): Branch => ({
  tag,
  attributes,
  children: children.flatMap(flat),
});
