import { expect, test } from '@jest/globals';
import { Explain, Me } from '../../contract/access.ts';
import { WorldGone } from '../../lambdas/domain/world.ts';
import { explainTool } from '../../lambdas/govern/access/explain.ts';
import { whoAmI } from '../../lambdas/govern/access/me.ts';
import { readiness } from '../../lambdas/govern/access/ready.ts';
import { listAudit } from '../../lambdas/govern/audit.ts';
import { createPrincipal } from '../../lambdas/govern/principals/principals.ts';
import { memoryCounters, memorySeal, memorySecrets } from '../support/memory.ts';
import { aKey, anOrg, aTeam, aUser } from '../support/records.ts';
import { actingOn, adminWorld, callerOf, granted, refused, someone } from './admin-world.ts';

const key = aKey({ id: 'Mem000000001', team_id: 'team_web' });

function memberWorld() {
  const world = adminWorld();
  world.records.seed('key', key);
  return { ...world, member: world.as(callerOf(key)) };
}

test('a member reads who it is, which level decides, and the tools it may call', async () => {
  const { member } = memberWorld();
  const me = granted(await whoAmI(member));
  expect(Me.strict().parse(me)).toEqual(me);
  expect(me).toEqual({
    key_id: key.id,
    org_id: 'default',
    team_id: 'team_web',
    role: 'member',
    tier: 'team',
    level: 'team',
    grant: { mcp_servers: ['github'] },
    servers: [{ alias: 'github', tools: ['echo', 'add'] }],
    quota: { limit: 10_000, used: 0, remaining: 10_000, reset_seconds: 43_200 },
    budgets: [],
  });
});

test('a caller reads what is left of the org’s calls and of the budgets it is bound to, and of no other', async () => {
  const { records, as } = adminWorld();
  const budget = (max_budget_usd: number, budget_period?: 'day' | 'month') => ({
    max_budget_usd,
    ...(budget_period === undefined ? {} : { budget_period }),
  });
  records.seed('org', anOrg({ tier: 'free', ...budget(100, 'month') }));
  records.seed('team', aTeam(budget(5, 'day')));
  records.seed('user', aUser(budget(7)));
  records.seed('key', aKey({ id: 'Min000000001', team_id: 'team_web', ...budget(3) }));
  const own = aKey({ id: 'Own000000001', team_id: 'team_web', lineage: [{ key_id: 'Min000000001' }], ...budget(1.5) });
  records.seed('key', own);
  const counters = memoryCounters({
    'CALLS#2026-06-01': 98,
    'SPEND#key#Own000000001#total': 1_250_000,
    'SPEND#team#team_web#2026-06-01': 1,
    'SPEND#team#team_web#2026-05-31': 4_000_000,
    'SPEND#org#default#2026-06': 99_000_000,
  });
  const me = granted(await whoAmI({ ...as(callerOf(own)), counters }));
  expect(Me.strict().parse(me)).toEqual(me);
  expect(me.quota).toEqual({ limit: 100, used: 98, remaining: 2, reset_seconds: 43_200 });
  expect(me.budgets).toEqual([
    { holder: 'key', period: 'total', limit_usd: 1.5, used_usd: 1.25 },
    { holder: 'team', period: 'day', limit_usd: 5, used_usd: 0.000001 },
    { holder: 'org', period: 'month', limit_usd: 100, used_usd: 99 },
  ]);
});

test('an admin without a grant calls nothing', async () => {
  const { as, records } = adminWorld();
  records.seed('key', aKey({ id: 'Adm000000001', role: 'admin' }));
  const me = granted(await whoAmI(as(someone('admin'))));
  expect(me).toMatchObject({ role: 'admin', level: null, grant: null, servers: [] });
});

