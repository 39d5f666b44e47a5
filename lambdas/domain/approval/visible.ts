/** Visible ASCII of the block of tag characters, which shows nothing and which models read. */
const tagText = /[\u{e0020}-\u{e007e}]+/gu;
/** What has no look of its own, white space other than the plain, and runs of spaces that push text out of sight. */
const unseen = / {20,}|[[\p{C}\p{Z}\p{DI}\u2800]--[ \n\t]]/gv;
/** Characters before the point of an excerpt. */
const leadLength = 80;

const codeOf = (char: string): string => `U+${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;

/** A text with what tag characters (U+E0020 to U+E007E) spell in plain letters. */
export const untagged = (text: string): string =>
  text.replace(tagText, (run) => Array.from(run, (tag) => String.fromCharCode(tag.codePointAt(0)! - 0xe0000)).join(''));

/**
 * A text as a reviewer has to see it (TD-05): what is invisible or turns the direction of reading becomes a mark such as
 * `[U+202E]`, hidden text becomes readable (`[tags: call me]`), and a run of 20 spaces or more says how long it is.
 */
export const visible = (text: string): string =>
  text
    .replace(tagText, (run) => `[tags: ${untagged(run)}]`)
    .replace(unseen, (found) => (found.startsWith(' ') ? `[${found.length} spaces]` : `[${codeOf(found)}]`));

/** A text cut to `max` characters, with `…` for what is left out. */
export const cut = (text: string, max: number): string =>
  // Half of a surrogate pair is no character.
  text.length > max ? `${text.slice(0, max - 1).replace(/\p{Cs}$/u, '')}…` : text;

/** At most `max` characters of a text, made visible, around its index `at`. */
export function excerpt(text: string, at: number, max: number): string {
  const whole = text.length > max ? undefined : visible(text);
  if (whole !== undefined && whole.length <= max) return whole;
  // Not between the halves of a surrogate pair.
  const point = text.codePointAt(at - 1)! > 0xffff ? at - 1 : at;
  const from = Math.max(0, point - leadLength);
  const lead = visible(text.slice(from, point).replace(/^\p{Cs}/u, '')).slice(-leadLength);
  const rest = visible(text.slice(point, point + max).replace(/\p{Cs}$/u, ''));
  return cut(`${from > 0 ? '…' : ''}${lead}${rest}${point + max < text.length ? '…' : ''}`, max);
}
