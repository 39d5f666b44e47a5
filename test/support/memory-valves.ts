import type { Valves } from '../../lambdas/ports/valve.ts';
import type { memoryRecords } from './memory.ts';

/** The usage keys of orgs in memory, written beside the records of `records`; `placed` is open to a test. */
export function memoryValves(records: ReturnType<typeof memoryRecords>): Valves & { readonly placed: Set<string> } {
  const runs = new Map<string, string>();
  const placed = new Set<string>();
  const write = (orgId: string, usage_key: string | undefined) => {
    const { usage_key: _, ...org } = records.rows.get(`org/${orgId}`) as { readonly usage_key?: string };
    records.rows.set(`org/${orgId}`, { ...org, ...(usage_key === undefined ? {} : { usage_key }) } as never);
  };
  return {
    placed,
    async claim(orgId, run) {
      if (!records.rows.has(`org/${orgId}`)) return;
      runs.set(orgId, run);
      write(orgId, undefined);
    },
    async read(orgId) {
      const org = records.rows.get(`org/${orgId}`) as
        | { readonly tier: string; readonly deleted_at?: string }
        | undefined;
      const run = runs.get(orgId);
      return (
        org && {
          tier: org.tier,
          placed: placed.has(orgId),
          ...(org.deleted_at === undefined ? {} : { deleted_at: org.deleted_at }),
          ...(run === undefined ? {} : { run }),
        }
      );
    },
    async place(orgId, limit) {
      if (!placed.has(orgId) && placed.size >= limit) return false;
      placed.add(orgId);
      return true;
    },
    async free(orgId) {
      placed.delete(orgId);
    },
    async settle(orgId, run, usageKey) {
      if (runs.get(orgId) === run) write(orgId, usageKey);
    },
  };
}
