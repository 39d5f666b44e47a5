import type { Refusal } from '../../domain/refusal.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { Upstream, UpstreamTarget } from '../../ports/upstream.ts';
import { type Egress, egress as guarded } from '../egress/egress.ts';
import { askPeer, isStale, meet } from './era.ts';
import { initialize } from './legacy.ts';
import { toolResult } from './outcome.ts';
import { modernPeer, type Peer } from './peer.ts';
import { openPeers } from './peers.ts';
import { modernRevision } from './revision.ts';
import { type Line, lineTo } from './rpc.ts';
import { listTools } from './tools.ts';

/** Connects by what is known of a server's revision: nothing to do, a handshake, or meeting it anew. */
async function connect(line: Line, version: string | undefined): Promise<Result<Peer, Refusal>> {
  if (version === modernRevision) return ok(modernPeer);
  const begun = version === undefined ? await meet(line) : await initialize(line);
  if (begun.ok) return ok(begun.value.peer);
  // A server that was legacy and refuses the handshake may have moved on; other refusals say nothing about its era.
  const moved = version !== undefined && /^upstream_(?:protocol|refused)$/.test(begun.refusal.code);
  const met = moved ? await meet(line) : begun;
  return met.ok ? ok(met.value.peer) : met;
}

/** MCP over Streamable HTTP through the guarded client; sessions of legacy servers live in memory. */
export function httpUpstream(egress: Egress = guarded): Upstream {
  const peers = openPeers();
  const reach = async (line: Line, { session }: UpstreamTarget, version?: string): Promise<Result<Peer, Refusal>> => {
    const connected = await connect(line, version);
    return connected.ok ? ok(peers.remember(session, connected.value)) : connected;
  };

  return {
    async read(target) {
      const line = lineTo(egress, target);
      const started = performance.now();
      const met = await meet(line);
      if (!met.ok) return met;
      const { peer, instructions, serverInfo } = met.value;
      peers.remember(target.session, peer);
      const tools = await listTools((params) => askPeer(line, peer, 'tools/list', params));
      if (!tools.ok) return tools;
      return ok({
        snapshot: {
          tools: tools.value,
          ...(instructions === undefined ? {} : { instructions }),
          ...(serverInfo === undefined ? {} : { server_info: serverInfo }),
        },
        protocolVersion: peer.version,
        latencyMs: Math.round(performance.now() - started),
      });
    },

    async ask(target, { method, params, ...extras }) {
      const line = lineTo(egress, target);
      const send = (peer: Peer) => askPeer(line, peer, method, params, extras);
      const known = peers.get(target.session);
      const first = known ? ok(known) : await reach(line, target, target.protocolVersion);
      if (!first.ok) return first;
      const reply = await send(first.value);
      if (!reply.ok) return reply;
      if (!isStale(first.value, reply.value)) return toolResult(reply.value);
      peers.forget(target.session);
      const again = await reach(line, target, first.value.era === 'legacy' ? first.value.version : undefined);
      if (!again.ok) return again;
      const second = await send(again.value);
      return second.ok ? toolResult(second.value) : second;
    },
  };
}
