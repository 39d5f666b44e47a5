import { isObject, rpcCode } from '../../domain/protocol/jsonrpc.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { UpstreamRefusal } from '../../ports/upstream.ts';
import { askLegacy, initialize } from './legacy.ts';
import { type Reply, refusalOf } from './message.ts';
import { askModern, type Extras } from './modern.ts';
import { type Introduction, modernPeer, type Peer } from './peer.ts';
import { modernRevision } from './revision.ts';
import type { Line } from './rpc.ts';

/** Sends a request the way its peer understands it. */
export const askPeer = (
  line: Line,
  peer: Peer,
  method: string,
  params: Readonly<Record<string, unknown>>,
  extras: Extras = {},
): Promise<Result<Reply, UpstreamRefusal>> =>
  peer.era === 'modern' ? askModern(line, method, params, extras) : askLegacy(line, peer, method, params, extras);

/**
 * Meets a server nobody knows: `server/discover`, and `initialize` for everything that is no modern answer (MCP
 * 2026-07-28, version negotiation). A server that wants a credential, fails or does not answer is not asked twice.
 */
export async function meet(line: Line): Promise<Result<Introduction, UpstreamRefusal>> {
  const reply = await askModern(line, 'server/discover', {});
  if (!reply.ok) return reply.refusal.code === 'upstream_protocol' ? initialize(line) : reply;
  const { status, result } = reply.value;
  if (status === 401 || status === 403 || status === 429 || status >= 500) return refusalOf(reply.value);
  const versions = result?.['supportedVersions'];
  const supported = Array.isArray(versions) ? versions.filter((version) => typeof version === 'string') : [];
  if (!supported.includes(modernRevision)) return initialize(line);
  const { instructions, capabilities, _meta: meta } = result ?? {};
  const serverInfo = isObject(meta) ? meta['io.modelcontextprotocol/serverInfo'] : undefined;
  return ok({
    peer: modernPeer,
    supported,
    capabilities: isObject(capabilities) ? capabilities : {},
    ...(typeof instructions === 'string' ? { instructions } : {}),
    ...(isObject(serverInfo) ? { serverInfo } : {}),
  });
}

/** What the SDKs answer under 404 for a session they do not know. */
const sessionLost = -32001;

/**
 * Whether a reply shows that the server no longer is what it was taken for: a lost session (MCP 2025-11-25, session
 * management), another era. The request was refused before it ran, so that it may be sent again.
 */
export function isStale(peer: Peer, { status, error }: Reply): boolean {
  if (error?.code === rpcCode.unsupportedVersion) return true;
  if (status !== 400 && status !== 404 && status !== 405 && status !== 406) return false;
  if (error === undefined || error.code === rpcCode.refused || error.code === sessionLost) return true;
  return peer.era === 'modern' && (error.code === rpcCode.invalidRequest || error.code === rpcCode.methodNotFound);
}
