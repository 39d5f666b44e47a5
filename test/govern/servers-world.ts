import { checkUrl } from '../../lambdas/adapters/egress/url.ts';
import { httpUpstream } from '../../lambdas/adapters/upstream/upstream.ts';
import type { Caller } from '../../lambdas/domain/caller.ts';
import type { ServerRecord } from '../../lambdas/domain/records.ts';
import type { Adding } from '../../lambdas/govern/approval/add.ts';
import type { Comparing } from '../../lambdas/govern/servers/drift.ts';
import type { Definitions, Upstream } from '../../lambdas/ports/upstream.ts';
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
import { memoryPrincipals, memoryReviews, memoryWorkflow } from '../support/memory-approval.ts';
import { noon } from '../support/records.ts';

/** An admin key of the org `default`. */
const admin: Caller = { key_id: 'Adm000000001', org_id: 'default', role: 'admin', tier: 'team', lineage: [] };

/** Settings of a deployment that may reach loopback, and whose own host is `gateway.example.org`. */
const settings = { ports: [], ownHosts: ['gateway.example.org'], loopback: true, ownPorts: [] };

/** An org without servers, with stores in memory and the real client towards upstreams on loopback. */
export function serversWorld(upstream?: Pick<Upstream, 'read'>) {
  process.env['LOOPBACK_UPSTREAMS'] = 'allow';
  const records = memoryRecords();
  const vault = memoryVault();
  const snapshots = memorySnapshots();
  const workflow = memoryWorkflow();
  const acting = {
    caller: admin,
    requestId: 'req-1',
    now: noon,
    records,
    tiers: { ...testTiers, default: 'team' },
    vault,
    snapshots,
    secrets: memorySecrets(),
    seal: memorySeal(),
    worlds: memoryWorlds(records),
    upstream: upstream ?? httpUpstream(),
    checkUrl: (url: string) => checkUrl(url, settings),
    sha256,
    clock: () => noon,
    principals: memoryPrincipals(records),
    reviews: memoryReviews(records),
    workflow,
    fourEyes: false,
    drift: 'quarantine' as const,
  };
  acting satisfies Comparing & Adding;
  const only = async (): Promise<ServerRecord> => {
    const { servers } = await records.directory('default');
    if (servers.length !== 1) throw new Error(`there are ${servers.length} servers`);
    return servers[0]!;
  };
  return { acting, records, vault, snapshots, workflow, only };
}

/** An upstream that lists tools of these names, with a description each; `list` can be changed while it is in use. */
export function listing(names: readonly string[], description = 'A tool') {
  const upstream = {
    list: names,
    description,
    reads: 0,
    read: async () => {
      upstream.reads += 1;
      const tools = upstream.list.map((name) => ({
        name,
        description: upstream.description,
        inputSchema: { type: 'object' },
      }));
      const value: Definitions = { snapshot: { tools }, protocolVersion: '2025-11-25', latencyMs: 3 };
      return { ok: true as const, value };
    },
  };
  return upstream;
}

/** The value of an answer that must not be a refusal. */
export function granted<T>(outcome: { ok: true; value: T } | { ok: false; refusal: unknown }): T {
  if (!outcome.ok) throw new Error(`refused: ${JSON.stringify(outcome.refusal)}`);
  return outcome.value;
}
