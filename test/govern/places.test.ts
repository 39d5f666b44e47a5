import { expect, test } from '@jest/globals';
import { revokeKey } from '../../lambdas/govern/keys/change.ts';
import { createKey } from '../../lambdas/govern/keys/create.ts';
import { createOrg } from '../../lambdas/govern/principals/create-org.ts';
import { createServer } from '../../lambdas/govern/servers/create.ts';
import { patchServer } from '../../lambdas/govern/servers/patch.ts';
import { refreshServer } from '../../lambdas/govern/servers/refresh.ts';
import { removeServer } from '../../lambdas/govern/servers/remove.ts';
import { memoryRecords, testTiers } from '../support/memory.ts';
import { aKey, anOrg, aServer, noon } from '../support/records.ts';
import { actingOn, granted, refused } from './admin-world.ts';
import { listing, serversWorld } from './servers-world.ts';

/** An org of the free tier: three servers. */
function freeWorld() {
  const world = serversWorld(listing(['a']));
  const acting = { ...world.acting, tiers: testTiers };
  world.records.seed('org', anOrg({ tier: 'free' }));
  const add = (alias: string, given = {}) =>
    createServer(acting, { alias, url: `https://${alias}.example.com/mcp`, auth_type: 'none', ...given });
  const active = async () =>
    (await world.records.directory('default')).servers.filter(({ status }) => status === 'active').length;
  const counter = () => world.records.counters.get('default/server')?.used;
  return { ...world, acting, add, active, counter };
}

test('of twenty servers that are added at once three become active, and of the others nothing is left', async () => {
  const { records, vault, add, active, counter } = freeWorld();
  const credentials = { secret: 'a-secret' };
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, at) => add(`s${at}`, { auth_type: 'bearer_token', credentials })),
  );
  expect([await active(), counter(), vault.stored.size, records.names.size]).toEqual([3, 3, 3, 3]);
  const others = answers.filter(({ ok }) => !ok);
  expect(others).toHaveLength(17);
  for (const other of others)
    expect(refused(other)).toEqual({
      code: 'conflict',
      message: 'The free tier has 3 places for active servers, and all are taken.',
      state: { tier: 'free', limit: 3, used: 3 },
    });
});

test('a place is free again when its server is disabled, moves to another host, or is deleted', async () => {
  const { acting, add, counter } = freeWorld();
  const servers = [];
  for (const alias of ['one', 'two', 'three']) servers.push(granted(await add(alias)));
  const [one, two, three] = servers.map(({ id }) => id) as [string, string, string];
  granted(await patchServer(acting, one, { version: 1, disabled: true }));
  expect(counter()).toBe(2);
  granted(await patchServer(acting, two, { version: 1, url: 'https://elsewhere.example.com/mcp' }));
  expect(counter()).toBe(1);
  granted(await removeServer(acting, three));
  expect(counter()).toBe(0);
  granted(await removeServer(acting, one));
  expect(counter()).toBe(0);
});

test('enabling and refreshing take a place as adding does', async () => {
  const { acting, add, active, counter } = freeWorld();
  const off = granted(await add('off'));
  granted(await patchServer(acting, off.id, { version: 1, disabled: true }));
  const moved = granted(await add('moved'));
  granted(await patchServer(acting, moved.id, { version: 1, url: 'https://elsewhere.example.com/mcp' }));
  for (const alias of ['one', 'two', 'three']) granted(await add(alias));
  expect(refused(await patchServer(acting, off.id, { version: 2, disabled: false }))['code']).toBe('conflict');
  expect(refused(await refreshServer(acting, moved.id))['code']).toBe('conflict');
  expect([await active(), counter()]).toEqual([3, 3]);
  granted(await removeServer(acting, 'one'));
  granted(await refreshServer(acting, moved.id));
  granted(await removeServer(acting, 'two'));
  granted(await patchServer(acting, off.id, { version: 2, disabled: false }));
  expect([await active(), counter()]).toEqual([3, 3]);
});

test('a server that does not become active takes no place', async () => {
  const { add, counter } = freeWorld();
  for (const alias of ['one', 'two', 'three', 'four'])
    expect(granted(await add(alias, { auth_type: 'oauth2' })).status).toBe('inactive');
  expect(counter()).toBeUndefined();
});

