import type { APIGatewayProxyEvent } from 'aws-lambda';
import { account } from '../aws.ts';
import { type Call, headerValues, type MultiValue } from './call.ts';
import type { Method } from './methods.ts';

/** What of the API's own identity an event carries. */
export interface ApiIdentity {
  readonly apiId: string;
  readonly stageName: string;
  readonly host: string;
}

const copy = (values: MultiValue): Record<string, string[]> | null => {
  const entries = Object.entries(values);
  return entries.length === 0 ? null : Object.fromEntries(entries.map(([name, all]) => [name, [...all]]));
};
/** API Gateway keeps the last of repeated values. */
const last = (values: MultiValue): Record<string, string> | null => {
  const entries = Object.entries(values);
  return entries.length === 0 ? null : Object.fromEntries(entries.map(([name, all]) => [name, all.at(-1)!]));
};

/** Path parameters decoded once; `undefined` when one is not valid percent-encoding. */
export function decodeParameters(encoded: Readonly<Record<string, string>>): Record<string, string> | undefined {
  try {
    return Object.fromEntries(Object.entries(encoded).map(([name, value]) => [name, decodeURIComponent(value)]));
  } catch {
    return undefined;
  }
}

const nobody = {
  accessKey: null,
  accountId: null,
  apiKey: null,
  apiKeyId: null,
  caller: null,
  clientCert: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  user: null,
  userArn: null,
};

/** The proxy event of a request; every body travels in base64, since the API takes all media types as binary. */
export function proxyEvent(
  call: Call,
  method: Method,
  pathParameters: Record<string, string>,
  body: Buffer,
  api: ApiIdentity,
): APIGatewayProxyEvent {
  return {
    resource: method.resource,
    path: call.path,
    httpMethod: call.httpMethod,
    headers: last(call.headers) ?? {},
    multiValueHeaders: copy(call.headers) ?? {},
    queryStringParameters: last(call.query),
    multiValueQueryStringParameters: copy(call.query),
    pathParameters: Object.keys(pathParameters).length === 0 ? null : pathParameters,
    stageVariables: null,
    requestContext: {
      accountId: account,
      apiId: api.apiId,
      authorizer: undefined,
      domainName: api.host,
      domainPrefix: api.apiId,
      extendedRequestId: call.requestId,
      httpMethod: call.httpMethod,
      identity: {
        ...nobody,
        sourceIp: call.sourceIp,
        userAgent: headerValues(call.headers, 'user-agent').at(-1) ?? null,
      },
      path: `/${api.stageName}${call.path}`,
      protocol: 'HTTP/1.1',
      requestId: call.requestId,
      requestTime: new Date(call.receivedAt).toUTCString(),
      requestTimeEpoch: call.receivedAt,
      resourceId: method.resourceId,
      resourcePath: method.resource,
      stage: api.stageName,
    },
    body: body.length === 0 ? null : body.toString('base64'),
    isBase64Encoded: body.length > 0,
  };
}
