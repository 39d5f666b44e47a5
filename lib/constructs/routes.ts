import { Duration, Validations } from 'aws-cdk-lib';
import {
  AuthorizationType,
  type CfnAuthorizer,
  type Integration,
  LambdaIntegration,
  type Method,
  RequestAuthorizer,
  type RequestValidator,
  ResponseTransferMode,
  type RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Route, RouteFunction } from '../../contract/route.ts';
import { routes } from '../../contract/routes.ts';
import type { FunctionName } from './function.ts';

/** Functions that answer as a stream. A function is either this or buffered, on all its routes. */
const streaming: ReadonlySet<RouteFunction> = new Set(['mcp', 'chat']);

/** Longest wait for a stream's end (API Gateway's own limit). */
export const streamMinutes = 15;
/** Longest wait for a buffered answer (API Gateway's own limit). */
export const bufferedSeconds = 29;

type Functions = Readonly<Record<FunctionName, IFunction>>;

/** Gives the API one method for each row of the route table, and a preflight for each path where browsers may call. */
export function serveRoutes(api: RestApi, functions: Functions, preflight: boolean): void {
  const authorizer = keyAuthorizer(api, functions.authorizer);
  const requestValidator = api.addRequestValidator('Validator', {
    validateRequestBody: true,
    validateRequestParameters: true,
  });
  for (const route of routes) addRoute(api, route, integration(route.fn, functions), authorizer, requestValidator);
  if (!preflight) return;
  for (const path of new Set(routes.map((route) => route.path))) {
    const options = { method: 'OPTIONS', path, access: 'public' } as const;
    addRoute(api, options, integration('site', functions), authorizer, requestValidator);
  }
}

/** Asked for every request: a revoked key must not live on in a cache of API Gateway's. */
function keyAuthorizer(api: RestApi, handler: IFunction): RequestAuthorizer {
  const authorizer = new RequestAuthorizer(api, 'Authorizer', {
    handler,
    resultsCacheTtl: Duration.seconds(0),
    identitySources: [],
  });
  // Identity sources are all required, and a key may come in one header or another. CDK would render an empty one.
  (authorizer.node.defaultChild as CfnAuthorizer).addPropertyDeletionOverride('IdentitySource');
  return authorizer;
}

/** Permissions are the API's, not each method's: those alone would be two hundred resources. */
function integration(name: RouteFunction, functions: Functions): Integration {
  const streams = streaming.has(name);
  return new LambdaIntegration(functions[name], {
    scopePermissionToMethod: false,
    responseTransferMode: streams ? ResponseTransferMode.STREAM : ResponseTransferMode.BUFFERED,
    timeout: streams ? Duration.minutes(streamMinutes) : Duration.seconds(bufferedSeconds),
  });
}

function addRoute(
  api: RestApi,
  route: Pick<Route, 'path' | 'access' | 'metered'> & { readonly method: string },
  target: Integration,
  authorizer: RequestAuthorizer,
  requestValidator: RequestValidator,
): Method {
  const variables = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => `method.request.path.${name}`);
  const method = api.root.resourceForPath(route.path).addMethod(route.method, target, {
    ...(route.access === 'public'
      ? { authorizationType: AuthorizationType.NONE }
      : { authorizationType: AuthorizationType.CUSTOM, authorizer }),
    apiKeyRequired: route.metered === true,
    requestParameters: Object.fromEntries(variables.map((name) => [name, true])),
    requestValidator,
  });
  if (route.access === 'public')
    Validations.of(method).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason: `${route.method} ${route.path} is public in the route table; its function asks for the distribution's secret.`,
    });
  return method;
}
