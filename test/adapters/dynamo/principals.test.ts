import type { BatchGetItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from '@jest/globals';
import { dynamoPrincipals } from '../../../lambdas/adapters/dynamo/principals.ts';
import { dynamoRecords } from '../../../lambdas/adapters/dynamo/records.ts';
import type { Table } from '../../../lambdas/adapters/dynamo/table.ts';
import type { Change } from '../../../lambdas/ports/table.ts';
import { aKey, anAgent, anOrg, aTeam, aUser } from '../../support/records.ts';
import { tableOfFile, testOnEmulator } from '../../support/table.ts';

const it = tableOfFile();
const commit = async (...changes: readonly Change[]) =>
  expect(await dynamoRecords(it.table).commit([], changes)).toBeUndefined();
const load = (key = aKey(), table = it.table) => dynamoPrincipals(table).load(key);
const absent = { key: undefined, team: undefined, user: undefined, agent: undefined };

test('the authorizer sees the org, what the key is bound to, and its minters in order', async () => {
  const org_id = 'org_all';
  const [org, team, user, agent] = [
    anOrg({ org_id, id: org_id }),
    aTeam({ org_id }),
    aUser({ org_id }),
    anAgent({ org_id }),
  ];
  const lineage = [
    { key_id: 'Minter2', user_id: 'usr_ann' },
    { key_id: 'Minter1', team_id: 'team_web', agent_id: 'agt_bot' },
  ];
  const minters = lineage.map(({ key_id, ...bound }) => aKey({ org_id, id: key_id, ...bound }));
  await commit(
    { do: 'create', kind: 'org', record: org },
    { do: 'create', kind: 'team', record: team },
    { do: 'create', kind: 'user', record: user },
    { do: 'create', kind: 'agent', record: agent },
    ...minters.map((record): Change => ({ do: 'create', kind: 'key', record })),
  );
  const key = aKey({ org_id, team_id: 'team_web', user_id: 'usr_ann', agent_id: 'agt_bot', lineage });
  expect(await load(key)).toEqual({
    org,
    team,
    user,
    agent,
    minters: [
      { ...absent, key: minters[0], user },
      { ...absent, key: minters[1], team, agent },
    ],
  });
});

test('what is missing, a tombstone or of another org is undefined', async () => {
  const org_id = 'org_some';
  const dead = aTeam({ org_id, deleted_at: '2026-02-01T00:00:00.000Z' });
  await commit(
    { do: 'create', kind: 'team', record: dead },
    { do: 'create', kind: 'key', record: aKey({ org_id: 'org_else', id: 'MinterElse' }) },
  );
  const key = aKey({
    org_id,
    team_id: dead.id,
    user_id: 'usr_none',
    lineage: [{ key_id: 'MinterElse' }, { key_id: 'MinterNone' }],
  });
  const { key: _, ...nobody } = absent;
  expect(await load(key)).toEqual({ ...nobody, org: undefined, minters: [absent, absent] });
});

testOnEmulator('CA-19 a principal that cannot be read throws', async () => {
  await it.emulator.faults.failNext('BatchGetItem', 'ThrottlingException', 3);
  await expect(load()).rejects.toThrow();
});

test('a lineage of more keys than one batch holds is read whole', async () => {
  const org_id = 'org_long';
  const minters = Array.from({ length: 60 }, (_, index) =>
    aKey({ org_id, id: `Long${index}`, team_id: `team_${index}` }),
  );
  const teams = minters.map(({ team_id }) => aTeam({ org_id, id: team_id! }));
  await commit(...minters.map((record): Change => ({ do: 'create', kind: 'key', record })));
  await commit(...teams.map((record): Change => ({ do: 'create', kind: 'team', record })));
  const found = await load(
    aKey({ org_id, lineage: minters.map(({ id, team_id }) => ({ key_id: id, team_id: team_id! })) }),
  );
  expect(found.minters).toEqual(minters.map((key, index) => ({ ...absent, key, team: teams[index] })));
});

test('keys that an answer left out are asked for again', async () => {
  const org_id = 'org_large';
  const description = 'x'.repeat(350_000);
  const ids = Array.from({ length: 6 }, (_, index) => ({ key_id: `Large${index}`, agent_id: `agt_${index}` }));
  for (const { agent_id: id } of ids)
    await commit({ do: 'create', kind: 'agent', record: anAgent({ org_id, id, description }) });
  const { minters } = await load(aKey({ org_id, lineage: ids }));
  expect(minters.map(({ agent }) => agent?.description?.length)).toEqual(ids.map(() => 350_000));
});

/** The table, but no batch is ever read whole: what AWS answers while it throttles. */
const leavingOut = (table: Table): Table => {
  const send = async (command: BatchGetItemCommand) => ({ UnprocessedKeys: command.input.RequestItems });
  return { name: table.name, client: { send } as unknown as Table['client'] };
};

test('CA-19 keys that are left out again and again throw; they are not absent', async () => {
  await expect(load(aKey(), leavingOut(it.table))).rejects.toThrow('did not read all keys');
});
