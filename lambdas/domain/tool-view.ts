import type { PinnedTool, ToolDefinition } from './definition.ts';
import { fullName } from './names.ts';
import { renderJson } from './protocol/json.ts';
import { joinText, writeOnce } from './protocol/text.ts';
import type { ServerRecord } from './records.ts';

/** A tool as it is listed: its server, its pinned definition, its price. */
export interface ListedTool {
  readonly server: ServerRecord;
  readonly tool: PinnedTool;
  readonly definition: ToolDefinition;
  readonly priceUsd: number;
}

/** `{alias}.{tool}` of a listed tool. */
export const fullNameOf = ({ server, tool }: ListedTool): string => fullName({ alias: server.alias, tool: tool.name });

const functionText = writeOnce(({ description = '', inputSchema }: ToolDefinition) => ({
  description,
  parameters: inputSchema,
}));

/** JSON of a tool as OpenAI's `tools` takes it, what the gateway adds under `xct` (contract/tools.ts, OpenAiTool). */
export function openAiTool(listed: ListedTool): string {
  const { server, tool, definition, priceUsd } = listed;
  const xct = { server: server.alias, tool: tool.name, price_usd: priceUsd, annotations: definition.annotations };
  const named = joinText(renderJson({ name: fullNameOf(listed) }), functionText(definition));
  return joinText(`{"type":"function","function":${named}}`, renderJson({ xct }));
}

const mcpText = writeOnce(({ title, description, inputSchema, outputSchema, annotations, icons }: ToolDefinition) => ({
  title,
  description,
  inputSchema,
  outputSchema,
  annotations,
  icons,
}));

/** JSON of a tool as the REST lists show it, under the name it has there (contract/tools.ts, McpTool). */
export function restTool({ server, definition, priceUsd }: ListedTool, name: string): string {
  const mcp_info = { server_alias: server.alias, server_id: server.id, price_usd: priceUsd };
  return joinText(joinText(renderJson({ name }), mcpText(definition)), renderJson({ mcp_info }));
}
