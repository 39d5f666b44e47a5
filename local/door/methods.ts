import { z } from 'zod';
import type { Stack } from '../template/stack.ts';

const Resource = z.object({ ParentId: z.string(), PathPart: z.string() });
const Method = z.object({
  HttpMethod: z.string(),
  ResourceId: z.string(),
  AuthorizationType: z.enum(['NONE', 'CUSTOM']).default('NONE'),
  AuthorizerId: z.string().optional(),
  ApiKeyRequired: z.boolean().default(false),
  Integration: z.object({
    Type: z.literal('AWS_PROXY'),
    Uri: z.string(),
    ResponseTransferMode: z.enum(['BUFFERED', 'STREAM']).default('BUFFERED'),
    TimeoutInMillis: z.number().default(29_000),
  }),
});

/** A deployed method: a resource path, a verb, and what stands behind it. */
export interface Method {
  readonly httpMethod: string;
  /** Resource path with `{name}` for variables. */
  readonly resource: string;
  readonly resourceId: string;
  readonly authorizerId: string | undefined;
  readonly apiKeyRequired: boolean;
  readonly functionArn: string;
  readonly streaming: boolean;
  readonly timeoutMilliseconds: number;
}

/** What `ANY` stands for. */
const verbs = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']);

/** ARN of the function in an API Gateway invocation URI. Throws on any other URI. */
export function functionOfUri(uri: string): string {
  const arn = /functions\/(arn:[^/]+)\//.exec(uri)?.[1];
  if (arn === undefined) throw new Error(`${uri} does not invoke a function`);
  return arn;
}

/** The API's methods. Throws on an integration or authorization the local door does not serve. */
export function readMethods(stack: Stack): readonly Method[] {
  const resources = new Map(
    stack.resources(Resource, 'AWS::ApiGateway::Resource').map(({ id, properties }) => [id, properties]),
  );
  const path = (id: string): string => {
    const resource = resources.get(id);
    return resource === undefined ? '' : `${path(resource.ParentId)}/${resource.PathPart}`;
  };
  return stack.resources(Method, 'AWS::ApiGateway::Method').map(({ properties }) => ({
    httpMethod: properties.HttpMethod,
    resource: path(properties.ResourceId) || '/',
    resourceId: properties.ResourceId,
    authorizerId: properties.AuthorizationType === 'CUSTOM' ? properties.AuthorizerId : undefined,
    apiKeyRequired: properties.ApiKeyRequired,
    functionArn: functionOfUri(properties.Integration.Uri),
    streaming: properties.Integration.ResponseTransferMode === 'STREAM',
    timeoutMilliseconds: properties.Integration.TimeoutInMillis,
  }));
}

interface Fit {
  /** One digit a segment: literal before variable before the rest of the path; last the verb before `ANY`. */
  readonly rank: string;
  readonly parameters: Readonly<Record<string, string>>;
}

const segments = (path: string): readonly string[] => path.split('/').filter((segment) => segment !== '');

function fits(method: Method, httpMethod: string, path: readonly string[]): Fit | undefined {
  const verbFits = method.httpMethod === httpMethod || (method.httpMethod === 'ANY' && verbs.has(httpMethod));
  if (!verbFits) return undefined;
  const pattern = segments(method.resource);
  const parameters: Record<string, string> = {};
  let rank = '';
  for (const [at, part] of pattern.entries()) {
    const segment = path[at];
    if (segment === undefined) return undefined;
    if (part.endsWith('+}')) {
      parameters[part.slice(1, -2)] = path.slice(at).join('/');
      return { rank: `${rank}0`, parameters };
    }
    const variable = part.startsWith('{');
    if (variable) parameters[part.slice(1, -1)] = segment;
    else if (part !== segment) return undefined;
    rank += variable ? '1' : '2';
  }
  if (path.length !== pattern.length) return undefined;
  return { rank: `${rank}${method.httpMethod === httpMethod ? '1' : '0'}`, parameters };
}

/** The method that serves a request, with its still encoded path parameters. A path whose best resource lacks the verb falls through to the next resource that has it. */
export function findMethod(
  methods: readonly Method[],
  httpMethod: string,
  path: string,
): { readonly method: Method; readonly parameters: Readonly<Record<string, string>> } | undefined {
  const wanted = segments(path);
  let best: (Fit & { readonly method: Method }) | undefined;
  for (const method of methods) {
    const found = fits(method, httpMethod, wanted);
    if (found !== undefined && (best === undefined || found.rank > best.rank)) best = { ...found, method };
  }
  return best;
}
