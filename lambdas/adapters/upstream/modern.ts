import { capabilitiesKey, versionKey } from '../../domain/protocol/envelope.ts';
import { encodeField, mirrorHeaders } from '../../domain/protocol/headers.ts';
import { serverInfo } from '../../domain/protocol/results.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Result } from '../../domain/result.ts';
import type { Reply } from './message.ts';
import { modernRevision } from './revision.ts';
import { ask, type Line } from './rpc.ts';

/** Sends a request of the modern era: one POST that describes itself in `_meta` and in headers. */
export function askModern(
  line: Line,
  method: string,
  params: Readonly<Record<string, unknown>>,
  { meta = {}, mirrored = {} }: Extras = {},
): Promise<Result<Reply, Refusal>> {
  const { name, arguments: given } = params as { name?: string; arguments?: Readonly<Record<string, unknown>> };
  const described = {
    ...params,
    _meta: {
      ...meta,
      [versionKey]: modernRevision,
      'io.modelcontextprotocol/clientInfo': serverInfo,
      // Nothing is declared: a server then asks its caller for nothing (no MRTR, no sampling).
      [capabilitiesKey]: {},
    },
  };
  return ask(line, method, described, {
    ...mirrorHeaders(mirrored, given ?? {}),
    'mcp-protocol-version': modernRevision,
    'mcp-method': method,
    ...(name === undefined ? {} : { 'mcp-name': encodeField(name) }),
  });
}

/** What goes along with a request beside its parameters: `_meta` of the caller, and a `PinnedTool`'s `mirrored`. */
export interface Extras {
  readonly meta?: Readonly<Record<string, unknown>>;
  readonly mirrored?: Readonly<Record<string, string>>;
}
