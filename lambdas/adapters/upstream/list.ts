import type {
  PromptDefinition,
  ResourceDefinition,
  ResourceTemplateDefinition,
  ToolDefinition,
} from '../../domain/definition.ts';
import { isObject, rpcCode } from '../../domain/protocol/jsonrpc.ts';
import { type Refusal, upstream } from '../../domain/refusal.ts';
import { ok, type Result } from '../../domain/result.ts';
import { type DefinitionKind, limits, nounOf } from '../../domain/snapshot/limits.ts';
import type { UpstreamRefusal } from '../../ports/upstream.ts';
import { malformed, type Reply, refusalOf } from './message.ts';

/** A thousand entries by tens; a page may be empty, so this ends a list that never does. */
const maxPages = 100;

interface Definition {
  readonly tools: ToolDefinition;
  readonly prompts: PromptDefinition;
  readonly resources: ResourceDefinition;
  readonly resource_templates: ResourceTemplateDefinition;
}

/** How each kind is listed, under which field of the result, and what names an entry (MCP 2026-07-28, Server Features). */
const wire: Readonly<
  Record<DefinitionKind, { readonly method: string; readonly field: string; readonly key: string }>
> = {
  tools: { method: 'tools/list', field: 'tools', key: 'name' },
  prompts: { method: 'prompts/list', field: 'prompts', key: 'name' },
  resources: { method: 'resources/list', field: 'resources', key: 'uri' },
  resource_templates: { method: 'resources/templates/list', field: 'resourceTemplates', key: 'uriTemplate' },
};

/**
 * All definitions of a kind, pages followed; over the caps, or when a cursor comes back, the list is refused whole
 * (TD-12). Whether a definition is acceptable is decided where it is pinned.
 */
export async function listAll<K extends DefinitionKind>(
  kind: K,
  ask: (method: string, params: { cursor?: string }) => Promise<Result<Reply, UpstreamRefusal>>,
): Promise<Result<readonly Definition[K][], UpstreamRefusal>> {
  const { method, field, key } = wire[kind];
  const found: Definition[K][] = [];
  const isDefinition = (value: unknown): value is Definition[K] => isObject(value) && typeof value[key] === 'string';
  const cursors = new Set<string>();
  let cursor: string | undefined;
  for (let pages = 0; pages < maxPages; pages++) {
    const reply = await ask(method, cursor === undefined ? {} : { cursor });
    if (!reply.ok) return reply;
    const { result, error } = reply.value;
    // A server without such definitions need not know the method.
    if (error?.code === rpcCode.methodNotFound && pages === 0) return ok([]);
    if (!result) return refusalOf(reply.value);
    const listed = result[field];
    if (!Array.isArray(listed) || !listed.every(isDefinition))
      return malformed(`answered ${method} without a list of ${nounOf[kind]}`);
    found.push(...listed);
    if (found.length > limits[kind]) return tooMany(`${limits[kind]} ${nounOf[kind]}`);
    const next = result['nextCursor'];
    if (typeof next !== 'string') return ok(found);
    if (cursors.has(next)) return malformed(`repeats a cursor of ${method}`);
    cursors.add(next);
    cursor = next;
  }
  return tooMany(`${maxPages} pages of ${nounOf[kind]}`);
}

const tooMany = (what: string): Result<never, Refusal> =>
  upstream('upstream_too_large', `The server has more than ${what}.`);
