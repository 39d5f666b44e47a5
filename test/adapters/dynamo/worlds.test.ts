import { expect, test } from '@jest/globals';
import { dynamoRecords } from '../../../lambdas/adapters/dynamo/records.ts';
import { dynamoWorlds } from '../../../lambdas/adapters/dynamo/worlds.ts';
import type { Caller } from '../../../lambdas/domain/caller.ts';
import type { KeyRecord } from '../../../lambdas/domain/records.ts';
import { WorldGone } from '../../../lambdas/domain/world.ts';
import type { Change } from '../../../lambdas/ports/table.ts';
import { aKey, anAgent, anOrg, aServer, aTeam, aToolset, aUser, noon } from '../../support/records.ts';
import { tableOfFile, testOnEmulator } from '../../support/table.ts';

const it = tableOfFile();
const commit = async (...changes: readonly Change[]) =>
  expect(await dynamoRecords(it.table).commit([], changes)).toBeUndefined();

/** A clock that stands until it is moved, and worlds read by it. */
function opened() {
  const clock = { now: noon };
  return { clock, worlds: dynamoWorlds(it.table, () => clock.now) };
}

const callerOf = ({ id, org_id, role, lineage, team_id, user_id, agent_id }: KeyRecord): Caller =>
  JSON.parse(JSON.stringify({ key_id: id, org_id, role, tier: 'team', lineage, team_id, user_id, agent_id })) as Caller;

/** An org with a key bound to a team, a user and an agent, minted by a key of a user. */
async function anOrgWithAKey(org_id: string) {
  const made = {
    org: anOrg({ org_id, id: org_id }),
    team: aTeam({ org_id }),
    user: aUser({ org_id }),
    agent: anAgent({ org_id }),
    minter: aKey({ org_id, id: `Minter-${org_id}`, user_id: 'usr_ann' }),
    key: aKey({
      org_id,
      id: `Key-${org_id}`,
      team_id: 'team_web',
      user_id: 'usr_ann',
      agent_id: 'agt_bot',
      lineage: [{ key_id: `Minter-${org_id}`, user_id: 'usr_ann' }],
    }),
    server: aServer({ org_id }),
    toolset: aToolset({ org_id }),
  };
  const { minter, ...rest } = made;
  const changes = Object.entries(rest).map(([kind, record]) => ({ do: 'create', kind, record }) as Change);
  await commit(...changes, { do: 'create', kind: 'key', record: minter });
  return { ...made, caller: callerOf(made.key) };
}

test('a world is the key, what it is bound to, its minters and the directory', async () => {
  const { key, org, team, user, agent, minter, server, toolset, caller } = await anOrgWithAKey('org_whole');
  expect(await opened().worlds.load(caller)).toEqual({
    key,
    org,
    team,
    user,
    agent,
    minters: [{ key: minter, org, user }],
    servers: [server],
    toolsets: [toolset],
  });
});

testOnEmulator('a cold caller costs one round trip of a batch and a query, a warm one none', async () => {
  const { caller } = await anOrgWithAKey('org_count');
  const { worlds } = opened();
  const costs = async (work: () => Promise<unknown>) => {
    const before = await it.emulator.counts();
    await work();
    const after = await it.emulator.counts();
    return Object.fromEntries(
      Object.entries(after).flatMap(([name, count]) => {
        const more = count - (before[name] ?? 0);
        return more > 0 ? [[name, more]] : [];
      }),
    );
  };
  expect(await costs(() => Promise.all(Array.from({ length: 20 }, () => worlds.load(caller))))).toEqual({
    BatchGetItem: 1,
    Query: 1,
  });
  expect(await costs(() => worlds.load(caller))).toEqual({});
  const other = aKey({ org_id: 'org_count', id: 'Key-count2' });
  await commit({ do: 'create', kind: 'key', record: other });
  expect(await costs(() => worlds.load(callerOf(other)))).toEqual({ BatchGetItem: 1 });
});

test('a warm world is the same object, so that what is computed from it can be kept beside it', async () => {
  const { caller } = await anOrgWithAKey('org_same');
  const { clock, worlds } = opened();
  const world = await worlds.load(caller);
  clock.now += 3_999;
  expect(await worlds.load(caller)).toBe(world);
  clock.now += 1;
  expect(await worlds.load(caller)).not.toBe(world);
});

