import * as z from 'zod';
import { ListOf } from './lists.ts';
import { type Route, route } from './route.ts';

/** Most rounds of tool calls and most tool calls of one request (product §10). */
export const chatLimits = { rounds: 10, toolCalls: 25 } as const;

/** Which tools are meant, as OpenAI's Responses API spells it: `tool_names`, or whether their hint says they only read. */
const ToolFilter = z.looseObject({
  tool_names: z.array(z.string()).exactOptional(),
  read_only: z.boolean().exactOptional(),
});
export type ToolFilter = z.infer<typeof ToolFilter>;

/** A server, toolset or access group of the gateway (OpenAI Responses API, `tools[].type` `mcp`). */
const McpEntry = z.looseObject({
  type: z.literal('mcp'),
  server_label: z.string().min(1).max(500),
  server_url: z.string().max(2048).nullable().exactOptional(),
  allowed_tools: z
    .union([z.array(z.string()), ToolFilter])
    .nullable()
    .exactOptional(),
  require_approval: z
    .union([
      z.enum(['always', 'never']),
      z.looseObject({ always: ToolFilter.exactOptional(), never: ToolFilter.exactOptional() }),
    ])
    .nullable()
    .exactOptional(),
  headers: z.record(z.string(), z.string()).nullable().exactOptional(),
});
export type McpEntry = z.infer<typeof McpEntry>;

/** A gateway tool by its full name, which has a dot, or a function of the caller's own. */
const FunctionEntry = z.looseObject({
  type: z.literal('function'),
  function: z.looseObject({ name: z.string().min(1).max(200) }),
});

/** What only the model knows, handed on as it is. */
const OtherEntry = z.looseObject({
  type: z.string().refine((type) => type !== 'mcp' && type !== 'function', { abort: true }),
});
const ToolEntry = z.union([McpEntry, FunctionEntry, OtherEntry]);
export type ToolEntry = z.infer<typeof ToolEntry>;

/** OpenAI's Chat Completions request with `xct_*` beside it; fields not named here go to the model as they are. */
export const ChatBody = z.looseObject({
  model: z.string().min(1).max(200),
  messages: z.array(z.looseObject({ role: z.string() })).min(1),
  tools: z.array(ToolEntry).max(1_000).nullable().exactOptional(),
  tool_choice: z.unknown().exactOptional(),
  parallel_tool_calls: z.boolean().nullable().exactOptional(),
  n: z.number().int().min(1).nullable().exactOptional(),
  stream: z.boolean().nullable().exactOptional(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullable().exactOptional() }).nullable().exactOptional(),
  /** Keys that match `x-mcp-*` count as headers: the OpenAI client for JavaScript sends this field in the body. */
  extra_headers: z.record(z.string(), z.string()).nullable().exactOptional(),
  xct_max_rounds: z.number().int().min(1).max(chatLimits.rounds).exactOptional(),
  xct_max_tool_calls: z.number().int().min(1).max(chatLimits.toolCalls).exactOptional(),
  xct_approvals: z.array(z.strictObject({ tool_call_id: z.string(), approve: z.boolean() })).exactOptional(),
});
export type ChatBody = z.infer<typeof ChatBody>;

/** Why the tools were taken away from a model before it was done with them. */
export const Stop = z.enum(['max_rounds', 'max_tool_calls', 'repeated_call', 'quota', 'budget']);
export type Stop = z.infer<typeof Stop>;

/** One call of a gateway tool: what came of it, never its arguments or its result. */
export const ChatCall = z.object({
  id: z.string(),
  /** `{alias}.{tool}`, or what the model called it where there is no such tool. */
  name: z.string(),
  arguments_hash: z.string(),
  status: z.string(),
  duration_ms: z.number(),
  cost_usd: z.number(),
});
export type ChatCall = z.infer<typeof ChatCall>;

/** What the gateway did for an answer; in a stream the last chunk with a choice has it. */
export const ChatReport = z.object({
  rounds: z.number(),
  tool_calls: z.array(ChatCall),
  cost_usd: z.number(),
  stopped: Stop.exactOptional(),
  note: z.string().exactOptional(),
});
export type ChatReport = z.infer<typeof ChatReport>;

export const completions = route({
  method: 'POST',
  path: '/v1/chat/completions',
  fn: 'chat',
  access: 'any',
  metered: true,
  summary: 'OpenAI Chat Completions that run the tools; `stream: true` answers as server-sent events.',
  body: ChatBody,
  maxBodyMegabytes: 4,
  answer: z.looseObject({
    id: z.string(),
    object: z.literal('chat.completion'),
    created: z.number(),
    model: z.string(),
    choices: z.array(z.looseObject({})),
    xct: ChatReport,
  }),
});
export const models = route({
  method: 'GET',
  path: '/v1/models',
  fn: 'chat',
  access: 'any',
  summary: 'The configured models; one that ends with `*` stands for every name that begins so.',
  answer: ListOf(z.object({ id: z.string(), object: z.literal('model'), created: z.number(), owned_by: z.string() })),
});
/** The rows of this file. */
export const chatRoutes: readonly Route[] = [completions, models] as Route[];
