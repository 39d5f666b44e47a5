import type { ProbeReport } from '../../../contract/probe.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { CheckUrl, Probe } from '../../ports/upstream.ts';

/** Has the probe look at a URL before a server is saved; no credential of ours goes there. */
export async function testUrl(
  { checkUrl, probe }: { readonly checkUrl: CheckUrl; readonly probe: Pick<Probe, 'look'> },
  url: string,
): Promise<Result<ProbeReport, Refusal>> {
  const checked = checkUrl(url);
  return checked.ok ? ok(await probe.look(url)) : checked;
}
