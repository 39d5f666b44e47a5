import type { Callable } from '../domain/access.ts';
import type { Caller } from '../domain/caller.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Result } from '../domain/result.ts';
import type { Upstream, UpstreamTarget } from '../ports/upstream.ts';
import { type EquipPorts, equip } from './equip.ts';

/** What goes upstream: the tool's arguments and the caller's `_meta`, and how far it may go. */
export interface Sent {
  readonly caller: Caller;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly meta?: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly maxTimeoutMs?: number;
}

export interface InvokePorts extends EquipPorts {
  readonly upstream: Upstream;
}

/**
 * Fourth and fifth stage: equip the call and send it. A stored credential that the upstream no longer takes may have
 * been rotated since it was read: it is read once more, and the call sent again only if it changed.
 */
export async function invoke(
  { server, tool }: Callable,
  sent: Sent,
  ports: InvokePorts,
): Promise<Result<Readonly<Record<string, unknown>>, Refusal>> {
  const limit = sent.maxTimeoutMs === undefined ? {} : { maxTimeoutMs: sent.maxTimeoutMs };
  const target = await equip(server, sent.caller, sent.headers, ports, limit);
  if (!target.ok) return target;
  const send = (to: UpstreamTarget) =>
    ports.upstream.ask(to, {
      method: 'tools/call',
      params: { name: tool.name, arguments: sent.arguments },
      ...(sent.meta === undefined ? {} : { meta: sent.meta }),
      ...(tool.mirrored === undefined ? {} : { mirrored: tool.mirrored }),
    });
  const answer = await send(target.value);
  if (answer.ok || !answer.refusal.unauthorized || !server.has_credential) return answer;
  const renewed = await equip(server, sent.caller, sent.headers, ports, { ...limit, fresh: true });
  if (!renewed.ok || renewed.value.session === target.value.session) return answer;
  return send(renewed.value);
}
