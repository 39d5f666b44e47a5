import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Caller } from '../domain/caller.ts';

/** Header values by lower-case name, every repetition kept: API Gateway's `headers` keeps only the last one. */
export type HeaderValues = Readonly<Record<string, readonly string[]>>;

/** All header values of an event. */
export function headersOf(event: Pick<APIGatewayProxyEvent, 'multiValueHeaders'>): HeaderValues {
  const headers: Record<string, string[]> = Object.create(null);
  for (const [name, values] of Object.entries(event.multiValueHeaders ?? {})) {
    const key = name.toLowerCase();
    // The same name may come in two spellings.
    headers[key] = headers[key] ? [...headers[key], ...(values ?? [])] : (values ?? []);
  }
  return headers;
}

/**
 * True when the path is its resource with the variables filled in. API Gateway routes by (resource, method) and falls
 * through from a literal to a variable, and it decodes: what does not read the same both ways is not a route of ours.
 */
export function isExactPath(event: Pick<APIGatewayProxyEvent, 'path' | 'resource' | 'pathParameters'>): boolean {
  const filled = event.resource.replace(/\{(\w+)\}/g, (_, name: string) => event.pathParameters?.[name] ?? '');
  return event.path === filled;
}

const callers = new WeakMap<object, Caller>();

/**
 * The caller that the authorizer put into the request context, read once of each event; a guarded route without one is a
 * fault of the stack.
 */
export function callerOf(event: Pick<APIGatewayProxyEvent, 'requestContext'>): Caller {
  const caller: unknown = event.requestContext.authorizer?.['caller'];
  if (typeof caller !== 'string') throw new Error('the authorizer passed no caller');
  const read = callers.get(event) ?? (JSON.parse(caller) as Caller);
  callers.set(event, read);
  return read;
}
