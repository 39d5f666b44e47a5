import { type SubmissionRecord, verdictOf } from '../../domain/approval/submission.ts';
import { upstream } from '../../domain/refusal.ts';
import type { Result } from '../../domain/result.ts';
import type { Work } from '../../ports/approval.ts';
import type { Snapshots } from '../../ports/table.ts';
import type { Probe, Sight } from '../../ports/upstream.ts';
import type { Vault } from '../../ports/vault.ts';
import type { Digest } from '../../ports/world.ts';
import { keepPinned } from '../servers/live.ts';
import { withLive } from '../servers/state.ts';
import { examine, riskOf } from './examine.ts';
import type { Step } from './step.ts';
import { rewrite, settledBy } from './write.ts';

type Reading = Step & {
  readonly probe: Probe;
  readonly snapshots: Snapshots;
  readonly vault: Pick<Vault, 'remove'>;
  readonly sha256: Digest;
};

/**
 * First step of a revision: the probe looks at the server, what it saw is pinned under its hash, and the risk report is
 * made. Where definitions are known already (a review; a credential was attached) only the reports are made.
 */
export const snapshotStep = (acting: Reading, work: Work): Promise<{ readonly snapshot_hash?: string }> =>
  settledBy(async () => {
    const before = await acting.records.get('submission', work.org_id, work.submission_id);
    if (!before || verdictOf(before, work.revision) !== undefined) return {};
    // A credential that was attached to the revision before: its admin vouched for what was there then.
    if (before.kind === 'server' && !before.server.has_credential) await acting.vault.remove(before.server);
    const seen = await acting.probe.read(before.server.url);
    const known = before.server.snapshot_hash;
    const server = known === undefined ? withLive(before.server, await pinned(acting, before, seen)) : before.server;
    const { snapshot_hash } = server;
    const snapshot = snapshot_hash === undefined ? undefined : await acting.snapshots.get(work.org_id, snapshot_hash);
    const evidence = await examine(acting.records, server, snapshot, seen.report);
    await acting.reviews.keepEvidence(work, evidence);
    const { met } = await rewrite(acting, 'submission.read', before, { server, risk: riskOf(evidence) });
    return met ? undefined : { ...(snapshot_hash === undefined ? {} : { snapshot_hash }) };
  });

function pinned(
  acting: Reading,
  { server }: SubmissionRecord,
  { definitions, report }: Sight,
): ReturnType<typeof keepPinned> {
  if (definitions) return keepPinned(acting, server, definitions);
  const reason = report.reason ?? 'The probe could not read it.';
  const refused: Result<never, ReturnType<typeof upstream>['refusal']> = upstream('upstream_refused', reason);
  return Promise.resolve(refused);
}
