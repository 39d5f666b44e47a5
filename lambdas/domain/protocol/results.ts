import type { Capabilities } from './capabilities.ts';
import { modernRevisions } from './envelope.ts';
import { renderJson } from './json.ts';
import { isObject } from './jsonrpc.ts';
import { ourPrefix, passingMeta } from './meta.ts';
import { isQuestion, questionAsError } from './questions.ts';
import type { Era } from './revision.ts';

type Json = Readonly<Record<string, unknown>>;

/** How the gateway names itself to clients and to upstreams; the version is package.json's. */
export const serverInfo = { name: 'xcity-mcp-gateway', title: 'Xcity MCP Gateway', version: '0.1.0' } as const;
/** How long a client may keep a list: a quarantined tool is gone from it a minute later (MP-19). */
const maxTtlMs = 60_000;

const cacheable = { ttlMs: maxTtlMs, cacheScope: 'private' } as const;

/** A result as its era writes it: the modern one says of which kind it is, and who answered. */
const inEra = (era: Era, result: Json, resultType = 'complete'): Json =>
  era === 'legacy'
    ? result
    : {
        ...result,
        resultType,
        _meta: { ...(result['_meta'] as Json | undefined), 'io.modelcontextprotocol/serverInfo': serverInfo },
      };

const withText = (instructions: string | undefined) => (instructions === undefined ? {} : { instructions });

/** Legacy `initialize` result in the negotiated revision. */
export const initializeResult = (version: string, capabilities: Capabilities, instructions?: string): Json => ({
  protocolVersion: version,
  capabilities,
  serverInfo,
  ...withText(instructions),
});

/** Modern `server/discover` result. */
export const discoverResult = (capabilities: Capabilities, instructions?: string): Json =>
  inEra('modern', { supportedVersions: modernRevisions, capabilities, ...cacheable, ...withText(instructions) });

/** Result of a request that there is nothing to say to, such as a legacy `ping`. */
export const emptyResult: Json = {};

/**
 * Result of a list method beside its items: the same for nobody else, so `private`. `partial` are the aliases of servers
 * whose entries could not be read.
 */
export const listResult = (
  era: Era,
  { nextCursor, partial = [] }: { readonly nextCursor?: string; readonly partial?: readonly string[] },
): Json =>
  inEra(era, {
    ...(nextCursor === undefined ? {} : { nextCursor }),
    ...(era === 'modern' ? cacheable : {}),
    ...(partial.length === 0 ? {} : { _meta: { [`${ourPrefix}partial`]: partial } }),
  });

/** An upstream's fields with what of its `_meta` is the client's, and `added` under our prefix. */
function passed({ _meta, resultType: _, ...rest }: Json, added: Json = {}): Json {
  const meta: Record<string, unknown> = { ...passingMeta(_meta) };
  for (const key in added) meta[ourPrefix + key] = added[key];
  return { ...rest, ...(Object.keys(meta).length === 0 ? {} : { _meta: meta }) };
}

/** An upstream's result for a client of `era`, untouched but for what is between gateway and upstream. */
export const relayedResult = (era: Era, upstream: Json): Json => inEra(era, passed(upstream));

/** An upstream's questions for a modern client, with our `requestState` in the place of the upstream's. */
export function questionResult({ requestState: _, ...upstream }: Json, requestState: string | undefined): Json {
  const state = requestState === undefined ? {} : { requestState };
  return inEra('modern', { ...passed(upstream), ...state }, 'input_required');
}

/** `resources/read` result: kept at most as long as the upstream allows, and by this client alone (MP-19). */
export function readResult(era: Era, { ttlMs, cacheScope: _, ...upstream }: Json): Json {
  const ttl = Number.isInteger(ttlMs) && Number(ttlMs) > 0 ? Math.min(Number(ttlMs), maxTtlMs) : 0;
  return relayedResult(era, era === 'legacy' ? upstream : { ...upstream, ttlMs: ttl, cacheScope: 'private' });
}

/**
 * `tools/call` result of an upstream for a client of `era`: content untouched, `added` under our prefix. Structured
 * content that is no object is also text where there is none, and wrapped for legacy clients (as the official SDK does).
 */
export function callResult(era: Era, upstream: Json, added: Json = {}): Json {
  if (era === 'legacy' && isQuestion(upstream)) return passed(questionAsError(upstream), added);
  const { content, structuredContent, ...rest } = upstream;
  const blocks: readonly unknown[] = Array.isArray(content) ? content : [];
  const hasText = blocks.some((block) => isObject(block) && block['type'] === 'text');
  const odd = structuredContent !== undefined && !isObject(structuredContent);
  const structured = odd && era === 'legacy' ? { result: structuredContent } : structuredContent;
  return inEra(era, {
    ...passed(rest, added),
    content: odd && !hasText ? [...blocks, { type: 'text', text: renderJson(structuredContent) }] : blocks,
    ...(structuredContent === undefined ? {} : { structuredContent: structured }),
  });
}

/** `tools/call` result of an upstream for the REST doors, which speak no revision: as it is, and never a question. */
export function restResult(upstream: Json): Json {
  if (isQuestion(upstream)) return questionAsError(upstream);
  const { resultType: _, ...rest } = upstream;
  return { isError: false, ...rest };
}
