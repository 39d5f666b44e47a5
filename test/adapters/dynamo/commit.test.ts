import { expect, test } from '@jest/globals';
import { dynamoRecords } from '../../../lambdas/adapters/dynamo/records.ts';
import type { Change, Records } from '../../../lambdas/ports/table.ts';
import { aKey, anOrg, aServer, aTeam } from '../../support/records.ts';
import { anAudit, tableOfFile, testOnEmulator } from '../../support/table.ts';

const it = tableOfFile();
const records = (): Records => dynamoRecords(it.table);
const commit = (...changes: readonly Change[]) => records().commit([], changes);
const creates = (record = aTeam()): Change => ({ do: 'create', kind: 'team', record });
const replaces = (record = aTeam({ version: 2 }), was = record.version - 1): Change => ({
  do: 'replace',
  kind: 'team',
  record,
  was,
});

test('what exists is not created again; the conflict shows what it met', async () => {
  const team = aTeam({ org_id: 'org_create' });
  const change = creates({ ...team, name: 'other' });
  expect(await commit(creates(team))).toBeUndefined();
  expect(await commit(change)).toEqual({ index: 0, change, met: team });
  expect(await records().get('team', 'org_create', team.id)).toEqual(team);
});

test('of twenty replacements of one version one wins, and the others meet its record', async () => {
  const team = aTeam({ org_id: 'org_replace' });
  await commit(creates(team));
  const changes = Array.from({ length: 20 }, (_, index) => replaces({ ...team, name: `n${index}`, version: 2 }));
  const answers = await Promise.all(changes.map((change) => commit(change)));
  const winner = answers.indexOf(undefined);
  const stored = await records().get('team', 'org_replace', team.id);
  expect(answers.filter((answer) => answer === undefined)).toHaveLength(1);
  expect(stored).toMatchObject({ name: `n${winner}`, version: 2 });
  for (const answer of answers) if (answer) expect(answer).toMatchObject({ index: 0, met: stored });
});

test('a replacement of a record that is gone is a conflict that met nothing', async () => {
  const change = replaces(aTeam({ org_id: 'org_gone', version: 2 }));
  expect(await commit(change)).toEqual({ index: 0, change });
});

test('a replacement that does not count its version on by one is a fault', async () => {
  await expect(commit(replaces(aTeam({ version: 3 }), 1))).rejects.toThrow('counts its version on by one');
});

test('a replacement leaves alone what was written beside the record meanwhile', async () => {
  const server = aServer({ org_id: 'org_probe' });
  await commit({ do: 'create', kind: 'server', record: server });
  const probe = { ok: true, at: '2026-06-01T12:00:00.000Z', latency_ms: 3 };
  await records().probed(server, probe);
  const record = { ...server, version: 2, description: 'changed' };
  expect(await commit({ do: 'replace', kind: 'server', record, was: 1 })).toBeUndefined();
  expect(await records().get('server', 'org_probe', server.id)).toEqual({ ...record, last_probe: probe });
});

test('a server is removed in the version that was read, once', async () => {
  const server = aServer({ org_id: 'org_remove' });
  const remove = (was: number): Change => ({ do: 'remove', kind: 'server', org_id: 'org_remove', id: server.id, was });
  await commit({ do: 'create', kind: 'server', record: server });
  expect(await commit(remove(2))).toMatchObject({ index: 0, met: server });
  expect(await commit(remove(1))).toBeUndefined();
  expect(await commit(remove(1))).toEqual({ index: 0, change: remove(1) });
});

test('a required record must exist and be no tombstone', async () => {
  const org_id = 'org_require';
  const dead = aTeam({ org_id, id: 'team_dead', deleted_at: '2026-02-01T00:00:00.000Z' });
  await commit(creates(aTeam({ org_id })), creates(dead), {
    do: 'create',
    kind: 'org',
    record: anOrg({ org_id, id: org_id }),
  });
  const key = (id: string): Change => ({ do: 'create', kind: 'key', record: aKey({ org_id, id }) });
  const requires = (kind: 'team' | 'user' | 'org', id: string): Change => ({ do: 'require', kind, org_id, id });
  expect(await commit(key('Req1'), requires('team', 'team_web'), requires('org', org_id))).toBeUndefined();
  expect(await commit(key('Req2'), requires('team', 'team_dead'))).toMatchObject({ index: 1, met: dead });
  expect(await commit(requires('user', 'usr_none'), key('Req3'))).toEqual({
    index: 0,
    change: requires('user', 'usr_none'),
  });
  expect(await records().key('Req2')).toBeUndefined();
  expect(await records().key('Req3')).toBeUndefined();
});

