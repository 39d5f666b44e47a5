import { expect, test } from '@jest/globals';
import { dynamoPrincipals } from '../../lambdas/adapters/dynamo/principals.ts';
import { dynamoRecords } from '../../lambdas/adapters/dynamo/records.ts';
import { dynamoWorlds } from '../../lambdas/adapters/dynamo/worlds.ts';
import type { AdminActing } from '../../lambdas/govern/admin-acting.ts';
import { patchKey, revokeKey, rotateKey } from '../../lambdas/govern/keys/change.ts';
import { createKey } from '../../lambdas/govern/keys/create.ts';
import { getKey } from '../../lambdas/govern/keys/read.ts';
import { createOrg } from '../../lambdas/govern/principals/create-org.ts';
import { createPrincipal, patchPrincipal, removePrincipal } from '../../lambdas/govern/principals/principals.ts';
import { authenticate } from '../../lambdas/journey/authenticate.ts';
import { memorySecrets } from '../support/memory.ts';
import { noon } from '../support/records.ts';
import { tableOfFile } from '../support/table.ts';
import { actingOn, granted, refused, someone } from './admin-world.ts';

const it = tableOfFile();
const secrets = memorySecrets();

/** An operator, and an admin of an org of its own, over the real table. */
async function anAdmin() {
  const worlds = dynamoWorlds(it.table, () => noon);
  const { acting } = actingOn(dynamoRecords(it.table), { secrets, worlds, caller: someone('operator') });
  const org = granted(await createOrg(acting, { name: 'Acme' }));
  const admin = { ...acting, caller: someone('admin', { key_id: org.admin_key.id, org_id: org.id }) };
  return { operator: acting, admin, org };
}

/** Whether a key's text lets its holder in at a moment. */
async function opens(key: string, now = noon): Promise<boolean> {
  const ports = { records: dynamoRecords(it.table), principals: dynamoPrincipals(it.table), secrets };
  return (await authenticate({ 'x-xct-api-key': [key] }, now, ports)).ok;
}
const later = (acting: AdminActing, seconds: number): AdminActing => ({ ...acting, now: acting.now + seconds * 1000 });

test('AU-23 after a rotation the old secret lives for the grace and no longer; the new one lives', async () => {
  const { admin } = await anAdmin();
  const made = granted(await createKey(admin, { name: 'k' }));
  const turned = granted(await rotateKey(admin, made.id, { grace_seconds: 60 }));
  expect(turned).toMatchObject({ id: made.id, version: 2 });
  expect(await Promise.all([opens(made.key), opens(turned.key)])).toEqual([true, true]);
  expect(await opens(made.key, noon + 60_000)).toBe(false);
  expect(await opens(turned.key, noon + 60_000)).toBe(true);
});

test('AU-23 a second rotation ends the oldest secret at once, and one without grace ends the one before it', async () => {
  const { admin } = await anAdmin();
  const first = granted(await createKey(admin, { name: 'k' }));
  const second = granted(await rotateKey(admin, first.id, { grace_seconds: 600 }));
  const third = granted(await rotateKey(later(admin, 1), first.id, { grace_seconds: 600 }));
  expect(await Promise.all([first, second, third].map(({ key }) => opens(key)))).toEqual([false, true, true]);
  const fourth = granted(await rotateKey(later(admin, 2), first.id, {}));
  expect(await Promise.all([second, third, fourth].map(({ key }) => opens(key)))).toEqual([false, false, true]);
});

test('AU-23 a key revoked in its grace opens by neither secret, and is neither changed nor rotated again', async () => {
  const { admin } = await anAdmin();
  const first = granted(await createKey(admin, { name: 'k' }));
  const second = granted(await rotateKey(admin, first.id, { grace_seconds: 600 }));
  expect(granted(await revokeKey(admin, first.id))).toEqual({ id: first.id, deleted: true });
  expect(await Promise.all([opens(first.key), opens(second.key)])).toEqual([false, false]);
  expect(refused(await rotateKey(admin, first.id, {}))).toMatchObject({ code: 'conflict' });
  expect(refused(await patchKey(admin, first.id, { version: 3, name: 'x' }))).toMatchObject({ code: 'conflict' });
  expect(granted(await revokeKey(later(admin, 9), first.id)).deleted).toBe(true);
  expect(granted(await getKey(admin, first.id))).toMatchObject({ version: 3 });
});

