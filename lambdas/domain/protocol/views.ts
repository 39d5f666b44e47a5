import type {
  PromptDefinition,
  ResourceDefinition,
  ResourceTemplateDefinition,
  ToolDefinition,
} from '../definition.ts';
import { passingMeta } from './meta.ts';
import { withoutMirrors } from './mirrors.ts';
import type { Era } from './revision.ts';

type Json = Readonly<Record<string, unknown>>;

/** A definition with what of its `_meta` passes; its other fields stay, known or not. */
function shown({ _meta, ...rest }: Json): Json {
  const meta = passingMeta(_meta);
  return Object.keys(meta).length === 0 ? rest : { ...rest, _meta: meta };
}

/**
 * MCP Tool under its exposed name, without what is between gateway and upstream: header annotations, and `execution`,
 * which speaks of tasks. Before 2026-07-28 an output schema had to be an object's.
 */
export function toolView(era: Era, name: string, definition: ToolDefinition): Json {
  const { execution: _, outputSchema, ...rest } = definition;
  const outputs = outputSchema !== undefined && (era === 'modern' || outputSchema['type'] === 'object');
  return {
    ...shown(rest),
    name,
    inputSchema: withoutMirrors(definition.inputSchema),
    ...(outputs ? { outputSchema } : {}),
  };
}

/** MCP Prompt under its exposed name. */
export const promptView = (name: string, definition: PromptDefinition): Json => ({ ...shown(definition), name });

/** MCP Resource under its exposed URI. */
export const resourceView = (uri: string, definition: ResourceDefinition): Json => ({ ...shown(definition), uri });

/** MCP ResourceTemplate under its exposed URI template. */
export const templateView = (uriTemplate: string, definition: ResourceTemplateDefinition): Json => ({
  ...shown(definition),
  uriTemplate,
});
