import { no, ok, type Result } from '../result.ts';
import { isText, withText, writeJson } from './text.ts';

/** A JSON-RPC error object (JSON-RPC 2.0 §5.1). */
export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** An error with the HTTP status and headers it travels under. */
export interface RpcFault {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly error: RpcError;
}

/** Codes of JSON-RPC 2.0 §5.1 and of MCP 2026-07-28; `refused` is the gateway's own, from the range for servers. */
export const rpcCode = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internalError: -32603,
  refused: -32000,
  headerMismatch: -32020,
  missingCapability: -32021,
  unsupportedVersion: -32022,
} as const;

/** An id as MCP allows it: a string or an integer, never null. */
export type RpcId = string | number;
/** By-name parameters; empty where the message has none. */
export type Params = Readonly<Record<string, unknown>>;

/** One message of a client. A response answers a question this gateway never asks. */
export type Message =
  | { readonly kind: 'request'; readonly id: RpcId; readonly method: string; readonly params: Params }
  | { readonly kind: 'notification'; readonly method: string; readonly params: Params }
  | { readonly kind: 'response' };

/** A message that is none, with the id to answer under where it has a good one. */
export type Malformed = RpcFault & { readonly id: RpcId | null };

/** Whether a value is a JSON object. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An HTTP 400 with its JSON-RPC error. */
export const badRequest = (code: number, message: string, data?: RpcError['data']): RpcFault => ({
  status: 400,
  error: { code, message, ...(data === undefined ? {} : { data }) },
});

const isId = (id: unknown): id is RpcId => typeof id === 'string' || Number.isSafeInteger(id);

/** Reads one JSON-RPC 2.0 message from a parsed body; batches are refused (MCP has none since 2025-06-18). */
export function readMessage(body: unknown): Result<Message, Malformed> {
  const id = isObject(body) && isId(body['id']) ? body['id'] : null;
  const malformed = (message: string) => no({ ...badRequest(rpcCode.invalidRequest, message), id });
  if (Array.isArray(body)) return malformed('Batches are not served: send one message per request.');
  if (!isObject(body) || body['jsonrpc'] !== '2.0') return malformed('The body is not a JSON-RPC 2.0 message.');
  const { method, params = {} } = body;
  if (method === undefined && ('result' in body || 'error' in body)) return ok({ kind: 'response' });
  if (typeof method !== 'string') return malformed('method must be a string.');
  if (!isObject(params)) return malformed('params must be an object.');
  if (!('id' in body)) return ok({ kind: 'notification', method, params });
  if (id === null) return malformed('id must be a string or an integer.');
  return ok({ kind: 'request', id, method, params });
}

/** The response that carries a result; text where the result is. */
export const resultMessage = (id: RpcId, result: Readonly<Record<string, unknown>>): object =>
  isText(result) ? withText({ jsonrpc: '2.0', id }, 'result', writeJson(result)) : { jsonrpc: '2.0', id, result };

/** The response that carries an error; `id` is null where the request's could not be read. */
export const errorMessage = (id: RpcId | null, error: RpcError) => ({ jsonrpc: '2.0', id, error });
