import { visible } from '../../domain/approval/visible.ts';
import { isRawNumber } from '../../domain/protocol/json.ts';
import { h, type Tree } from './tree.ts';

/** What `visible` puts in the place of a character, and what `shown` puts in the place of many empty lines. */
const marks = /(\[(?:U\+[0-9A-F]{4,6}|tags: [^\]]*|\d+ (?:spaces|line breaks))\])/;

/** A stranger's text as text, with marks where something is invisible; many line breaks push nothing out of sight. */
export const shown = (text: string): readonly Tree[] =>
  visible(text)
    .replace(/\n{4,}/g, (run) => `\n[${run.length} line breaks]\n`)
    .split(marks)
    .map((part, at) => (at % 2 === 1 ? h('mark', {}, part) : part))
    .filter((part) => part !== '');

/** Characters of a value that stands on one line. */
const lineWidth = 72;

const scalar = (value: unknown): string =>
  typeof value === 'string' ? JSON.stringify(visible(value)) : (JSON.stringify(value) ?? 'null');

/**
 * A value as JSON to be read. Not by JSON.stringify: two keys that differ in an invisible character have to stay two, and
 * spaces inside a text have to be told from those of the layout.
 */
export function json(value: unknown, indent = ''): string {
  if (typeof value !== 'object' || value === null || isRawNumber(value)) return scalar(value);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const entries: readonly (readonly [string, unknown])[] = Array.isArray(value)
    ? value.map((item) => ['', item])
    : Object.entries(value).map(([key, item]) => [`${scalar(key)}: `, item]);
  if (entries.length === 0) return `${open}${close}`;
  const inner = `${indent}  `;
  const lines = entries.map(([key, item]) => key + json(item, inner));
  const line = `${open} ${lines.join(', ')} ${close}`;
  if (line.length <= lineWidth && !line.includes('\n')) return line;
  return `${open}\n${lines.map((each) => inner + each).join(',\n')}\n${indent}${close}`;
}

/** Two texts, each with the part marked (by `tag`) that the other has not. */
export function changed(
  before: string,
  after: string,
): { readonly before: readonly Tree[]; readonly after: readonly Tree[] } {
  const [was, is] = [Array.from(before), Array.from(after)];
  const most = Math.min(was.length, is.length);
  let head = 0;
  while (head < most && was[head] === is[head]) head++;
  let tail = 0;
  while (tail < most - head && was.at(-1 - tail) === is.at(-1 - tail)) tail++;
  const cut = (text: readonly string[], tag: string) => {
    const [start, middle, end] = [
      text.slice(0, head),
      text.slice(head, text.length - tail),
      text.slice(text.length - tail),
    ].map((part) => shown(part.join('')));
    return [...start!, ...(middle!.length === 0 ? [] : [h(tag, {}, middle!)]), ...end!];
  };
  return { before: cut(was, 'del'), after: cut(is, 'ins') };
}