test('an expired key is not brought back by a rotation', async () => {
  const { admin } = await anAdmin();
  // The table drops a key 30 days after its expiry by its own clock, so this one ends years after the test's noon.
  const years = 300_000_000;
  const made = granted(await createKey(admin, { name: 'k', expires_in: years }));
  expect(await opens(made.key)).toBe(true);
  expect(refused(await rotateKey(later(admin, years), made.id, {}))).toMatchObject({ code: 'conflict' });
});

test('of ten changes of one version one is written, and the others are told the version there is', async () => {
  const { admin } = await anAdmin();
  const made = granted(await createKey(admin, { name: 'k' }));
  const names = Array.from({ length: 10 }, (_, n) => `name ${n}`);
  const outcomes = await Promise.all(names.map((name) => patchKey(admin, made.id, { version: 1, name })));
  const winner = outcomes.findIndex(({ ok }) => ok);
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  for (const outcome of outcomes)
    if (!outcome.ok) expect(outcome.refusal).toMatchObject({ code: 'conflict', state: { version: 2 } });
  expect(granted(await getKey(admin, made.id)).name).toBe(names[winner]);
  const rows = await admin.records.audit(admin.caller.org_id, { limit: 100 });
  expect(rows.rows.filter(({ action }) => action === 'key.update')).toHaveLength(1);
});

test('a key bound to a deleted team, user or agent is dead: the tombstone never becomes "no opinion"', async () => {
  const { admin } = await anAdmin();
  for (const [kind, field, extra] of [
    ['team', 'team_id', {}],
    ['user', 'user_id', {}],
    ['agent', 'agent_id', { url: 'https://bot.example.com/a2a' }],
  ] as const) {
    const principal = granted(await createPrincipal(admin, kind, { name: 'p', ...extra }));
    const { key } = granted(await createKey(admin, { name: 'k', [field]: principal.id }));
    expect(await opens(key)).toBe(true);
    const disabled = granted(await patchPrincipal(admin, kind, principal.id, { version: 1, disabled: true }));
    expect(await opens(key)).toBe(false);
    granted(await patchPrincipal(admin, kind, principal.id, { version: Number(disabled['version']), disabled: false }));
    expect(await opens(key)).toBe(true);
    granted(await removePrincipal(admin, kind, principal.id));
    expect(await opens(key)).toBe(false);
    const bound = { name: 'again', [field]: principal.id };
    expect(refused(await createKey(admin, bound))).toMatchObject({ code: 'invalid_request', param: field });
  }
});

test('the first admin key of an org opens until the org is suspended or deleted', async () => {
  const { operator, org } = await anAdmin();
  expect(await opens(org.admin_key.key)).toBe(true);
  granted(await patchPrincipal(operator, 'org', org.id, { version: 1, disabled: true }));
  expect(await opens(org.admin_key.key)).toBe(false);
  granted(await patchPrincipal(operator, 'org', org.id, { version: 2, disabled: false }));
  expect(await opens(org.admin_key.key)).toBe(true);
  granted(await removePrincipal(operator, 'org', org.id));
  expect(await opens(org.admin_key.key)).toBe(false);
});

test('a key that a member minted dies with the key that minted it', async () => {
  const { admin } = await anAdmin();
  const made = granted(await createKey(admin, { name: 'member' }));
  const member = { ...admin, caller: someone('member', { key_id: made.id, org_id: admin.caller.org_id }) };
  const child = granted(await createKey(member, { name: 'child' }));
  expect(await opens(child.key)).toBe(true);
  granted(await revokeKey(member, made.id));
  expect(await opens(child.key)).toBe(false);
});
