import type { PinnedTool, ToolDefinition } from './definition.ts';
import { fullName } from './names.ts';
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

/** A tool as OpenAI's `tools` takes it, what the gateway adds under `xct` (contract/tools.ts, OpenAiTool). */
export const openAiTool = (listed: ListedTool) => ({
  type: 'function',
  function: {
    name: fullNameOf(listed),
    description: listed.definition.description ?? '',
    parameters: listed.definition.inputSchema,
  },
  xct: {
    server: listed.server.alias,
    tool: listed.tool.name,
    price_usd: listed.priceUsd,
    ...present({ annotations: listed.definition.annotations }),
  },
});

/** A tool as the REST lists show it, under the name it has there (contract/tools.ts, McpTool). */
export function restTool({ server, definition, priceUsd }: ListedTool, name: string) {
  const { title, description, inputSchema, outputSchema, annotations, icons } = definition;
  return {
    name,
    ...present({ title, description }),
    inputSchema,
    ...present({ outputSchema, annotations, icons }),
    mcp_info: { server_alias: server.alias, server_id: server.id, price_usd: priceUsd },
  };
}

const present = <T extends object>(fields: T): Partial<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
