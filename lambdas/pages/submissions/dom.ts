import type { Fields } from './ruling.ts';
import type { Tree } from './tree.ts';

/** The part of the DOM that this page uses; the project is compiled without the rest of it. */
export interface Element extends EventTarget {
  readonly open?: boolean;
  checked: boolean;
  disabled: boolean;
  setAttribute(name: string, value: string): void;
  append(...nodes: readonly (Element | string)[]): void;
  replaceChildren(...nodes: readonly (Element | string)[]): void;
  querySelector(selector: string): Element | null;
  querySelectorAll(selector: string): Iterable<Element>;
  closest(selector: string): Element | null;
  focus(): void;
  showModal(): void;
  close(): void;
}

declare const FormData: new (form: Element) => { get(name: string): unknown; getAll(name: string): readonly unknown[] };
declare const document: Pick<Element, 'querySelector'> & { title: string; createElement(tag: string): Element };

/** Makes elements of a tree. Text goes in as text nodes: nothing here reads markup. */
export function mount(tree: Tree): Element | string {
  if (typeof tree === 'string') return tree;
  const element = document.createElement(tree.tag);
  const { on = {}, ...attributes } = tree.attributes;
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value));
  for (const [event, listener] of Object.entries(on))
    element.addEventListener(event, listener as unknown as (event: Event) => void);
  element.append(...tree.children.map(mount));
  return element;
}

/** The element that a selector finds; throws where the page has none. */
export function find(selector: string): Element {
  const found = document.querySelector(selector);
  if (!found) throw new Error(`there is no ${selector} on the page`);
  return found;
}

/** Gives focus to what was drawn anew under it, where it is still there. */
export const focusIn = (selector: string): void => document.querySelector(selector)?.focus();

/** Puts trees in the place of what an element held. */
export const show = (selector: string, ...trees: readonly Tree[]): void =>
  find(selector).replaceChildren(...trees.map(mount));

/** What a tab is called. */
export const entitle = (title: string): void => {
  document.title = title;
};

/** What a form holds now. */
export function fieldsOf(form: Element): Fields {
  const data = new FormData(form);
  return { one: (name) => String(data.get(name) ?? ''), all: (name) => data.getAll(name).map(String) };
}
