import { randomUUID } from 'node:crypto';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  CallToolRequestSchema,
  CompleteRequestSchema,
  CreateMessageResultSchema,
  ElicitResultSchema,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  McpError,
  ReadResourceRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { type RunningUpstream, startRecording } from '../upstreams/record.ts';
import { forms } from './forms.ts';
import { localOnly } from './local-only.ts';
import {
  answers,
  complete,
  expandPrompt,
  pause,
  readResource,
  resources,
  resourceTemplates,
  said,
  sharedPrompts,
  sharedTools,
  steps,
  tool,
} from './offers.ts';

const oneText = (name: string) => ({
  type: 'object' as const,
  properties: { [name]: { type: 'string' } },
  required: [name],
});
const tools = [
  ...sharedTools,
  tool('test_tool_with_logging'),
  tool('test_sampling', oneText('prompt')),
  tool('test_streaming_elicitation'),
  ...Object.keys(forms).map((name) => tool(name, name === 'test_elicitation' ? oneText('message') : undefined)),
];
const logLines: Readonly<Record<string, readonly string[]>> = {
  test_tool_with_logging: ['Tool execution started', 'Tool processing data', 'Tool execution completed'],
  test_logging_tool: ['A legacy server logs without being asked'],
};

/** Everything that requirements 2025-11-25 ask of a server, on the v1 SDK. */
function conformingServer(): Server {
  const server = new Server(
    { name: 'conformance-legacy', version: '1.0.0' },
    { capabilities: { tools: {}, prompts: {}, resources: { subscribe: true }, completions: {}, logging: {} } },
  );
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [...tools] }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { _meta, sendNotification, sendRequest }) => {
    const { name, arguments: args = {} } = params;
    const form = forms[name === 'test_streaming_elicitation' ? 'test_elicitation' : name];
    const { elicitation, sampling } = server.getClientCapabilities() ?? {};
    if ((form && !elicitation) || (name === 'test_sampling' && !sampling))
      return { ...said('The client has not declared what this tool needs.'), isError: true };
    if (form) {
      const message = String(args['message'] ?? 'Please fill in the form');
      const request = { method: 'elicitation/create', params: { message, requestedSchema: form } } as const;
      const { action, content } = await sendRequest(request, ElicitResultSchema);
      return said(`Elicitation completed: action=${action}, content=${JSON.stringify(content)}`);
    }
    if (name === 'test_sampling') {
      const content = { type: 'text', text: String(args['prompt']) } as const;
      const messages = [{ role: 'user', content } as const];
      const request = { method: 'sampling/createMessage', params: { messages, maxTokens: 100 } } as const;
      const result = await sendRequest(request, CreateMessageResultSchema);
      return said(`LLM response: ${JSON.stringify(result.content)}`);
    }
    if (name === 'test_tool_with_progress') {
      for (const progress of steps) {
        const progressToken = _meta?.progressToken;
        if (progressToken !== undefined)
          await sendNotification({ method: 'notifications/progress', params: { progressToken, progress, total: 100 } });
        await pause();
      }
      return said('Done in three steps.');
    }
    for (const data of logLines[name] ?? []) {
      await sendNotification({ method: 'notifications/message', params: { level: 'info', data } });
      await pause();
    }
    const answer = logLines[name] ? said('Logged.') : answers[name];
    if (!answer) throw new McpError(-32602, `Unknown tool: ${name}`);
    return answer;
  });
  server.setRequestHandler(ListPromptsRequestSchema, () => ({ prompts: [...sharedPrompts] }));
  server.setRequestHandler(GetPromptRequestSchema, ({ params }) => {
    const expanded = expandPrompt(params.name, params.arguments);
    if (!expanded) throw new McpError(-32602, `Unknown prompt: ${params.name}`);
    return expanded;
  });
  server.setRequestHandler(ListResourcesRequestSchema, () => ({ resources: [...resources] }));
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({ resourceTemplates }));
  server.setRequestHandler(ReadResourceRequestSchema, ({ params }) => {
    const content = readResource(params.uri);
    if (!content) throw new McpError(-32002, 'Resource not found', { uri: params.uri });
    return { contents: [content] };
  });
  for (const schema of [SubscribeRequestSchema, UnsubscribeRequestSchema]) server.setRequestHandler(schema, () => ({}));
  server.setRequestHandler(CompleteRequestSchema, ({ params }) => complete(params.argument.value));
  return server;
}

/** Starts the fixture of revision 2025-11-25: Streamable HTTP with sessions, which it forgets only when deleted. */
export function legacyConformance(): Promise<RunningUpstream> {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  return startRecording(
    localOnly(async (request, response, seen) => {
      const body = seen.body === '' ? undefined : JSON.parse(seen.body);
      const id = request.headers['mcp-session-id'];
      const known = sessions.get(String(id));
      if (known) return known.handleRequest(request, response, body);
      if (body?.method !== 'initialize') return response.writeHead(id === undefined ? 400 : 404).end();
      const transport = new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: (session) => {
          sessions.set(session, transport);
        },
        onsessionclosed: (session) => {
          sessions.delete(session);
        },
      });
      await conformingServer().connect(transport as Transport);
      return transport.handleRequest(request, response, body);
    }),
  );
}
