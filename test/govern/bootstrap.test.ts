import { beforeEach, expect, test } from '@jest/globals';
import { KeyShown } from '../../contract/keys.ts';
import { whoAmI } from '../../lambdas/govern/access/me.ts';
import { bootstrap, type Founding, recover } from '../../lambdas/govern/bootstrap.ts';
import { memoryCounters, memoryRecords, memorySecrets, memoryWorlds, sha256, testTiers } from '../support/memory.ts';
import { anOrg, noon } from '../support/records.ts';
import { callerOf, granted, refused } from './admin-world.ts';

const token = 'T'.repeat(64);
const day = 24 * 60 * 60 * 1000;
let records: ReturnType<typeof memoryRecords>;
let founding: Founding;
beforeEach(() => {
  records = memoryRecords();
  founding = {
    requestId: 'req-1',
    now: noon,
    records,
    secrets: memorySecrets(),
    tiers: testTiers,
    sha256,
    bootstrapToken: async () => ({ value: token, createdAt: noon }),
  };
});

test('the token makes org default, a user and an operator key, audited as bootstrap', async () => {
  const shown = granted(await bootstrap(founding, { token, name: 'Ann' }));
  expect(KeyShown.strict().parse(shown)).toEqual(shown);
  expect(shown).toMatchObject({ name: 'Ann', org_id: 'default', role: 'operator' });
  expect(await records.get('user', 'default', shown.user_id!)).toMatchObject({ name: 'Ann', disabled: false });
  expect(await records.get('org', 'default', 'default')).toMatchObject({ tier: 'free', version: 1 });
  expect(records.audits.map(({ action, actor }) => `${actor.key_id} ${action}`)).toEqual([
    'bootstrap org.create',
    'bootstrap user.create',
    'bootstrap key.create',
  ]);
  expect(JSON.stringify(records.audits)).not.toContain(shown.key);
  const caller = callerOf((await records.key(shown.id))!);
  expect(
    granted(await whoAmI({ ...founding, caller, worlds: memoryWorlds(records), counters: memoryCounters() })).role,
  ).toBe('operator');
});

test('AU-24 a wrong token is unauthorized before and after, and nothing is stored', async () => {
  const wrong = { token: 'W'.repeat(64) };
  expect(refused(await bootstrap(founding, wrong))).toEqual({ code: 'unauthorized' });
  expect(records.rows.size).toBe(0);
  granted(await bootstrap(founding, { token }));
  expect(refused(await bootstrap(founding, wrong))).toEqual({ code: 'unauthorized' });
});

test('AU-24 the token works for 24 hours and once', async () => {
  const late = { ...founding, now: noon + day };
  expect(refused(await bootstrap(late, { token }))).toMatchObject({ code: 'gone' });
  granted(await bootstrap({ ...founding, now: noon + day - 1 }, { token }));
  expect(refused(await bootstrap(founding, { token }))).toMatchObject({ code: 'gone' });
});

test('AU-24 a new token after the bootstrap makes no new operator', async () => {
  granted(await bootstrap(founding, { token }));
  const value = 'N'.repeat(64);
  const redeployed = { ...founding, bootstrapToken: async () => ({ value, createdAt: noon }) };
  expect(refused(await bootstrap(redeployed, { token: value }))).toMatchObject({ code: 'gone' });
});

test('recovery makes an operator key beside the others, with or without an org, audited as recovery', async () => {
  const first = granted(await recover(founding));
  expect(first).toMatchObject({ role: 'operator', org_id: 'default', name: 'recovery' });
  expect(first).not.toHaveProperty('user_id');
  const second = granted(await recover(founding));
  expect(second.id).not.toBe(first.id);
  expect(records.audits.map(({ action, actor }) => `${actor.key_id} ${action}`)).toEqual([
    'recovery org.create',
    'recovery key.create',
    'recovery key.create',
  ]);
  expect(granted(await bootstrap(founding, { token })).role).toBe('operator');
});

test('recovery is not refused for a tier that is full of keys, and its key counts', async () => {
  granted(await recover(founding));
  records.counters.set('default/key', { used: 20, changes: 7 });
  granted(await recover(founding));
  expect(records.counters.get('default/key')?.used).toBe(21);
});

test('an org that another makes at the same moment is a conflict, not two', async () => {
  const raced: Founding['records'] = { ...records, get: async () => undefined };
  records.seed('org', anOrg());
  expect(refused(await recover({ ...founding, records: raced }))).toMatchObject({ code: 'conflict' });
  expect(records.audits).toEqual([]);
});
