import { expect, test } from '@jest/globals';
import { dynamoRecords } from '../../../lambdas/adapters/dynamo/records.ts';
import type { Change, Holder } from '../../../lambdas/ports/table.ts';
import { tableOfFile } from '../../support/table.ts';

const it = tableOfFile();
const commit = (...changes: readonly Change[]) => dynamoRecords(it.table).commit([], changes);
const change =
  (act: 'take_name' | 'release_name', kind: Holder['kind']) =>
  (name: string, id: string, org_id = 'default'): Change => ({ do: act, org_id, name, holder: { kind, id } });
const server = change('take_name', 'server');
const toolset = change('take_name', 'toolset');
const group = change('take_name', 'access_group');
const releaseServer = change('release_name', 'server');
const releaseGroup = change('release_name', 'access_group');

test.each([
  ['servers', server],
  ['toolsets', toolset],
])('of twenty %s that take one name at once one gets it', async (kind, take) => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => commit(take(`race-${kind}`, `id_${index}`))),
  );
  const winner = answers.indexOf(undefined);
  expect(answers.filter((answer) => answer === undefined)).toHaveLength(1);
  const met = { kind: kind.slice(0, -1), ids: [`id_${winner}`] };
  for (const answer of answers) if (answer) expect(answer).toMatchObject({ index: 0, met });
});

test('of ten servers and ten servers with a group, all of one name at once, either one server or all groups get it', async () => {
  const takes = Array.from({ length: 20 }, (_, index) => (index % 2 ? server : group)('race-mixed', `id_${index}`));
  const won = (await Promise.all(takes.map((take) => commit(take)))).flatMap((answer, index) =>
    answer ? [] : [index % 2],
  );
  expect([[1], Array(10).fill(0)]).toContainEqual(won);
});

test('twenty servers may take one access group at once, and a server may have the name when the last has left it', async () => {
  const ids = Array.from({ length: 20 }, (_, index) => `srv_${index}`);
  expect(await Promise.all(ids.map((id) => commit(group('shared', id))))).toEqual(ids.map(() => undefined));
  for (const id of ids) {
    const { met } = (await commit(server('shared', 'srv_x')))!;
    expect(met).toEqual({ kind: 'access_group', ids: expect.arrayContaining([id]) });
    expect(await commit(releaseGroup('shared', id))).toBeUndefined();
  }
  expect(await commit(server('shared', 'srv_x'))).toBeUndefined();
  expect(await commit(group('shared', 'srv_0'))).toMatchObject({ met: { kind: 'server', ids: ['srv_x'] } });
});

test('a group that its last server left is taken again as a group', async () => {
  expect(await commit(group('again', 'srv_1'))).toBeUndefined();
  expect(await commit(releaseGroup('again', 'srv_1'))).toBeUndefined();
  expect(await commit(group('again', 'srv_2'))).toBeUndefined();
  expect(await commit(toolset('again', 'ts_1'))).toMatchObject({ met: { kind: 'access_group', ids: ['srv_2'] } });
});

test('a name is released by its holder only', async () => {
  await commit(server('mine', 'srv_1'), group('ours', 'srv_1'));
  for (const other of [
    releaseServer('mine', 'srv_2'),
    change('release_name', 'toolset')('mine', 'srv_1'),
    releaseGroup('mine', 'srv_1'),
    releaseGroup('ours', 'srv_2'),
    releaseServer('ours', 'srv_1'),
  ])
    expect(await commit(other)).toMatchObject({ index: 0, change: other, met: { ids: ['srv_1'] } });
  expect(await commit(releaseServer('nobody', 'srv_1'))).toEqual({
    index: 0,
    change: releaseServer('nobody', 'srv_1'),
  });
  expect(await commit(releaseServer('mine', 'srv_1'), releaseGroup('ours', 'srv_1'))).toBeUndefined();
  expect(await commit(toolset('mine', 'ts_1'))).toBeUndefined();
});

test('an alias that equals an access group of the same commit is a conflict, and nothing is written', async () => {
  const changes = [server('same', 'srv_1'), group('else', 'srv_1'), group('same', 'srv_1')];
  expect(await commit(...changes)).toEqual({ index: 2, change: changes[2], met: { kind: 'server', ids: ['srv_1'] } });
  expect(await commit(toolset('same', 'ts_1'), toolset('else', 'ts_2'))).toBeUndefined();
});

test('taking and releasing one name in one commit is a fault', async () => {
  await expect(commit(group('both', 'srv_1'), releaseGroup('both', 'srv_2'))).rejects.toThrow('one item twice');
});

test('the same name in another org is another name', async () => {
  expect(await commit(server('apart', 'srv_1', 'org_a'), server('apart', 'srv_2', 'org_b'))).toBeUndefined();
});
