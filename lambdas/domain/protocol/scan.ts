import { no, ok, type Result } from '../result.ts';
import { survives } from './decimal.ts';

/** Containers inside containers; past this a recursive reader is at risk, and no real call comes near. */
export const maxDepth = 64;
/** Keys in one text; a body of 1 MB with more is an attack on hash tables, not a call (MP-07). */
export const maxKeys = 100_000;
/** Characters of one number; the work of converting it grows faster than its length (MP-07). */
export const maxNumberLength = 1_000;

const quote = 34;
const backslash = 92;
const colon = 58;
const minus = 45;
const isDigit = (c: number): boolean => c >= 48 && c <= 57;

/** Position of the quote that ends the string opened at `start`, or the end of the text where none does. */
function stringEnd(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === backslash) before--;
    if ((end - before) % 2 === 1) return end;
  }
  return text.length;
}

/** Position after the number that begins at `start`; negative where it has an exponent, so that no object is made. */
function numberEnd(text: string, start: number): number {
  let exponent = 1;
  for (let end = start + 1; ; end++) {
    const c = text.charCodeAt(end);
    if ((c | 32) === 101) exponent = -1;
    else if (!isDigit(c) && c !== 46 && c !== 43 && c !== minus) return end * exponent;
  }
}

/**
 * One pass over JSON text outside of its strings: how many keys it has, and whether a double would change a number
 * in it. Grammar is left to JSON.parse.
 */
export function scan(text: string, depthLimit: number): Result<{ keys: number; lossy: boolean }, string> {
  let depth = 0;
  let keys = 0;
  let lossy = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === quote) i = stringEnd(text, i);
    else if (c === colon) keys++;
    // `{` and `[`, `}` and `]` differ in one bit.
    else if ((c | 32) === 123) {
      if (++depth > depthLimit) return no(`more than ${depthLimit} levels`);
    } else if ((c | 32) === 125) depth--;
    else if (isDigit(c) || c === minus) {
      const found = numberEnd(text, i);
      const end = Math.abs(found);
      if (end - i > maxNumberLength) return no(`a number of more than ${maxNumberLength} characters`);
      // A double holds any 15 digits (IEEE 754 binary64): short numbers without an exponent need no look.
      if ((end - i > 15 || found < 0) && !lossy) lossy = !survives(text.slice(i, end));
      i = end - 1;
    }
  }
  return keys > maxKeys ? no(`more than ${maxKeys} keys`) : ok({ keys, lossy });
}
