import { isObject, rpcCode } from '../../domain/protocol/jsonrpc.ts';
import { serverInfo as clientInfo } from '../../domain/protocol/results.ts';
import { legacyRevisions } from '../../domain/protocol/revision.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { UpstreamRefusal } from '../../ports/upstream.ts';
import { malformed, type Reply, refusalOf } from './message.ts';
import type { Extras } from './modern.ts';
import { notice } from './notice.ts';
import type { Introduction, LegacyPeer } from './peer.ts';
import { chosenRevisions } from './revision.ts';
import { ask, type Line, nextId, tell } from './rpc.ts';

/** Requests of a server that are answered within one of ours; a server could otherwise have us send without end. */
const maxAnswers = 16;
/** Nobody waits for what a server does with a cancellation. */
const cancelMs = 2000;

type Json = Readonly<Record<string, unknown>>;

const headersOf = ({ version, session }: LegacyPeer): Record<string, string> => ({
  'mcp-protocol-version': version,
  ...(session === undefined ? {} : { 'mcp-session-id': session }),
});

/** Begins a session: initialize, then notifications/initialized (MCP 2025-11-25, lifecycle). */
export async function initialize(line: Line): Promise<Result<Introduction, UpstreamRefusal>> {
  const params = { protocolVersion: legacyRevisions[0], capabilities: {}, clientInfo };
  const reply = await ask(line, { id: nextId(), method: 'initialize', params }, {});
  if (!reply.ok) return reply;
  const { result, headers } = reply.value;
  if (!result) return refusalOf(reply.value);
  const version = result['protocolVersion'];
  if (typeof version !== 'string' || !chosenRevisions.includes(version))
    return malformed('speaks no MCP revision that this gateway knows');
  const session = headers['mcp-session-id'];
  const peer: LegacyPeer = { era: 'legacy', version, ...(session === undefined ? {} : { session }) };
  const told = await tell(line, headersOf(peer), { method: 'notifications/initialized' });
  if (!told.ok) return told;
  const { instructions, serverInfo, capabilities } = result;
  return ok({
    peer,
    supported: [version],
    capabilities: isObject(capabilities) ? capabilities : {},
    ...(typeof instructions === 'string' ? { instructions } : {}),
    ...(isObject(serverInfo) ? { serverInfo } : {}),
  });
}

/** Sends a request in a session: one POST. */
export async function askLegacy(
  line: Line,
  peer: LegacyPeer,
  method: string,
  params: Json,
  extras: Extras = {},
): Promise<Result<Reply, UpstreamRefusal>> {
  const { meta } = extras;
  const known = meta && Object.keys(meta).length > 0 ? { ...params, _meta: meta } : params;
  const id = nextId();
  const headers = headersOf(peer);
  let answered = 0;
  const reply = await ask(line, { id, method, params: known }, headers, (message) => {
    if (!('id' in message)) notice(message, extras);
    else if (answered++ < maxAnswers) unawaited(tell(line, headers, answerTo(message)));
  });
  if (!reply.ok && reply.refusal.code === 'upstream_timeout' && reply.refusal.sent !== false) cancel(line, headers, id);
  return reply;
}

/** A server that asks in the middle of a request hears at once that only pings are answered, and goes on. */
const answerTo = ({ id, method }: Json): Json =>
  method === 'ping' ? { id, result: {} } : { id, error: { code: rpcCode.methodNotFound, message: 'Method not found' } };

/** Tells a server that nobody waits any longer; a closed stream does not say so in this era (MCP 2025-11-25, cancellation). */
function cancel({ target: { url, headers: own }, ...line }: Line, headers: Record<string, string>, id: number): void {
  const target = { url, headers: own };
  const params = { requestId: id, reason: 'The caller left or the deadline passed.' };
  const until = performance.now() + cancelMs;
  unawaited(tell({ ...line, target, until }, headers, { method: 'notifications/cancelled', params }));
}

const unawaited = (sending: Promise<unknown>): void => void sending.catch(() => {});
