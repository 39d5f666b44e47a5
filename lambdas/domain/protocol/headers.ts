import { base64ToUtf8, utf8ToBase64 } from './base64.ts';
import { isFieldValue } from './field-names.ts';

/** `=?base64?…?=`, the spelling of values that a header field cannot hold (MCP 2026-07-28, Streamable HTTP). */
const sentinel = /^=\?base64\?(.*)\?=$/s;
/** Base64 with its padding, so that each text has one spelling. */
const strictBase64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The value of `Mcp-Name` or `Mcp-Param-*`: as it is where a field can hold it and it is not the sentinel itself. */
export const encodeField = (value: string): string =>
  isFieldValue(value) && !sentinel.test(value) ? value : `=?base64?${utf8ToBase64(value)}?=`;

/** The text of such a field; `undefined` where the sentinel holds no base64 of UTF-8. */
export function decodeField(value: string): string | undefined {
  const encoded = sentinel.exec(value)?.[1];
  if (encoded === undefined) return value;
  return strictBase64.test(encoded) ? base64ToUtf8(encoded) : undefined;
}

/** The value under a path of `mirrored`: argument names joined by `/`, `~1` for `/` and `~0` for `~` (as in RFC 6901). */
function valueAt(args: unknown, path: string): unknown {
  let value = args;
  for (const part of path.split('/')) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value;
}

/** A mirrored value as text; objects, fractions and integers that not every peer reads alike are not mirrored. */
function fieldText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || Number.isSafeInteger(value)) return String(value);
  return undefined;
}

/**
 * The `Mcp-Param-*` headers of a call (MCP 2026-07-28, `x-mcp-header`): one for each mirrored argument that is there.
 * `mirrored` is a `PinnedTool`'s: path of the argument → header suffix.
 */
export function mirrorHeaders(
  mirrored: Readonly<Record<string, string>>,
  args: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [path, suffix] of Object.entries(mirrored)) {
    const text = fieldText(valueAt(args, path));
    if (text !== undefined) headers[`Mcp-Param-${suffix}`] = encodeField(text);
  }
  return headers;
}
