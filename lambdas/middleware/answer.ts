import type { APIGatewayProxyResult } from 'aws-lambda';
import { errorType } from '../../contract/codes.ts';
import type { Pieces } from '../domain/protocol/sse.ts';
import { writeJson } from '../domain/protocol/text.ts';
import { detailsOf, headersOf, messageOf, type Refusal, statusOf } from '../domain/refusal.ts';
import { isAllowedOrigin } from './admit.ts';
import type { HeaderValues } from './event.ts';

/** What a route answers: a body that becomes JSON, text with a content type of its own, or server-sent events. */
export interface Answer {
  readonly status?: number;
  readonly body?: unknown;
  /** In the place of a body, where the function streams. */
  readonly stream?: Pieces;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How a refusal reads in a dialect. */
export type RenderRefusal = (refusal: Refusal, requestId: string) => Answer;

/** The OpenAI-shaped envelope (http-api, Errors). */
export const renderEnvelope: RenderRefusal = (refusal, requestId) => {
  const status = statusOf(refusal);
  const details = detailsOf(refusal);
  return {
    status,
    headers: headersOf(refusal),
    body: {
      error: {
        message: messageOf(refusal),
        type: errorType(status),
        code: refusal.code,
        param: ('param' in refusal && refusal.param) || null,
        request_id: requestId,
        ...(details === undefined ? {} : { details }),
      },
    },
  };
};

/** The refusal for a thrown fault: a store that did not answer is 503, anything else is ours. */
export const refusalOfFault = (fault: unknown): Refusal =>
  isServiceFault(fault)
    ? { code: 'unavailable', message: 'A store this request needs did not answer; nothing was guessed. Try again.' }
    : { code: 'internal_error', message: 'The gateway failed; the request id finds the cause in its logs.' };

/** AWS SDK service exceptions and time-outs carry `$metadata` or a network code. */
const isServiceFault = (fault: unknown): boolean =>
  fault instanceof Error && ('$metadata' in fault || '$fault' in fault || 'code' in fault);

/**
 * The API Gateway response: events where the answer is a stream, else JSON unless it names a content type; the request id,
 * CORS for a listed origin.
 */
export function respond(answer: Answer, requestId: string, origin: string | undefined): APIGatewayProxyResult {
  const text = typeof answer.body === 'string' && answer.headers?.['content-type'] !== undefined;
  return {
    statusCode: answer.status ?? 200,
    headers: {
      'content-type': answer.stream === undefined ? 'application/json' : 'text/event-stream',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-request-id': requestId,
      ...(origin !== undefined && isAllowedOrigin(origin) ? corsHeaders(origin) : {}),
      ...answer.headers,
    },
    body: answer.body === undefined ? '' : text ? (answer.body as string) : writeJson(answer.body as object),
  };
}

/** CORS answer headers for an origin that is allowed. */
export const corsHeaders = (origin: string): Record<string, string> => ({
  'access-control-allow-origin': origin,
  'access-control-expose-headers':
    'x-request-id, x-xct-cost-usd, x-xct-level, x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset, x-xct-next-cursor, idempotent-replayed, retry-after, www-authenticate',
  vary: 'origin',
});

/**
 * Answer to a CORS preflight (Fetch standard, CORS protocol) whose origin was admitted: that origin may send any header,
 * as it may do anything that a key lets it. The methods are refused by their own routes.
 */
export const preflight = (headers: HeaderValues): Answer => ({
  status: 204,
  headers: {
    'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
    'access-control-allow-headers': headers['access-control-request-headers']?.join(', ') ?? '',
    'access-control-max-age': '600',
  },
});
