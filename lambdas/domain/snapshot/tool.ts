import { ToolName } from '../../../contract/names.ts';
import { canonical } from '../canonical.ts';
import type { ToolDefinition } from '../definition.ts';
import { isObject } from '../protocol/jsonrpc.ts';
import { readMirrors } from '../protocol/mirrors.ts';
import type { PinnedTool } from '../records.ts';
import { no, ok, type Result } from '../result.ts';

/** Bytes of a title or description: it goes into every model request, and a reviewer has to read it (TD-05). */
const maxTextBytes = 4 * 1024;
/** Bytes of one schema: past this it is no longer a form that a model fills in. */
const maxSchemaBytes = 32 * 1024;

/** Bytes of a text in UTF-8. */
export const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

const dialect = /^https?:\/\/json-schema\.org\//;

/** The first reference in a schema that a validator would have to fetch (SS-17); `#…` stays inside. */
function remoteReference(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, item] of Object.entries(value)) {
    if (typeof item === 'string') {
      if ((key === '$ref' || key === '$dynamicRef' || key === '$recursiveRef') && !item.startsWith('#')) return key;
      if (key === '$schema' && !dialect.test(item)) return key;
    }
    const inside = remoteReference(item);
    if (inside !== undefined) return inside;
  }
  return undefined;
}

/** Why a schema is refused. */
function schemaFault(field: string, schema: unknown): string | undefined {
  if (!isObject(schema)) return `${field} is not an object`;
  const remote = remoteReference(schema);
  if (remote !== undefined) return `${field} has a ${remote} that points outside`;
  return bytesOf(canonical(schema)) > maxSchemaBytes ? `${field} is over ${maxSchemaBytes} bytes` : undefined;
}

/** Why a text is refused. */
function textFault(field: string, text: unknown): string | undefined {
  if (text === undefined) return undefined;
  if (typeof text !== 'string') return `${field} is not text`;
  return bytesOf(text) > maxTextBytes ? `${field} is over ${maxTextBytes} bytes` : undefined;
}

/** A definition with what the directory keeps of it. */
export interface Checked {
  readonly definition: ToolDefinition;
  readonly pinned: PinnedTool;
}

/** Checks one definition as an upstream sent it; the refusal says in one phrase what is wrong with it. */
export function checkTool(definition: unknown): Result<Checked, string> {
  if (!isObject(definition) || !ToolName.safeParse(definition['name']).success) return no('its name is not valid');
  const { title, description, inputSchema, outputSchema, annotations, icons } = definition;
  const fault =
    textFault('title', title) ??
    textFault('description', description) ??
    schemaFault('inputSchema', inputSchema) ??
    (outputSchema === undefined ? undefined : schemaFault('outputSchema', outputSchema));
  if (fault !== undefined) return no(fault);
  if ((inputSchema as ToolDefinition['inputSchema'])['type'] !== 'object')
    return no('inputSchema is not of type object');
  if (annotations !== undefined && !isObject(annotations)) return no('annotations is not an object');
  if (icons !== undefined && !Array.isArray(icons)) return no('icons is not a list');
  const mirrored = readMirrors(inputSchema);
  if (!mirrored.ok) return mirrored;
  const { name } = definition as { name: string };
  const some = Object.keys(mirrored.value).length > 0;
  return ok({
    definition: definition as ToolDefinition,
    pinned: { name, ...(some ? { mirrored: mirrored.value } : {}) },
  });
}
