import type { ToolDefinition } from '../../domain/definition.ts';
import { isObject, rpcCode } from '../../domain/protocol/jsonrpc.ts';
import { type Refusal, upstream } from '../../domain/refusal.ts';
import { ok, type Result } from '../../domain/result.ts';
import { malformed, type Reply, refusalOf } from './message.ts';

/** product.md §10: a server has at most this many tools. */
const maxTools = 256;
/** A page may be empty; this ends a list that never does. */
const maxPages = 50;

const isTool = (value: unknown): value is ToolDefinition => isObject(value) && typeof value['name'] === 'string';

/**
 * All tools of a server, pages followed; over the caps, or when a cursor comes back, the list is refused whole
 * (TD-12). Whether a definition is acceptable is decided where it is pinned.
 */
export async function listTools(
  page: (params: { cursor?: string }) => Promise<Result<Reply, Refusal>>,
): Promise<Result<readonly ToolDefinition[], Refusal>> {
  const tools: ToolDefinition[] = [];
  const cursors = new Set<string>();
  let cursor: string | undefined;
  for (let pages = 0; pages < maxPages; pages++) {
    const reply = await page(cursor === undefined ? {} : { cursor });
    if (!reply.ok) return reply;
    const { result, error } = reply.value;
    // A server without tools need not know the method.
    if (error?.code === rpcCode.methodNotFound && pages === 0) return ok([]);
    if (!result) return refusalOf(reply.value);
    const listed = result['tools'];
    if (!Array.isArray(listed) || !listed.every(isTool))
      return malformed('answered tools/list without a list of tools');
    tools.push(...listed);
    if (tools.length > maxTools) return upstream('upstream_too_large', `The server has more than ${maxTools} tools.`);
    const next = result['nextCursor'];
    if (typeof next !== 'string') return ok(tools);
    if (cursors.has(next)) return malformed('repeats a cursor of tools/list');
    cursors.add(next);
    cursor = next;
  }
  return upstream('upstream_too_large', `The server has more than ${maxPages} pages of tools.`);
}
