import { capabilitiesKey, versionKey } from '../../domain/protocol/envelope.ts';
import { encodeField, mirrorHeaders } from '../../domain/protocol/headers.ts';
import { serverInfo } from '../../domain/protocol/results.ts';
import type { Result } from '../../domain/result.ts';
import type { UpstreamRefusal, UpstreamRequest } from '../../ports/upstream.ts';
import type { Reply } from './message.ts';
import { notice } from './notice.ts';
import { modernRevision } from './revision.ts';
import { ask, type Line, nextId } from './rpc.ts';

/** Sends a request of the modern era: one POST that describes itself in `_meta` and in headers. */
export function askModern(
  line: Line,
  method: string,
  params: Readonly<Record<string, unknown>>,
  extras: Extras = {},
): Promise<Result<Reply, UpstreamRefusal>> {
  const { meta = {}, mirrored = {}, clientCapabilities = {} } = extras;
  const { name, uri, arguments: given } = params as Described;
  const described = {
    ...params,
    _meta: {
      ...meta,
      [versionKey]: modernRevision,
      'io.modelcontextprotocol/clientInfo': serverInfo,
      // Where nothing is declared a server asks its caller for nothing (no MRTR, no sampling).
      [capabilitiesKey]: clientCapabilities,
    },
  };
  const named = method === 'resources/read' ? uri : name;
  const headers = {
    ...mirrorHeaders(mirrored, given ?? {}),
    'mcp-protocol-version': modernRevision,
    'mcp-method': method,
    ...(named === undefined ? {} : { 'mcp-name': encodeField(named) }),
  };
  return ask(line, { id: nextId(), method, params: described }, headers, (message) => {
    // The modern era has no requests of servers: one that is met all the same waits for nobody.
    if (!('id' in message)) notice(message, extras);
  });
}

/** The parameters that headers repeat. */
interface Described {
  readonly name?: string;
  readonly uri?: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
}

/** What goes along with a request beside its parameters. */
export type Extras = Omit<UpstreamRequest, 'method' | 'params'>;
