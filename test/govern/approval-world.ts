import { checkUrl } from '../../lambdas/adapters/egress/url.ts';
import type { Caller } from '../../lambdas/domain/caller.ts';
import type { KeyRecord } from '../../lambdas/domain/records.ts';
import { concludeStep, type Outcome } from '../../lambdas/govern/approval/conclude.ts';
import { notifyStep } from '../../lambdas/govern/approval/notify.ts';
import { parkStep } from '../../lambdas/govern/approval/park.ts';
import { snapshotStep } from '../../lambdas/govern/approval/snapshot.ts';
import { inOrg } from '../../lambdas/govern/approval/step.ts';
import type { Work } from '../../lambdas/ports/approval.ts';
import type { Sight } from '../../lambdas/ports/upstream.ts';
import {
  memoryRecords,
  memorySeal,
  memorySecrets,
  memorySnapshots,
  memoryVault,
  memoryWorlds,
  sha256,
  testTiers,
} from '../support/memory.ts';
import { memoryEvents, memoryPrincipals, memoryReviews, memoryWorkflow } from '../support/memory-approval.ts';
import { aKey, anOrg, aUser, noon } from '../support/records.ts';
import { listing } from './servers-world.ts';

const settings = { ports: [], ownHosts: ['gateway.example.org'], loopback: true, ownPorts: [] };
/** The server that tests propose. */
export const wanted = {
  alias: 'wanted',
  url: 'https://wanted.example.com/mcp',
  auth_type: 'none',
  reason: 'R',
} as const;

/** An org with the people that an approval takes, stores in memory, a machine that is moved by hand, and one upstream. */
export function approvalWorld() {
  const records = memoryRecords();
  records.seed('org', anOrg());
  for (const id of ['usr_ann', 'usr_bob', 'usr_eve']) records.seed('user', aUser({ id, name: id }));
  const key = (id: string, given: Partial<KeyRecord>): Caller => {
    const record = aKey({ id, ...given });
    records.seed('key', record);
    const { org_id, role, lineage, user_id } = record;
    return { key_id: id, org_id, role, tier: 'team', lineage, ...(user_id === undefined ? {} : { user_id }) };
  };
  const people = {
    ann: key('KeyAnn000001', { user_id: 'usr_ann' }),
    bob: key('KeyBob000001', { user_id: 'usr_bob' }),
    admin: key('KeyAdm000001', { role: 'admin', user_id: 'usr_eve' }),
    second: key('KeyAdm000002', { role: 'admin' }),
  };
  const upstream = listing(['search', 'wipe']);
  const world = { now: noon, locked: false, fourEyes: false };
  const seen = async (url: string): Promise<Sight> => {
    const { value } = await upstream.read();
    const report = {
      url,
      reachable: true,
      protocol_versions: ['2025-11-25'],
      auth: { required: world.locked },
      tools: [],
      refused_tools: [],
      latency_ms: 3,
    };
    if (world.locked) return { report: { ...report, reason: 'The server did not accept the credential.' } };
    return { report, definitions: value };
  };
  const [vault, snapshots, workflow, events] = [memoryVault(), memorySnapshots(), memoryWorkflow(), memoryEvents()];
  const ports = {
    records,
    vault,
    snapshots,
    workflow,
    events,
    reviews: memoryReviews(records),
    principals: memoryPrincipals(records),
    secrets: memorySecrets(),
    seal: memorySeal(),
    worlds: memoryWorlds(records),
    upstream,
    probe: { look: async (url: string) => (await seen(url)).report, read: seen },
    checkUrl: (url: string) => checkUrl(url, settings),
    sha256,
    drift: 'quarantine' as const,
    fourEyes: false,
    tiers: { ...testTiers, default: 'team' },
    clock: () => world.now,
  };
  const as = (who: keyof typeof people | Caller) => ({
    ...ports,
    caller: typeof who === 'string' ? people[who] : who,
    requestId: 'req-1',
    now: world.now,
    fourEyes: world.fourEyes,
  });
  const step = () => inOrg(ports, 'default', 'req-1');
  /** The steps of an execution up to its wait; its token waits. */
  const review = async (work: Work): Promise<void> => {
    await snapshotStep(step(), work);
    await notifyStep(step(), work);
    const token = `token-${work.submission_id}-r${work.revision}`;
    workflow.waiting.add(token);
    await parkStep(step(), work, token);
  };
  const conclude = (work: Work): Promise<Outcome> => concludeStep(step(), work);
  const submission = async (id: string) => {
    const found = await records.get('submission', 'default', id);
    if (!found) throw new Error(`no submission ${id}`);
    return found;
  };
  const workOf = (submission_id: string, revision = 1): Work => ({ org_id: 'default', submission_id, revision });
  return { ...ports, world, people, key, as, step, review, conclude, submission, workOf, upstream };
}
