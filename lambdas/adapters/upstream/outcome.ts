import { passingMeta } from '../../domain/protocol/meta.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { ok, type Result } from '../../domain/result.ts';
import { malformed, type Reply, refusalOf } from './message.ts';

type ToolResult = Readonly<Record<string, unknown>>;

/** JSON-RPC errors about the message or the connection; no tool was reached. */
const protocolErrors = new Set([-32700, -32600, -32601, -32000, -32001, -32020, -32021, -32022]);

/** The result without what only concerns the connection between the server and us (its name would be taken for ours). */
function own({ resultType: _type, _meta, ...result }: ToolResult): ToolResult {
  const meta = passingMeta(_meta);
  return Object.keys(meta).length > 0 ? { ...result, _meta: meta } : result;
}

/**
 * The CallToolResult in a reply. A result without `resultType` is complete (legacy servers, MP-18).
 * A JSON-RPC error that the tool's own server raised (-32602 unknown tool or bad arguments, -32603, its own codes)
 * becomes `isError: true`: the call was made and failed, and only a caller who reads the text can do better. Errors
 * of the protocol itself are refusals.
 */
export function toolResult(reply: Reply): Result<ToolResult, Refusal> {
  const { result, error } = reply;
  if (error && !protocolErrors.has(error.code) && reply.status !== 401 && reply.status !== 403)
    return ok({ content: [{ type: 'text', text: error.message }], isError: true });
  if (!result) return refusalOf(reply);
  const type = result['resultType'] ?? 'complete';
  if (type === 'input_required') return malformed('asks its caller for input, which is not relayed yet');
  if (type !== 'complete') return malformed('answered with a kind of result that this gateway does not know');
  const content = result['content'] ?? [];
  if (!Array.isArray(content)) return malformed('answered tools/call without a list of contents');
  return ok(own({ ...result, content }));
}
