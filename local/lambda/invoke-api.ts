import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { closeServer, listen } from '../listen.ts';
import { type LambdaFunction, maxPayloadBytes } from './pool.ts';

const route = /^\/2015-03-31\/functions\/([^/?]+)\/invocations(?:\?|$)/;

function refuse(response: ServerResponse, status: number, type: string, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': type });
  response.end(JSON.stringify({ Type: 'User', Message: message }));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Lambda's Invoke API over HTTP, for the SDK's client with an endpoint: `RequestResponse`, `Event` (run once, no retries) and `DryRun`. `find` takes a name or an ARN. */
export async function startInvokeApi(
  find: (nameOrArn: string) => LambdaFunction | undefined,
): Promise<{ endpoint: string; close(): Promise<void> }> {
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const name = decodeURIComponent(route.exec(request.url ?? '')?.[1] ?? '');
    const event = (await buffer(request)).toString() || '{}';
    // A web page can post here without preflight, but never with this header.
    if (!request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 '))
      return refuse(response, 403, 'MissingAuthenticationTokenException', 'The request is not signed.');
    const fn = find(name);
    if (request.method !== 'POST' || fn === undefined)
      return refuse(response, 404, 'ResourceNotFoundException', `Function not found: ${name}`);
    if (Buffer.byteLength(event) > maxPayloadBytes)
      return refuse(response, 413, 'RequestTooLargeException', `Request must be smaller than ${maxPayloadBytes} bytes`);
    if (!isJson(event))
      return refuse(response, 400, 'InvalidRequestContentException', 'Could not parse request body into json.');
    const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
    if (type === 'DryRun') return void response.writeHead(204).end();
    const outcome = fn.invoke(event);
    if (type === 'Event') return void response.writeHead(202).end();
    const result = await outcome;
    if (!result.ok) response.setHeader('x-amz-function-error', 'Unhandled');
    response.writeHead(200, { 'content-type': 'application/json', 'x-amz-executed-version': '$LATEST' });
    response.end(result.ok ? result.payload : JSON.stringify(result.error));
  }
  const server = createServer((request, response) => {
    // Only a client that goes away in mid-request ends here.
    handle(request, response).catch(() => response.destroy());
  });
  const endpoint = await listen(server);
  return { endpoint, close: () => closeServer(server) };
}
