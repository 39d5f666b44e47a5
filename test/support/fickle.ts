import type { ServerResponse } from 'node:http';
import type { Json } from './gateway.ts';
import { rawUpstream } from './upstreams/raw.ts';
import type { RunningUpstream } from './upstreams/record.ts';

/** An upstream that changes between two requests: what it lists and how it answers a call are set by the test. */
export interface FickleUpstream extends RunningUpstream {
  /** Tool definitions that the next list gives. */
  tools: Json[];
  /** Changes the text of a list before it goes out. */
  rewrite: (text: string) => string;
  /** Writes the whole answer of a call; `reply` is the JSON-RPC way. */
  onCall: (response: ServerResponse, message: Json) => unknown;
}

/** A definition with nothing special about it. */
export const plainTool = (name: string, more: Json = {}): Json => ({
  name,
  description: `Does ${name}`,
  inputSchema: { type: 'object' },
  ...more,
});

/** Answers 200 with a JSON-RPC message. */
export const reply = (response: ServerResponse, message: Json): ServerResponse =>
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ jsonrpc: '2.0', ...message }));

/** Starts it, stateless and of the legacy era, with one tool `run` that answers "ran". */
export async function fickleUpstream(): Promise<FickleUpstream> {
  const changing: Pick<FickleUpstream, 'tools' | 'rewrite' | 'onCall'> = {
    tools: [plainTool('run')],
    rewrite: (text) => text,
    onCall: (response, { id }) => reply(response, { id, result: { content: [{ type: 'text', text: 'ran' }] } }),
  };
  const running = await rawUpstream((_request, response, seen) => {
    const message = JSON.parse(seen.body || '{}');
    const { id, method } = message;
    if (id === undefined) return response.writeHead(202).end();
    if (method === 'tools/call') return changing.onCall(response, message);
    if (method === 'tools/list') {
      const text = JSON.stringify({ jsonrpc: '2.0', id, result: { tools: changing.tools } });
      return response.writeHead(200, { 'content-type': 'application/json' }).end(changing.rewrite(text));
    }
    if (method !== 'initialize') return reply(response, { id, error: { code: -32601, message: 'Method not found' } });
    const serverInfo = { name: 'fickle', version: '1' };
    return reply(response, { id, result: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo } });
  });
  return Object.assign(changing, running);
}
