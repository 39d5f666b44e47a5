import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { type ErrorCode, errorType, statusByCode } from '../../contract/codes.ts';

interface Answer {
  readonly code: ErrorCode;
  readonly message: string;
  /** Quoted for a fixed value, or a path into the request's context. */
  readonly headers?: Readonly<Record<string, string>>;
}

const unavailable = 'A part this request needs did not answer; nothing was guessed. Try again.';
const failed = 'The gateway failed; the request id finds the cause in its logs.';
const unauthorized = 'No valid key. Send Authorization: Bearer xct_… or x-xct-api-key.';
const later = (seconds: number) => ({ 'Retry-After': `'${seconds}'` });

/** What API Gateway answers without asking a function of ours, by response type. */
const answers: Readonly<Record<string, Answer>> = {
  // A function cannot set this header: API Gateway renames it (`x-amzn-Remapped-WWW-Authenticate`).
  UNAUTHORIZED: { code: 'unauthorized', message: unauthorized, headers: { 'WWW-Authenticate': "'Bearer'" } },
  // The OAuth door alone denies: its challenge differs by path. Every other 403 is a handler's.
  ACCESS_DENIED: {
    code: 'unauthorized',
    message: unauthorized,
    headers: { 'WWW-Authenticate': 'context.authorizer.challenge' },
  },
  INVALID_API_KEY: { code: 'forbidden', message: 'The tier of this key has no usage plan.' },
  // What API Gateway says of a method or a path it does not have.
  MISSING_AUTHENTICATION_TOKEN: { code: 'not_found', message: 'This route does not exist.' },
  RESOURCE_NOT_FOUND: { code: 'not_found', message: 'This route does not exist.' },
  REQUEST_TOO_LARGE: { code: 'too_large', message: 'The request is too large.' },
  UNSUPPORTED_MEDIA_TYPE: { code: 'unsupported_media_type', message: 'The body must be application/json in UTF-8.' },
  THROTTLED: { code: 'rate_limited', message: 'Too many requests of this tier at once.', headers: later(1) },
  QUOTA_EXCEEDED: { code: 'rate_limited', message: 'The requests of this tier are used up.', headers: later(3600) },
  AUTHORIZER_FAILURE: { code: 'unavailable', message: unavailable, headers: later(1) },
  AUTHORIZER_CONFIGURATION_ERROR: { code: 'unavailable', message: unavailable, headers: later(1) },
  INTEGRATION_TIMEOUT: { code: 'upstream_timeout', message: 'The gateway ran out of time for this request.' },
  INTEGRATION_FAILURE: { code: 'internal_error', message: failed },
  DEFAULT_4XX: { code: 'invalid_request', message: 'The request is not acceptable.' },
  DEFAULT_5XX: { code: 'internal_error', message: failed },
};

/** Gives every answer of API Gateway itself the error envelope of the contract and the request id. */
export function answerItself(api: RestApi): void {
  for (const [type, { code, message, headers }] of Object.entries(answers)) {
    const status = statusByCode[code];
    const error = { message, type: errorType(status), code, param: null, request_id: '$context.requestId' };
    api.addGatewayResponse(`Refusal${type}`, {
      type: ResponseType.of(type),
      // The defaults stand for many statuses: a client error keeps its own.
      ...(type === 'DEFAULT_4XX' ? {} : { statusCode: String(status) }),
      templates: { 'application/json': JSON.stringify({ error }) },
      responseHeaders: { 'x-request-id': 'context.requestId', ...headers },
    });
  }
}