test('AU-22 a revocation, a tombstone and a changed server are seen four seconds after the last read began', async () => {
  const { key, team, server, caller } = await anOrgWithAKey('org_revoke');
  const { clock, worlds } = opened();
  await worlds.load(caller);
  await commit(
    { do: 'replace', kind: 'key', record: { ...key, revoked_at: '2026-06-01T12:00:00.000Z', version: 2 }, was: 1 },
    { do: 'replace', kind: 'team', record: { ...team, deleted_at: '2026-06-01T12:00:00.000Z', version: 2 }, was: 1 },
    { do: 'replace', kind: 'server', record: { ...server, status: 'disabled', version: 2 }, was: 1 },
  );
  clock.now += 3_999;
  expect((await worlds.load(caller)).key.revoked_at).toBeUndefined();
  clock.now += 1;
  const world = await worlds.load(caller);
  expect(world.key.revoked_at).toBe('2026-06-01T12:00:00.000Z');
  expect(world).not.toHaveProperty('team');
  expect(world.servers[0]!.status).toBe('disabled');
});

test('what is kept is read again when the clock was set back', async () => {
  const { caller } = await anOrgWithAKey('org_back');
  const { clock, worlds } = opened();
  const world = await worlds.load(caller);
  clock.now -= 1;
  expect(await worlds.load(caller)).not.toBe(world);
});

test('reads that took five seconds decide nothing', async () => {
  const { caller } = await anOrgWithAKey('org_slow');
  const { clock, worlds } = opened();
  const slow = worlds.load(caller);
  clock.now += 5_000;
  await expect(slow).rejects.toThrow('too late');
  expect((await worlds.load(caller)).key.id).toBe('Key-org_slow');
});

test('a principal that is missing is absent, a minter that is gone is undefined, a key or org that is gone is WorldGone', async () => {
  const org_id = 'org_gone';
  const lineage = [{ key_id: 'Minter-none' }, { key_id: 'Key-elsewhere' }, { key_id: 'Key-gone', team_id: 'team_x' }];
  const key = aKey({ org_id, id: 'Key-gone', team_id: 'team_none', lineage });
  await commit(
    { do: 'create', kind: 'key', record: key },
    { do: 'create', kind: 'key', record: aKey({ org_id: 'org_else', id: 'Key-elsewhere' }) },
  );
  await expect(opened().worlds.load(callerOf(key))).rejects.toThrow(WorldGone);
  const org = anOrg({ org_id, id: org_id });
  await commit({ do: 'create', kind: 'org', record: org });
  const world = { key, org, minters: [undefined, undefined, undefined], servers: [], toolsets: [] };
  expect(await opened().worlds.load(callerOf(key))).toEqual(world);
  await expect(opened().worlds.load({ ...callerOf(key), key_id: 'Key-none' })).rejects.toThrow(WorldGone);
});

test("MT a caller whose bindings, lineage or org are not the key's has no world", async () => {
  const { caller } = await anOrgWithAKey('org_mine');
  await anOrgWithAKey('org_theirs');
  const others: readonly Partial<Caller>[] = [
    { org_id: 'org_theirs' },
    { key_id: 'Key-org_theirs' },
    { team_id: 'team_other' },
    { user_id: 'usr_other' },
    { agent_id: 'agt_other' },
    { lineage: [] },
  ];
  const { worlds } = opened();
  await worlds.load(caller);
  for (const other of others) {
    await expect(worlds.load({ ...caller, ...other })).rejects.toThrow(WorldGone);
    await expect(opened().worlds.load({ ...caller, ...other })).rejects.toThrow(WorldGone);
  }
});

test('MT worlds of two orgs loaded at once do not mix', async () => {
  const [one, two] = [await anOrgWithAKey('org_one'), await anOrgWithAKey('org_two')];
  const { worlds } = opened();
  const loaded = await Promise.all([one, two, one, two].map(({ caller }) => worlds.load(caller)));
  expect(new Set(loaded).size).toBe(2);
  for (const [index, world] of loaded.entries()) {
    const { org_id, key, org, team, user, agent, minters, servers, toolsets } = {
      org_id: index % 2 ? 'org_two' : 'org_one',
      ...world,
    };
    const records = [
      key,
      org,
      team,
      user,
      agent,
      minters[0]!.key,
      minters[0]!.org,
      minters[0]!.user,
      ...servers,
      ...toolsets,
    ];
    expect(records.map((record) => record?.org_id)).toEqual(records.map(() => org_id));
  }
});

testOnEmulator('CA-19 a level that cannot be read throws, is not kept, and is never absent', async () => {
  const { caller, team } = await anOrgWithAKey('org_ca19');
  for (const [operation, fault] of [
    ['BatchGetItem', 'ProvisionedThroughputExceededException'],
    ['BatchGetItem', 'ThrottlingException'],
    ['Query', 'InternalServerError'],
  ] as const) {
    const { worlds } = opened();
    await it.emulator.faults.failNext(operation, fault, 3);
    await expect(worlds.load(caller)).rejects.not.toBeInstanceOf(WorldGone);
    expect((await worlds.load(caller)).team).toEqual(team);
  }
});
