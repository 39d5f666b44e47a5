import { toNodeHandler } from '@modelcontextprotocol/node';
import {
  CLIENT_CAPABILITIES_META_KEY,
  createMcpHandler,
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ResourceNotFoundError,
  Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { type RunningUpstream, startRecording } from '../upstreams/record.ts';
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
  spoken,
  steps,
  tool,
} from './offers.ts';
import { askingPrompt, askingTools, type Carried, codec, proceed } from './rounds.ts';

const tools = [...sharedTools, tool('test_missing_capability'), ...askingTools.map((name) => tool(name))];

const carriedBy = ({ mcpReq }: ServerContext): Carried => ({
  responses: mcpReq.inputResponses ?? {},
  round: mcpReq.requestState<{ round: number }>()?.round ?? 0,
  capabilities:
    (mcpReq.envelope as Partial<Record<string, Carried['capabilities']>>)?.[CLIENT_CAPABILITIES_META_KEY] ?? {},
});

async function callTool(name: string, context: ServerContext) {
  const { mcpReq } = context;
  if (name === 'test_missing_capability') {
    if (!carriedBy(context).capabilities.sampling)
      throw new MissingRequiredClientCapabilityError({ requiredCapabilities: { sampling: {} } });
    return said('Sampling was declared.');
  }
  if (name === 'test_tool_with_progress') {
    const progressToken = mcpReq._meta?.progressToken;
    for (const progress of steps) {
      if (progressToken !== undefined)
        await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total: 100 } });
      await pause();
    }
    return said('Done in three steps.');
  }
  if (name === 'test_logging_tool') {
    await mcpReq.log('info', 'Logged only where the request asked for it');
    return said('Logged.');
  }
  const answer = answers[name] ?? (await proceed(name, carriedBy(context)));
  if (answer === undefined) throw new ProtocolError(-32602, `Unknown tool: ${name}`);
  return typeof answer === 'string' ? said(answer) : answer;
}

/** Everything that requirements 2026-07-28 ask of a server, on the v2 SDK. */
function conformingServer(): Server {
  const server = new Server(
    { name: 'conformance-modern', version: '1.0.0' },
    {
      capabilities: { tools: {}, prompts: {}, resources: {}, completions: {}, logging: {} },
      requestState: { verify: codec.verify },
    },
  );
  server.setRequestHandler('tools/list', () => ({ tools: [...tools] }));
  server.setRequestHandler('tools/call', ({ params }, context) => callTool(params.name, context));
  server.setRequestHandler('prompts/list', () => ({ prompts: [...sharedPrompts, askingPrompt] }));
  server.setRequestHandler('prompts/get', async ({ params: { name, arguments: args } }, context) => {
    const expanded = expandPrompt(name, args);
    if (expanded) return expanded;
    const answer = name === askingPrompt.name ? await proceed(name, carriedBy(context)) : undefined;
    if (answer === undefined) throw new ProtocolError(-32602, `Unknown prompt: ${name}`);
    return typeof answer === 'string' ? spoken(answer) : answer;
  });
  server.setRequestHandler('resources/list', () => ({ resources: [...resources] }));
  server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates }));
  server.setRequestHandler('resources/read', ({ params }) => {
    const content = readResource(params.uri);
    if (!content) throw new ResourceNotFoundError(params.uri);
    return { contents: [content] };
  });
  server.setRequestHandler('completion/complete', ({ params }) => complete(params.argument.value));
  return server;
}

/** Starts the fixture of the modern era: stateless, refuses the legacy era. */
export function modernConformance(): Promise<RunningUpstream> {
  const handle = toNodeHandler(createMcpHandler(conformingServer, { legacy: 'reject' }));
  return startRecording(
    localOnly((request, response, seen) =>
      // The adapter's own types are not written for exactOptionalPropertyTypes.
      handle(request as Parameters<typeof handle>[0], response, seen.body === '' ? undefined : JSON.parse(seen.body)),
    ),
  );
}
