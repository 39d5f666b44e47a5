import { gzipSync } from 'node:zlib';
import { type Answer, type RunningUpstream, startRecording } from './record.ts';

/** Serves whatever `answer` writes: bad behaviour on purpose. */
export const rawUpstream = (answer: Answer): Promise<RunningUpstream> => startRecording(answer);

/** Answers every POST with JSON-RPC messages made from the request; a list is sent as server-sent events. */
export const rpcUpstream = (
  reply: (message: { id: unknown; method: string; params: Record<string, unknown> }) => unknown,
): Promise<RunningUpstream> =>
  rawUpstream((_request, response, seen) => {
    const answer = reply(JSON.parse(seen.body));
    if (answer === undefined) return response.writeHead(202).end();
    if (!Array.isArray(answer))
      return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const message of answer) response.write(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
    return response.end();
  });

/** Redirects every request with `status` to `location`. */
export const redirectingUpstream = (status: number, location: string): Promise<RunningUpstream> =>
  rawUpstream((_request, response) => response.writeHead(status, { location }).end());

/** Never sends a header. */
export const silentUpstream = (): Promise<RunningUpstream> => rawUpstream(() => {});

/** Sends `bytes` zeros, plain or compressed to a thousandth. */
export const hugeUpstream = (bytes: number, compressed: boolean): Promise<RunningUpstream> =>
  rawUpstream((_request, response) =>
    response
      .writeHead(200, { 'content-type': 'application/json', ...(compressed ? { 'content-encoding': 'gzip' } : {}) })
      .end(compressed ? gzipSync(Buffer.alloc(bytes, '0')) : Buffer.alloc(bytes, '0')),
  );

/** Refuses with `status` and repeats the credential it was given in the error text. */
export const echoingUpstream = (status: number): Promise<RunningUpstream> =>
  rawUpstream((request, response, seen) => {
    const { id } = JSON.parse(seen.body);
    const message = `not allowed with ${request.headers.authorization ?? request.headers['x-api-key']}`;
    response
      .writeHead(status, { 'content-type': 'application/json', 'x-echo': String(request.headers.authorization) })
      .end(JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32603, message, data: message } }));
  });
