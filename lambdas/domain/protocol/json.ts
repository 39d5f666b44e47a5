import { no, ok, type Result } from '../result.ts';
import { survives } from './decimal.ts';
import { maxDepth, scan } from './scan.ts';

/** A number that a double cannot hold: `rawJSON` has its source digits, and `renderJson` writes them unchanged. */
export interface RawNumber {
  readonly rawJSON: string;
}

/** JSON with source text access (ECMAScript 2026), which the compiler's library does not declare yet. */
const json = JSON as unknown as {
  rawJSON(text: string): RawNumber;
  isRawJSON(value: unknown): value is RawNumber;
  parse(text: string, revive: (key: string, value: unknown, context: { source: string }) => unknown): unknown;
};

/** Whether a parsed value is a number kept as its source digits. */
export const isRawNumber = (value: unknown): value is RawNumber => json.isRawJSON(value);

/** Keys that reach a prototype when an object is merged or set by path (MP-20). */
const reachesPrototype = (key: string, value: unknown): boolean =>
  key === '__proto__' ||
  key === 'constructor.prototype' ||
  (key === 'constructor' && typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype'));

/** Keys in a parsed tree, or the first forbidden one. */
function countKeys(value: object): number | string {
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) {
      if (typeof item !== 'object' || item === null) continue;
      const inside = countKeys(item);
      if (typeof inside === 'string') return inside;
      count += inside;
    }
    return count;
  }
  for (const key in value) {
    const item = (value as Record<string, unknown>)[key];
    count++;
    if (reachesPrototype(key, item)) return key;
    if (typeof item !== 'object' || item === null) continue;
    const inside = countKeys(item);
    if (typeof inside === 'string') return inside;
    count += inside;
  }
  return count;
}

/**
 * Parses strict JSON (RFC 8259) from outside, or says in one phrase why not: a BOM, a duplicate key in any object, a key
 * that reaches a prototype, too deep, too many keys, too long a number. Numbers that a double would change come back as
 * `RawNumber` (CL-18).
 */
export function parseJson(text: string, limits: { maxDepth?: number } = {}): Result<unknown, string> {
  if (text.charCodeAt(0) === 0xfeff) return no('a byte order mark');
  const seen = scan(text, limits.maxDepth ?? maxDepth);
  if (!seen.ok) return seen;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return no('not valid JSON');
  }
  const keys = typeof value === 'object' && value !== null ? countKeys(value) : 0;
  if (typeof keys === 'string') return no(`the key ${keys}`);
  // JSON.parse keeps the last of two equal keys: one key less in the tree than in the text is a duplicate (MP-03).
  if (keys !== seen.value.keys) return no('a duplicate key');
  if (!seen.value.lossy) return ok(value);
  return ok(
    json.parse(text, (_key, item, { source }) =>
      typeof item === 'number' && !survives(source) ? json.rawJSON(source) : item,
    ),
  );
}

/** Writes a value of `parseJson`, or one built here, as JSON text; raw numbers keep their source digits. */
export const renderJson = (value: unknown): string => JSON.stringify(value);
