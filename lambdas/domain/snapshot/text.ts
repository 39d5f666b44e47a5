import { canonical } from '../canonical.ts';
import { isObject } from '../protocol/jsonrpc.ts';

/** Bytes of a title or description: it goes into model requests, and a reviewer has to read it (TD-05). */
const maxTextBytes = 4 * 1024;
/** Bytes of one schema or one whole prompt or resource: past this it is no longer a form that a model fills in. */
const maxPartBytes = 32 * 1024;

/** Bytes of a text in UTF-8. */
export const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** Why a text that may be absent is refused. */
export function textFault(field: string, text: unknown): string | undefined {
  if (text === undefined) return undefined;
  if (typeof text !== 'string') return `${field} is not text`;
  return bytesOf(text) > maxTextBytes ? `${field} is over ${maxTextBytes} bytes` : undefined;
}

/** Why the fields that definitions of every kind share are refused (MCP 2026-07-28, BaseMetadata, Icons, Annotations). */
export const commonFault = (definition: Readonly<Record<string, unknown>>): string | undefined =>
  textFault('title', definition['title']) ??
  textFault('description', definition['description']) ??
  (definition['annotations'] === undefined || isObject(definition['annotations'])
    ? undefined
    : 'annotations is not an object') ??
  (definition['icons'] === undefined || Array.isArray(definition['icons']) ? undefined : 'icons is not a list');

/** Why a part is refused for its size. */
export const sizeFault = (what: string, part: unknown): string | undefined =>
  bytesOf(canonical(part)) > maxPartBytes ? `${what} is over ${maxPartBytes} bytes` : undefined;
