import { decimalOf } from './protocol/decimal.ts';
import { isRawNumber } from './protocol/json.ts';

/** A number that no double holds, in one spelling for each value; no double is written like it. */
function exactNumber(source: string): string {
  const { negative, digits, exponent } = decimalOf(source);
  return `${negative ? '-' : ''}${digits}e${exponent}`;
}

/**
 * Canonical JSON (RFC 8785) of a parsed value: equal values give equal text, whatever the order of keys, the white space
 * or the spelling of numbers was. Throws for what is not JSON.
 */
export function canonical(value: unknown): string {
  if (isRawNumber(value)) return exactNumber(value.rawJSON);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const object = value as Readonly<Record<string, unknown>>;
    // Array.sort compares UTF-16 code units, as §3.2.3 asks.
    const members = Object.keys(object)
      .filter((key) => object[key] !== undefined)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonical(object[key])}`);
    return `{${members.join(',')}}`;
  }
  // JSON.stringify writes scalars as §3.2.2 asks, but turns Infinity and NaN into null.
  const text = typeof value === 'number' && !Number.isFinite(value) ? undefined : JSON.stringify(value);
  if (text === undefined) throw new TypeError(`${typeof value} is not JSON`);
  return text;
}
