import type {
  PromptDefinition,
  ResourceDefinition,
  ResourceTemplateDefinition,
  ToolDefinition,
} from '../definition.ts';
import { renderJson } from './json.ts';
import { passingMeta } from './meta.ts';
import { withoutMirrors } from './mirrors.ts';
import type { Era } from './revision.ts';
import { joinText, writeOnce } from './text.ts';

type Json = Readonly<Record<string, unknown>>;

/** A definition with what of its `_meta` passes; its other fields stay, known or not. */
function shown({ _meta, ...rest }: Json): Json {
  const meta = passingMeta(_meta);
  return Object.keys(meta).length === 0 ? rest : { ...rest, _meta: meta };
}

function toolView(era: Era, { name: _, execution: __, outputSchema, ...rest }: ToolDefinition): Json {
  const outputs = outputSchema !== undefined && (era === 'modern' || outputSchema['type'] === 'object');
  return { ...shown(rest), inputSchema: withoutMirrors(rest.inputSchema), ...(outputs ? { outputSchema } : {}) };
}

const namelessText = {
  modern: writeOnce((definition: ToolDefinition) => toolView('modern', definition)),
  legacy: writeOnce((definition: ToolDefinition) => toolView('legacy', definition)),
};

/**
 * JSON of an MCP Tool under its exposed name, without what is between gateway and upstream: header annotations, and
 * `execution`, which speaks of tasks. Before 2026-07-28 an output schema had to be an object's.
 */
export const toolText = (era: Era, name: string, definition: ToolDefinition): string =>
  joinText(renderJson({ name }), namelessText[era](definition));

/** MCP Prompt under its exposed name. */
export const promptView = (name: string, definition: PromptDefinition): Json => ({ ...shown(definition), name });

/** MCP Resource under its exposed URI. */
export const resourceView = (uri: string, definition: ResourceDefinition): Json => ({ ...shown(definition), uri });

/** MCP ResourceTemplate under its exposed URI template. */
export const templateView = (uriTemplate: string, definition: ResourceTemplateDefinition): Json => ({
  ...shown(definition),
  uriTemplate,
});
