import type { ToolDefinition } from '../definition.ts';
import { modernRevisions } from './envelope.ts';
import { renderJson } from './json.ts';
import { isObject } from './jsonrpc.ts';
import { ourPrefix, passingMeta } from './meta.ts';
import { withoutMirrors } from './mirrors.ts';
import type { Era } from './revision.ts';

type Json = Readonly<Record<string, unknown>>;

/** How the gateway names itself to clients and to upstreams; the version is package.json's. */
export const serverInfo = { name: 'xcity-mcp-gateway', title: 'Xcity MCP Gateway', version: '0.1.0' } as const;
/** How long a client may keep a list: a quarantined tool is gone from it a minute later (MP-19). */
const listTtlMs = 60_000;

/** No `listChanged` and no `subscribe`: clients would hold a stream open for them. */
const capabilities = { tools: {} } as const;
const cacheable = { ttlMs: listTtlMs, cacheScope: 'private' } as const;

/** A result as its era writes it: the modern one says that it is complete, and who answered. */
const inEra = (era: Era, result: Json): Json =>
  era === 'legacy'
    ? result
    : {
        ...result,
        resultType: 'complete',
        _meta: { ...(result['_meta'] as Json | undefined), 'io.modelcontextprotocol/serverInfo': serverInfo },
      };

const withText = (instructions: string | undefined) => (instructions === undefined ? {} : { instructions });

/** Legacy `initialize` result in the negotiated revision. */
export const initializeResult = (version: string, instructions?: string): Json => ({
  protocolVersion: version,
  capabilities,
  serverInfo,
  ...withText(instructions),
});

/** Modern `server/discover` result. */
export const discoverResult = (instructions?: string): Json =>
  inEra('modern', { supportedVersions: modernRevisions, capabilities, ...cacheable, ...withText(instructions) });

/** Result of a legacy `ping`. */
export const pingResult: Json = {};

/** MCP Tool object under its exposed name: the fields a client may see, without what is between gateway and upstream. */
export function toolView(era: Era, name: string, definition: ToolDefinition): Json {
  const { title, description, annotations, icons, outputSchema } = definition;
  const meta = passingMeta(definition['_meta']);
  // Before 2026-07-28 an output schema had to be an object's.
  const outputs = era === 'modern' || outputSchema?.['type'] === 'object';
  return {
    name,
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    inputSchema: withoutMirrors(definition.inputSchema),
    ...(outputSchema === undefined || !outputs ? {} : { outputSchema }),
    ...(annotations === undefined ? {} : { annotations }),
    ...(icons === undefined ? {} : { icons }),
    ...(Object.keys(meta).length === 0 ? {} : { _meta: meta }),
  };
}

/** `tools/list` result: the same for nobody else, so `private`. */
export const toolsResult = (era: Era, tools: readonly Json[], nextCursor?: string): Json =>
  inEra(era, {
    tools,
    ...(nextCursor === undefined ? {} : { nextCursor }),
    ...(era === 'modern' ? cacheable : {}),
  });

/**
 * `tools/call` result of an upstream for a client of `era`: content untouched, `_meta` without what is not the client's,
 * `added` under our prefix. Structured content that is no object becomes text for legacy clients, which cannot read it.
 */
export function callResult(era: Era, upstream: Json, added: Json = {}): Json {
  const { _meta, resultType: _, content, structuredContent, ...rest } = upstream;
  const blocks: readonly unknown[] = Array.isArray(content) ? content : [];
  const hasText = blocks.some((block) => isObject(block) && block['type'] === 'text');
  const odd = structuredContent !== undefined && !isObject(structuredContent);
  const ours = Object.entries(added).map(([key, value]) => [ourPrefix + key, value]);
  const meta = { ...passingMeta(_meta), ...Object.fromEntries(ours) };
  return inEra(era, {
    ...rest,
    content: odd && !hasText ? [...blocks, { type: 'text', text: renderJson(structuredContent) }] : blocks,
    ...(structuredContent === undefined || (odd && era === 'legacy') ? {} : { structuredContent }),
    ...(Object.keys(meta).length === 0 ? {} : { _meta: meta }),
  });
}