test('a record that one commit requires twice, or requires and writes, is one item of it', async () => {
  const team = aTeam({ org_id: 'org_twice' });
  const requires: Change = { do: 'require', kind: 'team', org_id: 'org_twice', id: team.id };
  expect(await commit(requires, creates(team), requires)).toBeUndefined();
  expect(await commit(requires, requires)).toBeUndefined();
  expect(await commit(requires, creates(team))).toMatchObject({ index: 1, met: team });
  await expect(commit(creates(team), replaces({ ...team, version: 2 }))).rejects.toThrow('one item twice');
});

test('AU-24 a change of a deployment is made once of twenty tries at once', async () => {
  expect(await records().done('bootstrap')).toBe(false);
  const once: Change = { do: 'once', what: 'bootstrap' };
  const answers = await Promise.all(Array.from({ length: 20 }, () => commit(once)));
  expect(answers.filter((answer) => answer === undefined)).toHaveLength(1);
  for (const answer of answers) if (answer) expect(answer).toEqual({ index: 0, change: once });
  expect(await records().done('bootstrap')).toBe(true);
});

test('the first of several changes that do not hold is the one named', async () => {
  const changes = [
    creates(aTeam({ id: 'team_new', org_id: 'org_first' })),
    replaces(),
    creates(aTeam({ org_id: 'org_first' })),
  ];
  await commit(creates(aTeam({ org_id: 'org_first' })));
  expect(await commit(...changes)).toEqual({ index: 1, change: changes[1] });
});

test('changes and audit rows are written together or not at all', async () => {
  const org_id = 'org_atomic';
  const audit = [anAudit({ org_id })];
  const team = aTeam({ org_id });
  expect(
    await records().commit(audit, [creates(team), replaces(aTeam({ org_id, id: 'team_none', version: 2 }))]),
  ).toMatchObject({ index: 1 });
  expect(await records().get('team', org_id, team.id)).toBeUndefined();
  expect(await records().audit(org_id, { limit: 9 })).toEqual({ rows: [] });
  expect(await records().commit(audit, [creates(team)])).toBeUndefined();
  expect(await records().audit(org_id, { limit: 9 })).toEqual({ rows: audit });
  const second = aTeam({ org_id, id: 'team_second' });
  await expect(records().commit(audit, [creates(second)])).rejects.toThrow('An audit row with this id exists.');
  expect(await records().get('team', org_id, second.id)).toBeUndefined();
});

testOnEmulator('a commit whose store fails throws and leaves neither change nor audit row', async () => {
  const org_id = 'org_fault';
  const faults = ['InternalServerError', 'ThrottlingException', 'ValidationException', 'AccessDeniedException'];
  for (const fault of faults) {
    await it.emulator.faults.failNext('TransactWriteItems', fault, 3);
    await expect(records().commit([anAudit({ org_id })], [creates(aTeam({ org_id }))])).rejects.toThrow();
    await it.emulator.faults.clear();
    expect(await records().get('team', org_id, 'team_web')).toBeUndefined();
    expect(await records().audit(org_id, { limit: 9 })).toEqual({ rows: [] });
  }
});

testOnEmulator('a transaction that collides is tried again, a bounded number of times', async () => {
  const org_id = 'org_collide';
  await it.emulator.faults.failNext('TransactWriteItems', 'TransactionConflict', 3);
  expect(await commit(creates(aTeam({ org_id })))).toBeUndefined();
  const before = (await it.emulator.counts())['TransactWriteItems']!;
  await it.emulator.faults.failNext('TransactWriteItems', 'TransactionConflict', 100);
  await expect(commit(creates(aTeam({ org_id, id: 'team_2' })))).rejects.toThrow('Transaction cancelled');
  await it.emulator.faults.clear();
  expect((await it.emulator.counts())['TransactWriteItems']! - before).toBe(8);
});

test('a commit of a hundred items is written, of more is a fault before anything is', async () => {
  const teams = (count: number) =>
    Array.from({ length: count }, (_, index) => creates(aTeam({ org_id: `org_most${count}`, id: `team_${index}` })));
  expect(await records().commit([anAudit({ org_id: 'org_most99' })], teams(99))).toBeUndefined();
  await expect(records().commit([anAudit({ org_id: 'org_most100' })], teams(100))).rejects.toThrow('101 items');
  expect(await records().list('team', 'org_most100', { limit: 1 })).toEqual({ rows: [] });
});

test('a commit whose answer was lost is sent again and made once', async () => {
  const team = aTeam({ org_id: 'org_lost' });
  let answers = 0;
  const { middlewareStack } = it.table.client;
  middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      answers += 1;
      if (answers === 1) throw Object.assign(new Error('lost'), { name: 'TimeoutError' });
      return answer;
    },
    { step: 'deserialize', name: 'loseTheFirst' },
  );
  expect(await commit(creates(team))).toBeUndefined();
  middlewareStack.remove('loseTheFirst');
  expect(answers).toBe(2);
  expect(await records().get('team', 'org_lost', team.id)).toEqual(team);
});
