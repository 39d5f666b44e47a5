import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import type { Route } from '../../contract/route.ts';
import type { Caller } from '../../lambdas/domain/caller.ts';

/** What a test asks of a route. */
export interface Asked {
  readonly caller?: Caller;
  readonly params?: Readonly<Record<string, string>>;
  /** The body's text, or what becomes its JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The event that API Gateway makes of a request; the authorizer has named the caller. */
export function eventOf(route: Pick<Route, 'method' | 'path'>, { caller, params = {}, body, headers }: Asked) {
  const sent = { 'content-type': 'application/json', ...headers };
  return {
    httpMethod: route.method,
    resource: route.path,
    path: route.path.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? ''),
    pathParameters: params,
    multiValueHeaders: Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, [value]])),
    multiValueQueryStringParameters: null,
    body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
    isBase64Encoded: false,
    requestContext: {
      requestId: 'req-1',
      authorizer: caller === undefined ? {} : { caller: JSON.stringify(caller) },
    },
  } as unknown as APIGatewayProxyEvent;
}

/** The invocation's context, as far as our handlers look at it. */
export const context = { awsRequestId: 'req-1' } as Context;

/** Status and parsed body of an answer. */
export const readAnswer = (answer: unknown): { readonly status: number; readonly body: any } => {
  const { statusCode, body } = answer as { statusCode: number; body: string };
  return { status: statusCode, body: JSON.parse(body) };
};
