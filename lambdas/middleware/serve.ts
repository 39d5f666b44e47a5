import middy from '@middy/core';
import { executionModeStreamifyResponse } from '@middy/core/executionModeStreamifyResponse';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { type Route, routeKey } from '../../contract/route.ts';
import type { Caller } from '../domain/caller.ts';
import { notFound, type Refusal } from '../domain/refusal.ts';
import { ok, type Result } from '../domain/result.ts';
import type { After } from '../ports/meter.ts';
import { admitRequest, admitRole } from './admit.ts';
import { afterOf, finish } from './after.ts';
import { type Answer, preflight, type RenderRefusal, refusalOfFault, renderEnvelope, respond } from './answer.ts';
import { readBody, readQuery, readText } from './body.ts';
import { callerOf, type HeaderValues, headersOf } from './event.ts';
import { logFault, logRequest } from './observe.ts';
import { cameThroughDoor } from './origin.ts';
import { readableOf } from './stream.ts';

/** A request that passed every check before its handler, with the types of its route. */
export interface Incoming<Body, Query> {
  readonly body: Body;
  readonly query: Query;
  readonly params: Readonly<Record<string, string>>;
  /** Throws on a public route: there is nobody. */
  readonly caller: Caller;
  readonly headers: HeaderValues;
  /** The one value of a header, undefined where it is absent. */
  header(name: string): string | undefined;
  readonly requestId: string;
  readonly method: string;
  /** Work that the request is not over without, such as the settling of a call; it delays the answer only where nothing runs after one. */
  readonly after: After;
}

type Handle<Body, Query> = (request: Incoming<Body, Query>) => Promise<Result<Answer, Refusal>>;

/** A route with the function that serves it. */
export interface Served {
  readonly route: Route;
  readonly run: (event: APIGatewayProxyEvent, headers: HeaderValues) => Promise<Result<Answer, Refusal>>;
}

/** Binds a handler to its route: body, query and role are checked by the route before the handler sees them. */
export const on = <Body, Query>(route: Route<Body, Query>, handle: Handle<Body, Query>): Served => ({
  route: route as Route,
  run: async (event, headers) => {
    if (route.access !== 'public') {
      const role = admitRole(route.access, callerOf(event).role);
      if (!role.ok) return role;
    }
    const query = route.query ? readQuery(route.query, event) : ok(undefined as Query);
    if (!query.ok) return query;
    const body = route.body ? readBody(route.body, event, headers) : ok(undefined as Body);
    if (!body.ok) return body;
    return handle(incoming(event, headers, body.value, query.value));
  },
});

/** Like `on` for a door whose body is a protocol message: the handler gets the text, in UTF-8 JSON, unparsed. */
export const onText = (route: Route, handle: Handle<string, undefined>): Served => ({
  route,
  run: async (event, headers) => {
    const text = event.httpMethod === 'POST' ? readText(event, headers) : ok('');
    return text.ok ? handle(incoming(event, headers, text.value, undefined)) : text;
  },
});

const incoming = <Body, Query>(
  event: APIGatewayProxyEvent,
  headers: HeaderValues,
  body: Body,
  query: Query,
): Incoming<Body, Query> => ({
  body,
  query,
  params: (event.pathParameters ?? {}) as Record<string, string>,
  get caller() {
    return callerOf(event);
  },
  headers,
  header: (name) => headers[name]?.[0],
  requestId: event.requestContext.requestId,
  method: event.httpMethod,
  after: afterOf(event),
});

/** What differs between functions. */
export interface ServeOptions {
  /** The function answers as a stream (API Gateway response streaming). */
  readonly streaming?: boolean;
  /** The dialect of refusals; the OpenAI envelope unless told. */
  readonly render?: RenderRefusal;
  /** Given where the routes are public: there is no authorizer in front to ask whether the distribution sent the request. */
  readonly originSecret?: () => Promise<string>;
}

/** The Lambda handler of a list of routes: dispatch, the only catch, one log line, one way to answer. */
export function serve(served: readonly Served[], options: ServeOptions = {}) {
  const byKey = new Map(served.map((one) => [routeKey(one.route), one]));
  const handle = async (event: APIGatewayProxyEvent) => {
    const started = performance.now();
    const requestId = event.requestContext.requestId;
    const headers = headersOf(event);
    const one = byKey.get(`${event.httpMethod} ${event.resource}`) ?? byKey.get(`ANY ${event.resource}`);
    let outcome: Result<Answer, Refusal>;
    let dialect = renderEnvelope;
    try {
      const admitted = admitRequest(event, headers);
      const through = !options.originSecret || (await cameThroughDoor(headers, options.originSecret));
      if (admitted.ok && through && event.httpMethod === 'OPTIONS') outcome = ok(preflight(headers));
      else if (admitted.ok && through && one) {
        dialect = options.render ?? renderEnvelope;
        outcome = await one.run(event, headers);
      } else outcome = admitted.ok ? notFound('This route') : admitted;
    } catch (fault) {
      logFault(requestId, event.resource, fault);
      outcome = { ok: false, refusal: refusalOfFault(fault) };
    }
    const answer = outcome.ok ? outcome.value : dialect(outcome.refusal, requestId);
    const writeLine = (code?: string): void =>
      logRequest({
        request_id: requestId,
        route: `${event.httpMethod} ${event.resource}`,
        status: answer.status ?? 200,
        duration_ms: Math.round(performance.now() - started),
        ...(code === undefined ? {} : { code }),
        ...keyOf(event),
      });
    const response = respond(answer, requestId, headers['origin']?.[0]);
    // The line of a stream is written at its end: only then is known how long it took.
    if (answer.stream)
      return { ...response, body: readableOf(answer.stream, (left) => writeLine(left ? 'client_left' : undefined)) };
    writeLine(outcome.ok ? undefined : outcome.refusal.code);
    return response;
  };
  return options.streaming
    ? middy(handle, { executionMode: executionModeStreamifyResponse, ...finish })
    : middy(handle, finish);
}

/** Who called, for the log line; nothing on public routes. */
function keyOf(event: APIGatewayProxyEvent): { key_id?: string; org_id?: string } {
  if (event.requestContext.authorizer?.['caller'] === undefined) return {};
  const { key_id, org_id } = callerOf(event);
  return { key_id, org_id };
}
