import { no, ok, type Result } from '../../domain/result.ts';
import type { Sessions, Upstream, UpstreamRefusal, UpstreamRequest, UpstreamTarget } from '../../ports/upstream.ts';
import { type Egress, egress as guarded } from '../egress/egress.ts';
import { askPeer, isStale, meet } from './era.ts';
import { initialize } from './legacy.ts';
import type { Reply } from './message.ts';
import { resultOf } from './outcome.ts';
import { modernPeer, type Peer } from './peer.ts';
import { openPeers } from './peers.ts';
import { readAll } from './read.ts';
import { modernRevision } from './revision.ts';
import { type Line, lineTo } from './rpc.ts';

/** Connects by what is known of a server's revision: nothing to do, a handshake, or meeting it anew. */
async function connect(line: Line, version: string | undefined): Promise<Result<Peer, UpstreamRefusal>> {
  if (version === modernRevision) return ok(modernPeer);
  const begun = version === undefined ? await meet(line) : await initialize(line);
  if (begun.ok) return ok(begun.value.peer);
  // A server that was legacy and refuses the handshake may have moved on; other refusals say nothing about its era.
  const moved = version !== undefined && /^upstream_(?:protocol|refused)$/.test(begun.refusal.code);
  const met = moved ? await meet(line) : begun;
  return met.ok ? ok(met.value.peer) : met;
}

/** What a reply brought; a refusal in it came from the server, which so has had the request. */
function readReply(peer: Peer, method: UpstreamRequest['method'], reply: Reply) {
  const result = resultOf(peer, method, reply);
  return result.ok ? result : no({ ...result.refusal, answered: true } satisfies UpstreamRefusal);
}

/** A refusal after which the request may have been sent: what was found out before or meanwhile does not count. */
function maybeSent({ sent: _, ...refusal }: UpstreamRefusal) {
  return no(refusal as UpstreamRefusal);
}

/**
 * MCP over Streamable HTTP through the guarded client. Sessions of legacy servers live in memory, and in `sessions` for
 * the next environment.
 */
export function httpUpstream(sessions?: Sessions, egress: Egress = guarded): Upstream {
  const peers = openPeers(sessions);
  const reach = async (
    line: Line,
    target: UpstreamTarget,
    version?: string,
  ): Promise<Result<Peer, UpstreamRefusal>> => {
    const connected = await connect(line, version);
    return connected.ok ? ok(peers.remember(target, connected.value)) : connected;
  };

  return {
    read: (target) => readAll(lineTo(egress, target)),

    async ask(target, { method, params, ...extras }) {
      const line = lineTo(egress, target);
      const send = (peer: Peer) => askPeer(line, peer, method, params, extras);
      const known = await peers.find(target);
      const first = known ? ok(known) : await reach(line, target, target.protocolVersion);
      // Only the handshake was sent.
      if (!first.ok) return no({ ...first.refusal, sent: false });
      const peer = first.value;
      const reply = await send(peer);
      if (!reply.ok) return reply;
      if (!isStale(peer, reply.value)) return readReply(peer, method, reply.value);
      peers.forget(target, peer);
      const again = await reach(line, target, peer.era === 'legacy' ? peer.version : undefined);
      if (!again.ok) return maybeSent(again.refusal);
      const second = await send(again.value);
      return second.ok ? readReply(again.value, method, second.value) : maybeSent(second.refusal);
    },
  };
}
