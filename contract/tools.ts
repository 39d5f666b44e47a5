import { en } from 'zod/locales';
import * as z from 'zod/mini';
import { type Route, route } from './route.ts';

// The texts of its errors: `zod` brings them by itself, `zod/mini` does not.
z.config(en());

const Schema = z.record(z.string(), z.unknown());
/** At most so many characters. */
const text = (most: number) => z.string().check(z.maxLength(most));
const list = {
  cursor: z.exactOptional(text(2048)),
  limit: z.exactOptional(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(1000))),
};

/** A tool as OpenAI's `tools` takes it, with what the gateway adds under `xct`. */
export const OpenAiTool = z.object({
  type: z.literal('function'),
  function: z.object({ name: z.string(), description: z.string(), parameters: Schema }),
  xct: z.object({ server: z.string(), tool: z.string(), price_usd: z.number(), annotations: z.exactOptional(Schema) }),
});
/** An MCP tool object with where it comes from. */
export const McpTool = z.object({
  name: z.string(),
  title: z.exactOptional(z.string()),
  description: z.exactOptional(z.string()),
  inputSchema: Schema,
  outputSchema: z.exactOptional(Schema),
  annotations: z.exactOptional(Schema),
  icons: z.exactOptional(z.array(z.unknown())),
  mcp_info: z.object({ server_alias: z.string(), server_id: z.string(), price_usd: z.number() }),
});

/** What `GET /v1/mcp/tools` takes. */
export const ToolsQuery = z.strictObject({
  format: z.exactOptional(z.enum(['openai', 'mcp'])),
  /** Aliases, access groups or toolsets, comma-separated; narrows like `x-mcp-servers`. */
  servers: z.exactOptional(text(2048)),
  ...list,
});
/** What `GET /mcp-rest/tools/list` takes. */
export const RestListQuery = z.strictObject({
  server: z.exactOptional(text(64)),
  server_id: z.exactOptional(text(64)),
  ...list,
});
/** What the list of a set takes. */
export const SetListQuery = z.strictObject(list);

const args = z.exactOptional(z.record(z.string(), z.unknown()));
const progress = { _meta: z.exactOptional(z.record(z.string(), z.unknown())) };
/** `{"name":"github.search_issues"}`, or the tool's own name beside `server` or `server_id`. */
export const CallBody = z
  .strictObject({
    name: text(150),
    arguments: args,
    server: z.exactOptional(text(64)),
    server_id: z.exactOptional(text(64)),
    ...progress,
  })
  .check(
    z.refine((body) => body.server === undefined || body.server_id === undefined, {
      message: 'give server or server_id, not both',
      path: ['server_id'],
    }),
  );
/** A call inside a set, by the name that the tool has there. */
export const SetCallBody = z.strictObject({ name: text(150), arguments: args, ...progress });

/** MCP CallToolResult. A tool that ran and failed has `isError: true` and is HTTP 200. */
export const CallToolResult = z.looseObject({
  content: z.array(z.looseObject({ type: z.string() })),
  structuredContent: z.exactOptional(z.unknown()),
  isError: z.exactOptional(z.boolean()),
});

export const listTools = route({
  method: 'GET',
  path: '/v1/mcp/tools',
  fn: 'tools',
  access: 'any',
  summary: "The caller's tools, as OpenAI functions or (?format=mcp) as MCP tools.",
  query: ToolsQuery,
  answer: z.object({
    object: z.literal('list'),
    data: z.array(z.union([OpenAiTool, McpTool])),
    next_cursor: z.exactOptional(z.string()),
  }),
});
export const restList = route({
  method: 'GET',
  path: '/mcp-rest/tools/list',
  fn: 'tools',
  access: 'any',
  summary: "The caller's tools as MCP tools.",
  query: RestListQuery,
  answer: z.object({ tools: z.array(McpTool), next_cursor: z.exactOptional(z.string()) }),
});
export const restCall = route({
  method: 'POST',
  path: '/mcp-rest/tools/call',
  fn: 'tools',
  access: 'any',
  metered: true,
  summary: 'Call a tool; the answer is the MCP CallToolResult.',
  body: CallBody,
  answer: CallToolResult,
});
export const setList = route({
  method: 'GET',
  path: '/{set}/mcp/v1/tools',
  fn: 'tools',
  access: 'any',
  summary: 'The tools of one set: an alias, several joined by commas, a toolset or an access group.',
  query: SetListQuery,
  answer: z.object({ tools: z.array(McpTool), next_cursor: z.exactOptional(z.string()) }),
});
export const setCall = route({
  method: 'POST',
  path: '/{set}/mcp/v1/tools/call',
  fn: 'tools',
  access: 'any',
  metered: true,
  summary: 'Call a tool of one set by its name there.',
  body: SetCallBody,
  answer: CallToolResult,
});
/** The rows of this file. */
export const toolRoutes: readonly Route[] = [listTools, restList, restCall, setList, setCall] as Route[];
