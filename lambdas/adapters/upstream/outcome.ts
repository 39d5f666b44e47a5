import { renderJson } from '../../domain/protocol/json.ts';
import { isObject, type RpcError, rpcCode } from '../../domain/protocol/jsonrpc.ts';
import { no, ok, type Result } from '../../domain/result.ts';
import type { UpstreamRefusal, UpstreamRequest } from '../../ports/upstream.ts';
import { malformed, type Reply, refusalOf, withOwnMeta } from './message.ts';
import type { Peer } from './peer.ts';

type Json = Readonly<Record<string, unknown>>;
type Method = UpstreamRequest['method'];

/** JSON-RPC errors about the message or the connection; what was asked for was not reached. */
const protocolErrors = new Set([-32700, -32600, -32601, -32000, -32001, -32020, -32021, -32022]);
/** What a resource that is not there was before 2026-07-28. */
const resourceNotFound = -32002;
/** Characters of an error's message, and of its data, that reach the caller. */
const maxErrorText = 4096;

/** What a result of each method cannot do without (MCP 2026-07-28, schema). */
const isWhole: Readonly<Record<Method, (result: Json) => boolean>> = {
  'tools/call': ({ content }) => content === undefined || Array.isArray(content),
  'prompts/get': ({ messages }) => Array.isArray(messages),
  'resources/read': ({ contents }) => Array.isArray(contents),
  'completion/complete': ({ completion }) => isObject(completion) && Array.isArray(completion['values']),
};

/** Whether a result that asks the caller for input is one: only modern servers ask so, and not for a completion. */
const isQuestion = (peer: Peer, method: Method, { inputRequests, requestState }: Json): boolean =>
  peer.era === 'modern' &&
  method !== 'completion/complete' &&
  (isObject(inputRequests) || inputRequests === undefined) &&
  (typeof requestState === 'string' || (requestState === undefined && inputRequests !== undefined));

/** A server's error for the client: its text cut, its data only where it is short. */
function rpcOf({ code, message, data }: NonNullable<Reply['error']>): RpcError {
  const shown = isObject(data) && renderJson(data).length <= maxErrorText;
  return {
    code: code === resourceNotFound ? rpcCode.invalidParams : code,
    message: message.slice(0, maxErrorText),
    ...(shown ? { data } : {}),
  };
}

/**
 * The end of a request that a server answered with a JSON-RPC error. Errors of the protocol are refusals, only a missing
 * capability is the client's to hear. The others are the server's own (-32602 unknown name or bad arguments, -32603, its
 * own codes): a refusal that carries the error, but for tools, where the call was made and failed and only a caller who
 * reads the text can do better: `isError: true`.
 */
function failed(method: Method, reply: Reply, error: NonNullable<Reply['error']>): Result<Json, UpstreamRefusal> {
  const { refusal } = refusalOf(reply);
  if (reply.status === 401 || reply.status === 403) return no(refusal);
  if (error.code === rpcCode.missingCapability) return no({ ...refusal, rpc: rpcOf(error) });
  if (protocolErrors.has(error.code)) return no(refusal);
  if (method !== 'tools/call') return no({ ...refusal, rpc: rpcOf(error) });
  return ok({ resultType: 'complete', content: [{ type: 'text', text: error.message }], isError: true });
}

/** The result in a reply. One without `resultType` is complete (legacy servers, MP-18). */
export function resultOf(peer: Peer, method: Method, reply: Reply): Result<Json, UpstreamRefusal> {
  const { result, error } = reply;
  if (error) return failed(method, reply, error);
  if (!result) return refusalOf(reply);
  const { resultType = 'complete' } = result;
  if (resultType === 'input_required' && isQuestion(peer, method, result)) return ok(withOwnMeta(result));
  if (resultType !== 'complete') return malformed('answered with a kind of result that is not known here');
  if (!isWhole[method](result)) return malformed(`answered ${method} without what its result consists of`);
  const content = method === 'tools/call' ? { content: result['content'] ?? [] } : {};
  return ok({ ...withOwnMeta(result), ...content, resultType });
}