test('a caller whose key is gone meanwhile is nobody', async () => {
  const worlds = { load: () => Promise.reject(new WorldGone()) };
  const { member } = memberWorld();
  expect(refused(await whoAmI({ ...member, worlds }))).toEqual({ code: 'unauthorized' });
  expect(refused(await explainTool({ ...member, worlds }, { tool: 'github.echo' }))).toEqual({ code: 'unauthorized' });
});

test('a member has its own key explained and no other; an admin any of its org', async () => {
  const { member, acting, records } = memberWorld();
  records.seed('org', anOrg({ id: 'org_other' }));
  records.seed('key', aKey({ id: 'Oth000000001', org_id: 'org_other' }));
  const own = granted(await explainTool(member, { tool: 'github.echo' }));
  expect(Explain.strict().parse(own)).toEqual(own);
  expect(own).toMatchObject({ key_id: key.id, allowed: true, decided_by: { kind: 'level', name: 'team' } });
  expect(granted(await explainTool(member, { tool: 'github.echo', key_id: key.id }))).toEqual(own);
  expect(granted(await explainTool(acting, { tool: 'github.echo', key_id: key.id }))).toEqual(own);
  records.seed('key', aKey({ id: 'Two000000001' }));
  for (const [who, key_id] of [
    [member, 'Two000000001'],
    [member, 'Oth000000001'],
    [acting, 'Oth000000001'],
    [acting, 'none'],
  ] as const)
    expect(refused(await explainTool(who, { tool: 'github.echo', key_id }))).toMatchObject({ code: 'not_found' });
});

test('a name that is none is explained: the tenant gate refuses', async () => {
  const { member, acting } = memberWorld();
  for (const tool of ['none.echo', 'echo', '.', ''])
    expect(granted(await explainTool(member, { tool }))).toMatchObject({
      tool,
      allowed: false,
      decided_by: { kind: 'gate', name: 'tenant' },
    });
  const pending = { tool: 'drafts.echo', key_id: key.id };
  expect(granted(await explainTool(member, pending)).decided_by).toMatchObject({ name: 'tenant' });
  expect(granted(await explainTool(acting, pending)).decided_by).toMatchObject({ name: 'active' });
});

test('audit rows come newest first, a page at a time', async () => {
  const { acting } = adminWorld();
  for (const name of ['one', 'two', 'three']) granted(await createPrincipal(acting, 'team', { name }));
  const first = granted(await listAudit(acting, { limit: 2 }));
  const rest = granted(await listAudit(acting, { limit: 2, cursor: first.next_cursor! }));
  expect([...first.data, ...rest.data].map(({ after }) => after?.['name'])).toEqual(['three', 'two', 'one']);
});

test('ready tells which store does not answer', async () => {
  const { records } = adminWorld();
  const secrets = memorySecrets();
  const seal = memorySeal();
  const fails = () => Promise.reject(new Error('no answer'));
  expect(await readiness({ records, secrets, seal })).toEqual({ status: 'ok', checks: { table: 'ok', vault: 'ok' } });
  const degraded = (checks: object) => ({ status: 'degraded', checks });
  const noTable = { ...records, get: fails };
  expect(await readiness({ records: noTable, secrets, seal })).toEqual(degraded({ table: 'failed', vault: 'ok' }));
  const noPepper = { ...secrets, hmac: fails };
  expect(await readiness({ records, secrets: noPepper, seal })).toEqual(degraded({ table: 'ok', vault: 'failed' }));
  const noSeal = { ...seal, seal: fails };
  expect(await readiness({ records, secrets, seal: noSeal })).toEqual(degraded({ table: 'ok', vault: 'failed' }));
});

test('a change that does not hold leaves no audit row', async () => {
  const { records } = adminWorld();
  const { acting } = actingOn({
    ...records,
    commit: async () => ({ index: 0, change: { do: 'once', what: 'bootstrap' } }) as const,
  });
  await expect(createPrincipal(acting, 'team', { name: 'T' })).rejects.toThrow('nothing can stand against');
  expect(records.audits).toEqual([]);
});
