import type { Refusal } from '../../domain/refusal.ts';
import type { Result } from '../../domain/result.ts';
import { type Compared, compare } from './compare.ts';
import type { Comparing } from './drift.ts';
import { findServer } from './find.ts';
import { pinLive } from './live.ts';

/**
 * Reads the live definitions of a server and compares them with what was approved. Where they cannot be had nothing
 * changes but the last probe, and the upstream's refusal is the answer.
 */
export async function refreshServer(acting: Comparing, reference: string): Promise<Result<Compared, Refusal>> {
  const found = await findServer(acting.records, acting.caller.org_id, reference);
  if (!found.ok) return found;
  const server = found.value;
  const credential = server.has_credential ? await acting.vault.read(server, { fresh: true }) : undefined;
  const { live, probe } = await pinLive(acting, server, credential);
  if (live.ok) return compare(acting, server, live.value, probe);
  await acting.records.probed(server, probe);
  return live;
}