test('a lower tier takes no server off; more are refused until enough have gone', async () => {
  const { acting, records, add, active } = freeWorld();
  records.seed('org', anOrg({ tier: 'team' }));
  for (const alias of ['one', 'two', 'three', 'four', 'five']) granted(await add(alias));
  records.seed('org', anOrg({ tier: 'free' }));
  expect(refused(await add('six'))['state']).toEqual({ tier: 'free', limit: 3, used: 5 });
  expect(await active()).toBe(5);
  for (const alias of ['one', 'two']) granted(await removeServer(acting, alias));
  expect(refused(await add('six'))['state']).toMatchObject({ used: 3 });
  granted(await removeServer(acting, 'three'));
  expect(granted(await add('six')).status).toBe('active');
});

test('an org whose servers were never counted is counted at the first change, whichever it is', async () => {
  for (const first of ['add', 'remove'] as const) {
    const { acting, records, add, counter } = freeWorld();
    for (const alias of ['one', 'two']) granted(await add(alias));
    records.seed('server', aServer({ alias: 'off', status: 'disabled' }));
    records.counters.clear();
    expect((await (first === 'add' ? add('three') : removeServer(acting, 'one'))).ok).toBe(true);
    expect(counter()).toBe(first === 'add' ? 3 : 1);
  }
});

test('a counter that is wrong is counted anew before anybody is refused', async () => {
  const { records, add, counter } = freeWorld();
  records.counters.set('default/server', { used: 3, changes: 9 });
  granted(await add('one'));
  expect(counter()).toBe(1);
});

test('the tier is the one that the org has now; one that the settings no longer have counts as the default tier', async () => {
  const { records, add } = freeWorld();
  records.seed('org', anOrg({ tier: 'gone' }));
  for (const alias of ['one', 'two', 'three']) granted(await add(alias));
  expect(refused(await add('four'))['state']).toEqual({ tier: 'gone', limit: 3, used: 3 });
  records.seed('org', anOrg({ tier: 'team' }));
  granted(await add('four'));
});

/** An org with 19 of the free tier's 20 live keys: one expires a minute past noon. */
function keysWorld() {
  const records = memoryRecords();
  records.seed('org', anOrg({ tier: 'free' }));
  const expires_at = new Date(noon + 60_000).toISOString();
  const ended = '2026-01-02T00:00:00.000Z';
  records.seed('key', aKey({ id: 'Revoked', revoked_at: ended }));
  records.seed('key', aKey({ id: 'Expired', expires_at: ended }));
  for (let at = 0; at < 19; at++) records.seed('key', aKey({ id: `Key${at}`, ...(at === 0 ? { expires_at } : {}) }));
  const { acting } = actingOn(records);
  const mint = (now = noon) => createKey({ ...acting, now }, { name: 'a key' });
  return { records, acting, mint };
}

test('of twenty keys that are minted at once the tier admits as many as are left', async () => {
  const { records, mint } = keysWorld();
  const answers = await Promise.all(Array.from({ length: 20 }, () => mint()));
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  expect(refused(answers.find(({ ok }) => !ok)!)).toEqual({
    code: 'conflict',
    message: 'The free tier has 20 places for live keys, and all are taken.',
    state: { tier: 'free', limit: 20, used: 20 },
  });
  expect(records.counters.get('default/key')?.used).toBe(20);
});

test('a key that is revoked frees its place once, and one that expires frees it without a word', async () => {
  const { records, acting, mint } = keysWorld();
  granted(await mint());
  for (let again = 0; again < 2; again++) granted(await revokeKey(acting, 'Key1'));
  granted(await revokeKey(acting, 'Expired'));
  granted(await mint());
  expect(refused(await mint())['code']).toBe('conflict');
  granted(await mint(noon + 60_000));
  expect(refused(await mint(noon + 60_000))['code']).toBe('conflict');
  expect(records.counters.get('default/key')?.used).toBe(20);
});

test('a new org begins with the place of its first key', async () => {
  const { records, acting } = keysWorld();
  const { id } = granted(await createOrg(acting, { name: 'New' }));
  expect(records.counters.get(`${id}/key`)?.used).toBe(1);
});
