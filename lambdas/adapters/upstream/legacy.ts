import { isObject } from '../../domain/protocol/jsonrpc.ts';
import { serverInfo as clientInfo } from '../../domain/protocol/results.ts';
import { legacyRevisions } from '../../domain/protocol/revision.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { ok, type Result } from '../../domain/result.ts';
import { malformed, type Reply, refusalOf } from './message.ts';
import type { Extras } from './modern.ts';
import type { Introduction, LegacyPeer } from './peer.ts';
import { chosenRevisions } from './revision.ts';
import { ask, type Line, tell } from './rpc.ts';

const headersOf = ({ version, session }: LegacyPeer): Record<string, string> => ({
  'mcp-protocol-version': version,
  ...(session === undefined ? {} : { 'mcp-session-id': session }),
});

/** Begins a session: initialize, then notifications/initialized (MCP 2025-11-25, lifecycle). */
export async function initialize(line: Line): Promise<Result<Introduction, Refusal>> {
  const params = { protocolVersion: legacyRevisions[0], capabilities: {}, clientInfo };
  const reply = await ask(line, 'initialize', params, {});
  if (!reply.ok) return reply;
  const { result, headers } = reply.value;
  if (!result) return refusalOf(reply.value);
  const version = result['protocolVersion'];
  if (typeof version !== 'string' || !chosenRevisions.includes(version))
    return malformed('speaks no MCP revision that this gateway knows');
  const session = headers['mcp-session-id'];
  const peer: LegacyPeer = { era: 'legacy', version, ...(session === undefined ? {} : { session }) };
  const told = await tell(line, 'notifications/initialized', headersOf(peer));
  if (!told.ok) return told;
  const { instructions, serverInfo } = result;
  return ok({
    peer,
    supported: [version],
    ...(typeof instructions === 'string' ? { instructions } : {}),
    ...(isObject(serverInfo) ? { serverInfo } : {}),
  });
}

/** Sends a request in a session: one POST. */
export function askLegacy(
  line: Line,
  peer: LegacyPeer,
  method: string,
  params: Readonly<Record<string, unknown>>,
  { meta }: Extras = {},
): Promise<Result<Reply, Refusal>> {
  const known = meta && Object.keys(meta).length > 0 ? { ...params, _meta: meta } : params;
  return ask(line, method, known, headersOf(peer));
}
