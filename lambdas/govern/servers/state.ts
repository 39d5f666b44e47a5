import type { ServerRecord } from '../../domain/records.ts';
import { messageOf, type Refusal } from '../../domain/refusal.ts';
import type { Result } from '../../domain/result.ts';
import type { PinnedLive } from './live.ts';

/**
 * A server with what was read of it live: pinned, or with the reason in `status_reason` while the old snapshot stays.
 * The reason also stays on a disabled server, so that enabling it cannot skip what is wrong with it.
 */
export function withLive(server: ServerRecord, live: Result<PinnedLive, Refusal>): ServerRecord {
  if (!live.ok) return { ...server, status_reason: messageOf(live.refusal) };
  const { status_reason: _, ...rest } = server;
  return { ...rest, ...live.value.pinned };
}

/** The status that follows: a server is active only with a pinned snapshot and nothing against it. */
export const settled = (server: ServerRecord, disabled: boolean): ServerRecord => {
  const fit = server.snapshot_hash !== undefined && server.status_reason === undefined;
  return { ...server, status: disabled ? 'disabled' : fit ? 'active' : 'inactive' };
};
