import { type Refusal, upstream } from '../../domain/refusal.ts';

/** A refusal that also says where certainly no byte of the request was sent. */
export type EgressRefusal = Refusal & { readonly sent?: false };

/** What went wrong on the wire, as the caller may know it. */
export const timedOut: Refusal = upstream('upstream_timeout', 'The server did not answer in time.').refusal;
/** The answer is larger than the cap. */
export const tooLarge: Refusal = upstream('upstream_too_large', 'The answer of the server is too large.').refusal;
/** The upstream answered with a redirect, which is never followed. */
export const redirected: Refusal = upstream(
  'upstream_redirect',
  'The server answered with a redirect; redirects are not followed.',
).refusal;
/** The answer came in an encoding that was not asked for. */
export const unreadable: Refusal = upstream(
  'upstream_protocol',
  'The answer of the server could not be decoded.',
).refusal;

/** An error of a socket, TLS, the HTTP parser or a decoder, by its `code`; the text of an error never gets out. */
export function refusalOf(error: Error): Refusal {
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'ETIMEDOUT') return timedOut;
  if (/^(?:HPE_|Z_|ERR_BROTLI|ERR__ERROR_FORMAT|ERR_PADDING|ERR_UNREACHABLE)/.test(code)) return unreadable;
  const shown = /^[A-Z][A-Z0-9_]{2,60}$/.test(code) ? ` (${code})` : '';
  return upstream('upstream_refused', `The connection to the server failed${shown}.`).refusal;
}
