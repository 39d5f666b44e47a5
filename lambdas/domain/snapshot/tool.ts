import { ToolName } from '../../../contract/names.ts';
import type { PinnedTool, ToolDefinition } from '../definition.ts';
import { isObject } from '../protocol/jsonrpc.ts';
import { readMirrors } from '../protocol/mirrors.ts';
import { no, ok, type Result } from '../result.ts';
import { commonFault, sizeFault } from './text.ts';

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
  return sizeFault(field, schema);
}

/** A definition with what the directory keeps of it. */
export interface Checked {
  readonly definition: ToolDefinition;
  readonly pinned: PinnedTool;
}

/** Checks one definition as an upstream sent it; the refusal says in one phrase what is wrong with it. */
export function checkTool(definition: unknown): Result<Checked, string> {
  if (!isObject(definition) || !ToolName.safeParse(definition['name']).success) return no('its name is not valid');
  const { inputSchema, outputSchema } = definition;
  const fault =
    commonFault(definition) ??
    schemaFault('inputSchema', inputSchema) ??
    (outputSchema === undefined ? undefined : schemaFault('outputSchema', outputSchema));
  if (fault !== undefined) return no(fault);
  if ((inputSchema as ToolDefinition['inputSchema'])['type'] !== 'object')
    return no('inputSchema is not of type object');
  const mirrored = readMirrors(inputSchema);
  if (!mirrored.ok) return mirrored;
  const { name } = definition as { name: string };
  const some = Object.keys(mirrored.value).length > 0;
  return ok({
    definition: definition as ToolDefinition,
    pinned: { name, ...(some ? { mirrored: mirrored.value } : {}) },
  });
}
