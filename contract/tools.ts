import * as z from 'zod';
import { ListOf } from './lists.ts';
import { type Route, route } from './route.ts';

const Schema = z.record(z.string(), z.unknown());
const list = {
  cursor: z.string().max(2048).exactOptional(),
  limit: z.coerce.number().int().min(1).max(1000).exactOptional(),
};

/** A tool as OpenAI's `tools` takes it, with what the gateway adds under `xct`. */
export const OpenAiTool = z.object({
  type: z.literal('function'),
  function: z.object({ name: z.string(), description: z.string(), parameters: Schema }),
  xct: z.object({ server: z.string(), tool: z.string(), price_usd: z.number(), annotations: Schema.exactOptional() }),
});
/** An MCP tool object with where it comes from. */
export const McpTool = z.object({
  name: z.string(),
  title: z.string().exactOptional(),
  description: z.string().exactOptional(),
  inputSchema: Schema,
  outputSchema: Schema.exactOptional(),
  annotations: Schema.exactOptional(),
  icons: z.array(z.unknown()).exactOptional(),
  mcp_info: z.object({ server_alias: z.string(), server_id: z.string(), price_usd: z.number() }),
});

/** What `GET /v1/mcp/tools` takes. */
export const ToolsQuery = z.strictObject({
  format: z.enum(['openai', 'mcp']).exactOptional(),
  /** Aliases, access groups or toolsets, comma-separated; narrows like `x-mcp-servers`. */
  servers: z.string().max(2048).exactOptional(),
  ...list,
});
/** What `GET /mcp-rest/tools/list` takes. */
export const RestListQuery = z.strictObject({
  server: z.string().max(64).exactOptional(),
  server_id: z.string().max(64).exactOptional(),
  ...list,
});
/** What the list of a set takes. */
export const SetListQuery = z.strictObject(list);

const args = z.record(z.string(), z.unknown()).exactOptional();
const progress = { _meta: z.record(z.string(), z.unknown()).exactOptional() };
/** `{"name":"github.search_issues"}`, or the tool's own name beside `server` or `server_id`. */
export const CallBody = z
  .strictObject({
    name: z.string().max(150),
    arguments: args,
    server: z.string().max(64).exactOptional(),
    server_id: z.string().max(64).exactOptional(),
    ...progress,
  })
  .refine((body) => body.server === undefined || body.server_id === undefined, {
    message: 'give server or server_id, not both',
    path: ['server_id'],
  });
/** A call inside a set, by the name that the tool has there. */
export const SetCallBody = z.strictObject({ name: z.string().max(150), arguments: args, ...progress });

/** MCP CallToolResult. A tool that ran and failed has `isError: true` and is HTTP 200. */
export const CallToolResult = z.looseObject({
  content: z.array(z.looseObject({ type: z.string() })),
  structuredContent: z.unknown().exactOptional(),
  isError: z.boolean().exactOptional(),
});

export const listTools = route({
  method: 'GET',
  path: '/v1/mcp/tools',
  fn: 'tools',
  access: 'any',
  summary: "The caller's tools, as OpenAI functions or (?format=mcp) as MCP tools.",
  query: ToolsQuery,
  answer: ListOf(z.union([OpenAiTool, McpTool])),
});
export const restList = route({
  method: 'GET',
  path: '/mcp-rest/tools/list',
  fn: 'tools',
  access: 'any',
  summary: "The caller's tools as MCP tools.",
  query: RestListQuery,
  answer: z.object({ tools: z.array(McpTool), next_cursor: z.string().exactOptional() }),
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
  answer: z.object({ tools: z.array(McpTool), next_cursor: z.string().exactOptional() }),
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
