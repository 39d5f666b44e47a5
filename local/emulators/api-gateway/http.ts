import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { closeServer, listen } from '../../listen.ts';
import { AwsError, awsError } from '../aws-error.ts';
import { parse, readBody } from '../aws-json.ts';
import type { ApiGatewayOperation } from './operations.ts';

const routes: readonly (readonly [verb: string, path: RegExp, operation: ApiGatewayOperation, status: number])[] = [
  ['POST', /^\/apikeys$/, 'createApiKey', 201],
  ['GET', /^\/apikeys$/, 'getApiKeys', 200],
  ['GET', /^\/apikeys\/(?<apiKey>[^/]+)$/, 'getApiKey', 200],
  ['PATCH', /^\/apikeys\/(?<apiKey>[^/]+)$/, 'updateApiKey', 200],
  ['DELETE', /^\/apikeys\/(?<apiKey>[^/]+)$/, 'deleteApiKey', 202],
  ['GET', /^\/usageplans$/, 'getUsagePlans', 200],
  ['GET', /^\/usageplans\/(?<usagePlanId>[^/]+)\/keys$/, 'getUsagePlanKeys', 200],
  ['POST', /^\/usageplans\/(?<usagePlanId>[^/]+)\/keys$/, 'createUsagePlanKey', 201],
  ['DELETE', /^\/usageplans\/(?<usagePlanId>[^/]+)\/keys\/(?<keyId>[^/]+)$/, 'deleteUsagePlanKey', 202],
];

/** Query parameters as the operations spell them. */
function fromQuery(query: URLSearchParams): object {
  const { name, includeValue, includeValues, ...rest } = Object.fromEntries(query);
  return {
    ...rest,
    ...(name === undefined ? {} : { nameQuery: name }),
    ...(includeValue === undefined ? {} : { includeValue: includeValue === 'true' }),
    ...(includeValues === undefined ? {} : { includeValues: includeValues === 'true' }),
  };
}

/** On the wire a list is called `item`. */
const toWire = (answer: object): object => {
  const { items, ...rest } = answer as { readonly items?: unknown };
  return items === undefined ? rest : { ...rest, item: items };
};

/** API Gateway's control plane over HTTP (REST-JSON), for SDK clients with an endpoint. */
export async function serveControlPlane(
  call: (operation: ApiGatewayOperation, input: object) => object,
): Promise<{ readonly endpoint: string; close(): Promise<void> }> {
  async function answer(request: IncomingMessage): Promise<readonly [number, object]> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://local');
    const body = await readBody(request);
    if (!request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 '))
      throw new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token', {}, 403);
    for (const [verb, path, operation, status] of routes) {
      const fit = request.method === verb ? path.exec(pathname) : null;
      if (fit === null) continue;
      const decoded = Object.entries(fit.groups ?? {}).map(([name, text]) => [name, decodeURIComponent(text)]);
      const input = { ...fromQuery(searchParams), ...(parse(body || '{}') as object), ...Object.fromEntries(decoded) };
      return [status, toWire(call(operation, input))];
    }
    throw new AwsError('UnknownOperationException', `${request.method} ${pathname} is not emulated.`, {}, 404);
  }
  function send(response: ServerResponse, status: number, body: object, error?: string): void {
    const type = error === undefined ? {} : { 'x-amzn-errortype': error };
    response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-requestid': randomUUID(), ...type });
    response.end(JSON.stringify(body));
  }
  const server = createServer(async (request, response) => {
    try {
      send(response, ...(await answer(request)));
    } catch (error) {
      if (response.destroyed) return; // the client went away
      const { status, message, body } = error instanceof AwsError ? error : awsError('InternalFailure');
      if (!(error instanceof AwsError)) console.error(error);
      send(response, status, { message }, String(body['__type']));
    }
  });
  return { endpoint: await listen(server), close: () => closeServer(server) };
}
