import { expect, test } from '@jest/globals';
import { OrgView } from '../../contract/principals.ts';
import { keptShared, mostUsageKeys } from '../../lambdas/domain/metering/valve.ts';
import type { OrgRecord } from '../../lambdas/domain/records.ts';
import { createOrg } from '../../lambdas/govern/principals/create-org.ts';
import { getPrincipal, patchPrincipal, removePrincipal } from '../../lambdas/govern/principals/principals.ts';
import { sweepValves } from '../../lambdas/govern/valve/sweep.ts';
import { endTurn, planTurn } from '../../lambdas/govern/valve/turn.ts';
import { memoryRecords, testTiers } from '../support/memory.ts';
import { memoryValves } from '../support/memory-valves.ts';
import { anOrg, noon } from '../support/records.ts';
import { actingOn, granted } from './admin-world.ts';

/** Orgs in memory, an operator, and the runs that were asked for. */
function valveWorld(...orgs: readonly Partial<OrgRecord>[]) {
  const records = memoryRecords();
  for (const org of orgs) records.seed('org', anOrg(org));
  const turned: string[] = [];
  const turnValve = ({ id, version, tier }: OrgRecord) => void turned.push(`${id} ${version} ${tier}`);
  const { acting } = actingOn(records, { turnValve });
  const valves = memoryValves(records);
  const turning = { valves, tiers: testTiers };
  const usageKey = async (id: string) => (await records.get('org', id, id))?.usage_key;
  const claim = (org_id: string, run: string) => valves.claim(org_id, run);
  const plan = (org_id: string, run: string) => planTurn(turning, { org_id, run });
  const end = async (org_id: string, run: string) =>
    endTurn(turning, { org_id, run }, await planTurn(turning, { org_id, run }));
  return { records, acting, valves, turning, turned, usageKey, claim, plan, end };
}

test('a new org, another tier and a deletion have the org’s key follow; nothing else does', async () => {
  const { acting, turned } = valveWorld();
  const { id } = granted(await createOrg(acting, { name: 'New' }));
  granted(await patchPrincipal(acting, 'org', id, { version: 1, name: 'Other' }));
  granted(await patchPrincipal(acting, 'org', id, { version: 2, tier: 'free' }));
  granted(await patchPrincipal(acting, 'org', id, { version: 3, tier: 'team', max_budget_usd: 5 }));
  granted(await removePrincipal(acting, 'org', id));
  expect(turned).toEqual([`${id} 1 free`, `${id} 4 team`, `${id} 5 team`]);
});

test('a run takes the org off its key, and puts it back when the key is in the plan of its tier', async () => {
  const { claim, plan, end, usageKey, acting } = valveWorld({ id: 'org_a', tier: 'team', usage_key: 'free' });
  await claim('org_a', 'r1');
  expect(await usageKey('org_a')).toBeUndefined();
  expect(await plan('org_a', 'r1')).toEqual({ act: 'move', tier: 'team', plan: 'team' });
  await end('org_a', 'r1');
  expect(await usageKey('org_a')).toBe('team');
  const view = granted(await getPrincipal(acting, 'org', 'org_a'));
  expect(OrgView.strict().parse(view)).toMatchObject({ usage_key: 'team', version: 1 });
});

test('a run that a later one took over does nothing, and what it still writes is not written', async () => {
  const { claim, plan, turning, usageKey } = valveWorld({ id: 'org_a', tier: 'team' });
  await claim('org_a', 'r1');
  const early = await plan('org_a', 'r1');
  await claim('org_a', 'r2');
  expect(await plan('org_a', 'r1')).toMatchObject({ act: 'nothing' });
  await endTurn(turning, { org_id: 'org_a', run: 'r1' }, early);
  expect(await usageKey('org_a')).toBeUndefined();
  expect(await plan('org_a', 'r2')).toMatchObject({ act: 'move' });
});

test('the tier is the one that the org has when the key moves; one that the settings lost has the default’s plan', async () => {
  const { records, claim, plan } = valveWorld({ id: 'org_a', tier: 'free' });
  await claim('org_a', 'r1');
  records.seed('org', anOrg({ id: 'org_a', tier: 'gone' }));
  expect(await plan('org_a', 'r1')).toEqual({ act: 'move', tier: 'gone', plan: 'free' });
});

test('above 9,000 keys an org stays on the shared one, until one is given back', async () => {
  const { valves, claim, plan, end, usageKey, acting, records } = valveWorld({ id: 'org_a' }, { id: 'org_b' });
  await claim('org_b', 'r0');
  await end('org_b', 'r0');
  for (let at = valves.placed.size; at < mostUsageKeys; at++) valves.placed.add(`org_${at}`);
  await claim('org_a', 'r1');
  expect(await plan('org_a', 'r1')).toMatchObject({ act: 'nothing' });
  expect(await usageKey('org_a')).toBe(keptShared);

  granted(await removePrincipal(acting, 'org', 'org_b'));
  await claim('org_b', 'r2');
  expect(await plan('org_b', 'r2')).toMatchObject({ act: 'remove' });
  await end('org_b', 'r2');
  expect(valves.placed.size).toBe(mostUsageKeys - 1);
  expect(records.rows.get('org/org_b')).not.toHaveProperty('usage_key');

  await claim('org_a', 'r3');
  await end('org_a', 'r3');
  expect(await usageKey('org_a')).toBe('team');
});

test('of an org that is deleted before it had a key, or that never was, nothing is to be done', async () => {
  const { claim, plan } = valveWorld({ id: 'org_a', deleted_at: '2026-06-01T11:00:00.000Z' });
  await claim('org_a', 'r1');
  await claim('org_none', 'r1');
  expect(await plan('org_a', 'r1')).toMatchObject({ act: 'nothing' });
  expect(await plan('org_none', 'r1')).toMatchObject({ act: 'nothing' });
});

test('the sweep starts a run a day for each org whose key is not where it belongs, 500 at most', async () => {
  const odd = [{ id: 'org_new' }, { id: 'org_moved', usage_key: 'free', version: 7 }];
  const { records } = valveWorld(...odd, { id: 'org_well', usage_key: 'team' }, { id: 'org_shared', usage_key: '-' });
  const names = new Set<string>();
  const startValve = async (_: string, name: string) => names.size < names.add(name).size;
  expect(await sweepValves({ records, startValve, now: noon })).toBe(2);
  expect([...names]).toEqual(['org_moved-7-2026-06-01', 'org_new-1-2026-06-01']);
  expect(await sweepValves({ records, startValve, now: noon })).toBe(0);
  expect(await sweepValves({ records, startValve, now: noon + 86_400_000 })).toBe(2);
  for (let at = 0; at < 600; at++) records.seed('org', anOrg({ id: `org_${at}` }));
  expect(await sweepValves({ records, startValve, now: noon })).toBe(500);
  expect(await sweepValves({ records, startValve, now: noon })).toBe(100);
});
