import type { Caller } from '../domain/caller.ts';
import type { ServerRecord } from '../domain/records.ts';
import { no, type Result } from '../domain/result.ts';
import type { Signal, Upstream, UpstreamRefusal, UpstreamRequest, UpstreamTarget } from '../ports/upstream.ts';
import { type EquipPorts, equip } from './equip.ts';

/** For whom something is sent, and how far it may go. */
export interface Sending {
  readonly caller: Caller;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly maxTimeoutMs?: number;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: Signal;
}

/** What of a client's request goes along to a server beside its parameters. */
export type Along = Pick<UpstreamRequest, 'meta' | 'clientCapabilities' | 'onNotification'>;

/** What sending asks of the world. */
export interface InvokePorts extends EquipPorts {
  readonly upstream: Upstream;
}

/**
 * Fourth and fifth stage: equip the request and send it. A stored credential that the upstream no longer takes may have
 * been rotated since it was read: it is read once more, and the request sent again only if it changed.
 */
export async function invoke(
  server: ServerRecord,
  request: UpstreamRequest,
  sending: Sending,
  ports: InvokePorts,
): Promise<Result<Readonly<Record<string, unknown>>, UpstreamRefusal>> {
  const { caller, headers, ...limits } = sending;
  const target = await equip(server, caller, headers, ports, limits);
  if (!target.ok) return no({ ...target.refusal, sent: false });
  const send = (to: UpstreamTarget) => ports.upstream.ask(to, request);
  const answer = await send(target.value);
  if (answer.ok || !answer.refusal.unauthorized || !server.has_credential) return answer;
  const renewed = await equip(server, caller, headers, ports, { ...limits, fresh: true });
  if (!renewed.ok || renewed.value.session === target.value.session) return answer;
  return send(renewed.value);
}
