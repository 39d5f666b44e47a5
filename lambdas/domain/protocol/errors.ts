import type { ErrorCode } from '../../../contract/codes.ts';
import { detailsOf, headersOf, messageOf, type Refusal, statusOf } from '../refusal.ts';
import { type RpcError, type RpcFault, rpcCode } from './jsonrpc.ts';
import type { Era } from './revision.ts';

/** What the caller named is wrong or not there for it: -32602 inside an HTTP 200, the same for every reason. */
const invalidParams: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'invalid_request',
  'unknown_server',
  'not_found',
  'forbidden',
  'tool_definition_changed',
  'idempotency_mismatch',
]);

/** Ends of a call that a client should read as an answer: an HTTP error would hide the text from it. */
const inBand: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'conflict',
  'result_not_stored',
  'account_not_connected',
  'upstream_refused',
  'upstream_redirect',
  'upstream_too_large',
  'upstream_protocol',
  'upstream_denied',
  'upstream_auth_failed',
  'upstream_timeout',
]);

/** A refusal, with the upstream's own error where the client is to get that. */
type Told = Refusal & { readonly rpc?: RpcError };

/**
 * A refusal in the MCP dialect; whatever is not the call's own keeps its HTTP status (401, 403, 429, 503, …). An error of
 * the upstream's passes as it is; a missing capability is HTTP 400, and nothing that a legacy client could declare.
 */
export function rpcFault(refusal: Told, requestId: string, era: Era = 'modern'): RpcFault {
  const { rpc } = refusal;
  const undeclared = rpc?.code === rpcCode.missingCapability;
  if (rpc && !(undeclared && era === 'legacy')) return { status: undeclared ? 400 : 200, error: rpc };
  const details = detailsOf(refusal);
  const data = { code: refusal.code, request_id: requestId, ...(details === undefined ? {} : { details }) };
  const headers = 'rateLimit' in refusal ? { headers: headersOf(refusal) } : {};
  const fault = (status: number, code: number) => ({
    status,
    ...headers,
    error: { code, message: messageOf(refusal), data },
  });
  if (invalidParams.has(refusal.code)) return fault(200, rpcCode.invalidParams);
  if (inBand.has(refusal.code)) return fault(200, rpcCode.refused);
  if (refusal.code === 'header_mismatch') return fault(400, rpcCode.headerMismatch);
  return fault(statusOf(refusal), refusal.code === 'internal_error' ? rpcCode.internalError : rpcCode.refused);
}

/** A body that is not JSON as the gateway reads it. */
export const parseFault = (reason: string): RpcFault => ({
  status: 400,
  error: { code: rpcCode.parseError, message: `The body cannot be read: ${reason}.` },
});

/** A method that is not served: HTTP 404 in the modern era, an ordinary answer before. */
export const unknownMethod = (era: Era): RpcFault => ({
  status: era === 'modern' ? 404 : 200,
  error: { code: rpcCode.methodNotFound, message: 'Method not found' },
});
