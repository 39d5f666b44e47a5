import { randomUUID } from 'node:crypto';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { z } from 'zod';
import { addWhole } from './legacy-whole.ts';
import { type Answer, type RunningUpstream, startRecording } from './record.ts';

/** Tools echo, add, fail and slow on the v1 SDK; `whole` adds all else that a server offers. */
function legacyServer(whole: boolean): McpServer {
  const server = new McpServer({ name: 'legacy-upstream', version: '1.2.3' }, { instructions: 'Say hello first.' });
  const text = (value: string) => ({ content: [{ type: 'text' as const, text: value }] });
  server.registerTool('echo', { description: 'Echoes', inputSchema: { message: z.string() } }, ({ message }) =>
    text(message),
  );
  server.registerTool('add', { description: 'Adds', inputSchema: { a: z.number(), b: z.number() } }, ({ a, b }) =>
    text(String(a + b)),
  );
  server.registerTool('fail', { description: 'Fails' }, () => ({ ...text('it failed'), isError: true }));
  server.registerTool('slow', { description: 'Takes ms', inputSchema: { ms: z.number() } }, async ({ ms }) => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    return text('done');
  });
  if (whole) addWhole(server);
  return server;
}

/** A legacy upstream: initialize, sessions in memory. `json` answers as JSON, not as server-sent events. */
export interface LegacyUpstream extends RunningUpstream {
  /** Forgets all sessions, as a restart does. */
  forget(): void;
}

/** Answers MCP of the legacy era. */
export function legacyAnswer({ json = false, whole = false } = {}): { readonly answer: Answer; forget(): void } {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const answer: Answer = async (request, response, seen) => {
    const body = seen.body === '' ? undefined : JSON.parse(seen.body);
    const id = String(request.headers['mcp-session-id'] ?? '');
    const known = sessions.get(id);
    if (known) return known.handleRequest(request, response, body);
    const code = id === '' ? 400 : 404;
    if (body?.method !== 'initialize') {
      const error =
        code === 404 ? { code: -32001, message: 'Session not found' } : { code: -32000, message: 'No session' };
      return response.writeHead(code).end(JSON.stringify({ jsonrpc: '2.0', id: null, error }));
    }
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      enableJsonResponse: json,
      onsessioninitialized: (session) => {
        sessions.set(session, transport);
      },
    });
    await legacyServer(whole).connect(transport as Transport);
    return transport.handleRequest(request, response, body);
  };
  return { answer, forget: () => sessions.clear() };
}

/** Starts one. */
export async function legacyUpstream(options: { json?: boolean; whole?: boolean } = {}): Promise<LegacyUpstream> {
  const { answer, forget } = legacyAnswer(options);
  return { ...(await startRecording(answer)), forget };
}
