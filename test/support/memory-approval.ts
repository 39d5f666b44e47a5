import type { GatewayEvent } from '../../contract/events.ts';
import type { Verdict } from '../../lambdas/domain/approval/submission.ts';
import type { Bound } from '../../lambdas/domain/world.ts';
import type { Events, Evidence, Reviews, Work, Workflow } from '../../lambdas/ports/approval.ts';
import type { Principals, Records } from '../../lambdas/ports/table.ts';
import type { memoryRecords } from './memory.ts';

const nameOf = ({ org_id, submission_id, revision }: Work) => `${org_id} ${submission_id} r${revision}`;

/** What belongs to revisions. `unsettled` reads the records, as the index does. */
export function memoryReviews(records: ReturnType<typeof memoryRecords>): Reviews {
  const evidence = new Map<string, Evidence>();
  const tokens = new Map<string, Work & { readonly token: string }>();
  return {
    evidence: async (work) => evidence.get(nameOf(work)),
    keepEvidence: async (work, found) => void evidence.set(nameOf(work), found),
    tokens: async (orgId, id) =>
      [...tokens.values()].filter(({ org_id, submission_id }) => org_id === orgId && submission_id === id),
    keepToken: async (work, token) => void tokens.set(nameOf(work), { ...work, token }),
    forgetToken: async (work) => void tokens.delete(nameOf(work)),
    async *unsettled() {
      for (const [place, { org_id, id }] of [...records.rows])
        if (place.startsWith('submission/')) yield { org_id, submission_id: id };
    },
  };
}

/** A machine that remembers what it was told; `ended` are works whose execution is over, `waiting` are its open tokens. */
export function memoryWorkflow() {
  const machine = {
    started: [] as Work[],
    answers: [] as { readonly token: string; readonly verdict: Verdict }[],
    waiting: new Set<string>(),
    ended: false,
    /** The next so many requests fail, as a network does. */
    failing: 0,
  };
  const fail = () => {
    if (machine.failing-- > 0) throw Object.assign(new Error('down'), { code: 'ECONNREFUSED' });
  };
  const workflow: Workflow = {
    start: async (work) => {
      fail();
      machine.started.push(work);
      return !machine.ended;
    },
    answer: async (token, verdict) => {
      fail();
      machine.answers.push({ token, verdict });
      return machine.waiting.delete(token);
    },
  };
  return Object.assign(machine, workflow);
}

/** Notices that were kept and told. */
export function memoryEvents() {
  const kept: GatewayEvent[] = [];
  const told: GatewayEvent[] = [];
  const events: Events = {
    keep: async (event) => void kept.push(event),
    list: async (orgId) => ({ rows: kept.filter(({ org_id }) => org_id === orgId).toReversed() }),
    tell: async (event) => void told.push(event),
  };
  return Object.assign(events, { kept, told });
}

/** The principals of a key, read from records. */
export const memoryPrincipals = (records: Pick<Records, 'get'>): Principals => ({
  async load({ org_id, team_id, user_id, agent_id }) {
    const of = async <K extends 'team' | 'user' | 'agent'>(kind: K, id: string | undefined) =>
      id === undefined ? undefined : records.get(kind, org_id, id);
    const [team, user, agent] = await Promise.all([of('team', team_id), of('user', user_id), of('agent', agent_id)]);
    const minters: readonly Bound[] = [];
    return { org: await records.get('org', org_id, org_id), team, user, agent, minters: minters as never };
  },
});
