import { type ErrorCode, statusByCode } from '../../contract/codes.ts';
import type { No } from './result.ts';

/** How a limit stands: `x-ratelimit-limit`, `-remaining`, `-reset` (whole seconds until it begins anew). */
export interface RateLimit {
  readonly limit: number;
  readonly remaining: number;
  readonly resetSeconds: number;
}

/**
 * Why a request ends without its effect: what the caller may know, nothing else.
 * `code` decides the status; `param` names the offending field; `details` are public facts.
 */
export type Refusal =
  | { readonly code: 'unauthorized' }
  | { readonly code: 'not_admin'; readonly role: 'admin' | 'operator' }
  | { readonly code: 'forbidden'; readonly message: string; readonly level: string; readonly rule: string }
  | { readonly code: 'conflict'; readonly message: string; readonly state?: Readonly<Record<string, unknown>> }
  | {
      readonly code: 'rate_limited' | 'quota_exceeded';
      readonly message: string;
      readonly retryAfterSeconds: number;
      readonly rateLimit: RateLimit;
    }
  | {
      readonly code: Exclude<
        ErrorCode,
        'unauthorized' | 'not_admin' | 'forbidden' | 'conflict' | 'rate_limited' | 'quota_exceeded'
      >;
      readonly message: string;
      readonly param?: string;
    };

/** HTTP status of a refusal. */
export const statusOf = (refusal: Refusal): number => statusByCode[refusal.code];

/** The one sentence a caller reads. Authentication never says which check failed. */
export function messageOf(refusal: Refusal): string {
  switch (refusal.code) {
    case 'unauthorized':
      return 'The credential is missing, malformed, unknown, revoked or expired.';
    case 'not_admin':
      return `This route needs the role ${refusal.role}.`;
    default:
      return refusal.message;
  }
}

/** Public facts of a refusal for `error.details`. */
export function detailsOf(refusal: Refusal): Readonly<Record<string, unknown>> | undefined {
  if (refusal.code === 'forbidden') return { level: refusal.level, rule: refusal.rule };
  if (refusal.code === 'conflict') return refusal.state;
  if ('rateLimit' in refusal) return { limit: refusal.rateLimit.limit, retry_after_seconds: refusal.retryAfterSeconds };
  return undefined;
}

/** How a limit stands, in the headers of an answer of either kind. */
export const rateLimitHeaders = ({ limit, remaining, resetSeconds }: RateLimit): Readonly<Record<string, string>> => ({
  'x-ratelimit-limit': String(limit),
  'x-ratelimit-remaining': String(remaining),
  'x-ratelimit-reset': String(resetSeconds),
});

/** What a refusal by quota or rate says in headers, in every dialect: when to come back, and what ran out. */
export const headersOf = (refusal: Refusal): Readonly<Record<string, string>> =>
  'rateLimit' in refusal
    ? { 'retry-after': String(refusal.retryAfterSeconds), ...rateLimitHeaders(refusal.rateLimit) }
    : {};

const refuse = (refusal: Refusal): No<Refusal> => ({ ok: false, refusal });

/** 401 with one text for every cause. */
export const unauthorized = (): No<Refusal> => refuse({ code: 'unauthorized' });
/** 400 that names the field and the rule. */
export const invalid = (message: string, param?: string): No<Refusal> =>
  refuse({ code: 'invalid_request', message, ...(param === undefined ? {} : { param }) });
/** 404, the same words for what does not exist, is pending, or is another org's. */
export const notFound = (what: string): No<Refusal> =>
  refuse({ code: 'not_found', message: `${what} does not exist.` });
/** 403 with the level that spoke and the rule that decided. */
export const forbidden = (message: string, level: string, rule: string): No<Refusal> =>
  refuse({ code: 'forbidden', message, level, rule });
/** 409 with the current state. */
export const conflict = (message: string, state?: Readonly<Record<string, unknown>>): No<Refusal> =>
  refuse({ code: 'conflict', message, ...(state === undefined ? {} : { state }) });
/** A failure of an upstream, in its own code. */
export const upstream = (code: Extract<ErrorCode, `upstream_${string}`>, message: string): No<Refusal> =>
  refuse({ code, message });
