import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as an upstream saw it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A running upstream on 127.0.0.1. */
export interface RunningUpstream {
  /** The URL of its MCP endpoint. */
  readonly url: string;
  /** Every request, in the order of their arrival. */
  readonly requests: Seen[];
  close(): Promise<void>;
}

/** Answers one request; the body is read already. */
export type Answer = (request: IncomingMessage, response: ServerResponse, seen: Seen) => unknown;

/** Serves `answer` on a free port and records every request. */
export async function startRecording(answer: Answer, path = '/mcp'): Promise<RunningUpstream> {
  const requests: Seen[] = [];
  const server = createServer(async (request, response) => {
    request.on('error', () => {});
    response.on('error', () => {});
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const seen = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
    requests.push(seen);
    await answer(request, response, seen);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The JSON-RPC message of a recorded request. */
export const messageOf = (seen: Seen): { method?: string; id?: unknown; params?: Record<string, unknown> } =>
  JSON.parse(seen.body);
