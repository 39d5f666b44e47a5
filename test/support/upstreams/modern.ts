import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, fromJsonSchema, McpServer } from '@modelcontextprotocol/server';
import { addWhole } from './modern-whole.ts';
import { type Answer, type RunningUpstream, startRecording } from './record.ts';

const text = (value: string) => ({ content: [{ type: 'text' as const, text: value }] });

/** Tools echo, add, fail and region (its argument mirrored as a header) on the v2 SDK; `whole` adds all else that a server offers. */
function modernServer(whole: boolean): McpServer {
  const server = new McpServer({ name: 'modern-upstream', version: '2.0.0' }, { instructions: 'Be brief.' });
  const object = <T>(properties: Record<string, unknown>, required = Object.keys(properties)) =>
    fromJsonSchema<T>({ type: 'object', properties, required } as Parameters<typeof fromJsonSchema>[0]);
  server.registerTool(
    'echo',
    { description: 'Echoes', inputSchema: object<{ message: string }>({ message: { type: 'string' } }) },
    ({ message }) => text(message),
  );
  server.registerTool(
    'add',
    {
      description: 'Adds',
      inputSchema: object<{ a: number; b: number }>({ a: { type: 'number' }, b: { type: 'number' } }),
    },
    ({ a, b }) => text(String(a + b)),
  );
  server.registerTool('fail', { description: 'Fails' }, () => ({ ...text('it failed'), isError: true }));
  server.registerTool(
    'region',
    {
      description: 'Tells the region',
      inputSchema: object<{ region: string }>({ region: { type: 'string', 'x-mcp-header': 'Region' } }),
    },
    ({ region }) => text(region),
  );
  if (whole) addWhole(server);
  return server;
}

/** Answers MCP 2026-07-28; `strict` refuses the legacy era. */
export const modernAnswer = ({ strict = true, whole = false } = {}): Answer => {
  const handle = toNodeHandler(
    createMcpHandler(() => modernServer(whole), { legacy: strict ? 'reject' : 'stateless' }),
  );
  return (request, response, seen) => {
    const body = seen.body === '' ? undefined : JSON.parse(seen.body);
    // The adapter's own types are not written for exactOptionalPropertyTypes.
    return handle(request as Parameters<typeof handle>[0], response, body);
  };
};

/** Starts a stateless upstream of the modern era. */
export const modernUpstream = (options: { strict?: boolean; whole?: boolean } = {}): Promise<RunningUpstream> =>
  startRecording(modernAnswer(options));
