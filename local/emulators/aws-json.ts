import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AwsError, awsError } from './aws-error.ts';
import { type Faults, openFaults } from './faults.ts';

/** What an emulator brings; the protocol, the counts and the ordered faults are the same for all. */
export interface AwsJsonService {
  /** The part of `x-amz-target` before the dot, such as `DynamoDB_20120810`. */
  readonly target: string;
  readonly version: '1.0' | '1.1';
  /** One function per operation: takes the parsed body, returns the answer or throws `AwsError`. */
  readonly operations: Readonly<Record<string, (input: never) => unknown>>;
  /** The answer to an ordered fault, where the name alone does not say it. */
  readonly fault?: (error: string, input: never) => AwsError;
  readonly onRequest?: ((operation: string) => void) | undefined;
}

/** A running emulator on 127.0.0.1; `counts` are requests per operation since the start, retries included. */
export interface Emulator {
  readonly endpoint: string;
  readonly faults: Faults;
  counts(): Promise<Record<string, number>>;
  close(): Promise<void>;
}

const maxBodyBytes = 16 * 1024 * 1024;

/** The whole body as text; refuses one that is too large. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) throw new AwsError('RequestEntityTooLarge', 'The request is too large.', {}, 413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** A body as JSON; an error that does not quote it where it is none. */
export function parse(body: string): never {
  try {
    return JSON.parse(body) as never;
  } catch {
    // The parser's own message quotes the body, which may hold a secret.
    throw new AwsError('SerializationException', 'The body is not JSON.');
  }
}

/** Serves the AWS JSON protocol (POST /, operation in `x-amz-target`) on a free loopback port. */
export async function serveAwsJson(service: AwsJsonService): Promise<Emulator> {
  const counts: Record<string, number> = {};
  const { take, ...faults } = openFaults();

  async function answer(request: IncomingMessage, body: string): Promise<unknown> {
    const [target, name = ''] = String(request.headers['x-amz-target']).split('.');
    const operation = Object.hasOwn(service.operations, name) ? service.operations[name] : undefined;
    if (request.method !== 'POST' || target !== service.target || operation === undefined)
      throw new AwsError('UnknownOperationException', `${name} is not emulated.`);
    if (!request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 '))
      throw new AwsError('MissingAuthenticationTokenException', 'Request is missing Authentication Token');
    counts[name] = (counts[name] ?? 0) + 1;
    service.onRequest?.(name);
    const input = parse(body);
    const fault = take(name);
    if (fault !== undefined) throw service.fault?.(fault, input) ?? awsError(fault);
    return operation(input);
  }

  function send(response: ServerResponse, status: number, body: unknown): void {
    const headers = { 'content-type': `application/x-amz-json-${service.version}`, 'x-amzn-requestid': randomUUID() };
    response.writeHead(status, headers).end(JSON.stringify(body));
  }

  const server = createServer(async (request, response) => {
    try {
      const body = await readBody(request);
      send(response, 200, await answer(request, body));
    } catch (error) {
      if (error instanceof AwsError) return send(response, error.status, error.body);
      if (response.destroyed || request.errored) return; // the client went away; nobody is left to answer
      console.error(error);
      send(response, 500, awsError('InternalFailure').body);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults,
    counts: async () => ({ ...counts }),
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
