import { expect, test } from '@jest/globals';
import { errorType } from '../../../contract/codes.ts';
import { ErrorEnvelope } from '../../../contract/errors.ts';
import { deployed, resources } from '../template.ts';

const answers = new Map(
  resources(deployed('dev'), 'AWS::ApiGateway::GatewayResponse').map(([, { Properties }]) => [
    Properties.ResponseType as string,
    Properties,
  ]),
);
const body = (type: string) => JSON.parse(answers.get(type).ResponseTemplates['application/json']);
const headers = (type: string) => answers.get(type).ResponseParameters;

test.each([
  ['UNAUTHORIZED', '401', 'unauthorized'],
  ['ACCESS_DENIED', '401', 'unauthorized'],
  ['INVALID_API_KEY', '403', 'forbidden'],
  ['MISSING_AUTHENTICATION_TOKEN', '404', 'not_found'],
  ['RESOURCE_NOT_FOUND', '404', 'not_found'],
  ['REQUEST_TOO_LARGE', '413', 'too_large'],
  ['UNSUPPORTED_MEDIA_TYPE', '415', 'unsupported_media_type'],
  ['THROTTLED', '429', 'rate_limited'],
  ['QUOTA_EXCEEDED', '429', 'rate_limited'],
  ['AUTHORIZER_FAILURE', '503', 'unavailable'],
  ['AUTHORIZER_CONFIGURATION_ERROR', '503', 'unavailable'],
  ['INTEGRATION_TIMEOUT', '504', 'upstream_timeout'],
  ['INTEGRATION_FAILURE', '500', 'internal_error'],
  ['DEFAULT_4XX', undefined, 'invalid_request'],
  ['DEFAULT_5XX', '500', 'internal_error'],
])('%s is answered %s %s in the envelope of the contract', (type, status, code) => {
  expect(answers.get(type).StatusCode).toBe(status);
  expect(ErrorEnvelope.parse(body(type)).error).toMatchObject({
    code,
    type: errorType(Number(status ?? 400)),
    param: null,
    request_id: '$context.requestId',
  });
});

test('every answer of API Gateway itself carries the request id', () => {
  for (const type of answers.keys())
    expect(headers(type)).toMatchObject({ 'gatewayresponse.header.x-request-id': 'context.requestId' });
});

test('AU-02: the challenge of a 401 is static, and the OAuth door’s is the authorizer’s', () => {
  expect(headers('UNAUTHORIZED')['gatewayresponse.header.WWW-Authenticate']).toBe("'Bearer'");
  expect(headers('ACCESS_DENIED')['gatewayresponse.header.WWW-Authenticate']).toBe('context.authorizer.challenge');
});

test('both 401 say the same, so nobody learns which check failed', () => {
  expect(body('ACCESS_DENIED')).toEqual(body('UNAUTHORIZED'));
});

test.each(['THROTTLED', 'QUOTA_EXCEEDED', 'AUTHORIZER_FAILURE'])('%s says when to come back', (type) => {
  expect(headers(type)['gatewayresponse.header.Retry-After']).toMatch(/^'\d+'$/);
});

test('LK-01: no answer repeats what API Gateway or the request said', () => {
  for (const type of answers.keys())
    expect(JSON.stringify(body(type)).replaceAll('$context.requestId', '')).not.toContain('$');
});
