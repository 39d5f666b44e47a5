import { isObject } from '../../domain/protocol/jsonrpc.ts';
import { passingMeta } from '../../domain/protocol/meta.ts';
import { type Refusal, upstream } from '../../domain/refusal.ts';
import { no, ok, type Result } from '../../domain/result.ts';

/** What a server answered to a request: its HTTP status, and the result or error for our id where there was one. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/** 502: the server does not keep to MCP; `what` is said of the server. */
export const malformed = (what: string) => upstream('upstream_protocol', `The server ${what}.`);

/** Whether a message answers request `id`; a refused request may be answered without an id (JSON-RPC 2.0 §5). */
export const answers = (message: unknown, id: number, refused = false): message is Readonly<Record<string, unknown>> =>
  isObject(message) &&
  message['jsonrpc'] === '2.0' &&
  ('result' in message || 'error' in message) &&
  (message['id'] === id || (refused && (message['id'] ?? null) === null));

/** The result or the error of a message that answers us; having both, or neither in its form, is no answer (MP-18). */
export function outcome(
  message: Readonly<Record<string, unknown>>,
): Result<Pick<Reply, 'result'> | Pick<Reply, 'error'>, Refusal> {
  const { result, error } = message;
  if (result !== undefined && error !== undefined) return malformed('answered with both a result and an error');
  if (isObject(result)) return ok({ result });
  if (!isObject(error) || typeof error['code'] !== 'number') return malformed('answered with neither result nor error');
  const text = typeof error['message'] === 'string' ? error['message'] : '';
  return ok({ error: { code: error['code'], message: text, data: error['data'] } });
}

/** A result, or parameters of a notification, without the `_meta` that only concerns the connection between the server and us. */
export function withOwnMeta({ _meta, ...rest }: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const meta = passingMeta(_meta);
  return Object.keys(meta).length > 0 ? { ...rest, _meta: meta } : rest;
}

/** The refusal in a reply that brought no result: by its status, or for a JSON-RPC error that no tool can give. */
export function refusalOf({ status, error }: Reply) {
  if (status === 401)
    return no({
      code: 'upstream_auth_failed',
      message: 'The server did not accept the credential.',
      unauthorized: true,
    } as const);
  if (status === 403) return upstream('upstream_denied', 'The server denied access.');
  if (error) return malformed(`answered with the JSON-RPC error ${error.code}`);
  return upstream('upstream_refused', `The server answered with HTTP status ${status}.`);
}
