import { expect, test } from '@jest/globals';
import { levelNames } from '../../../contract/access.ts';
import { firstToSpeak, levels } from '../../../lambdas/domain/cascade/index.ts';
import { aBound, anAgent, anOrg, aTeam, aToolset, aUser } from '../../support/records.ts';

const says = (name: string, ...[bound, toolsets = []]: Partial<Parameters<typeof firstToSpeak>>) =>
  levels.find((level) => level.name === name)!.says(bound ?? aBound(), toolsets);
const grant = { object_permission: {} };

test('the six levels stand in the order of the contract', () => {
  expect(levels.map(({ name }) => name)).toEqual([...levelNames]);
});

test('a principal that the key is not bound to is not asked; key, org and toolset always are', () => {
  expect(levels.map(({ name }) => says(name))).toEqual([
    'no opinion',
    'not bound',
    'no opinion',
    'not bound',
    'not bound',
    'no opinion',
  ]);
});

test('a record without object_permission has no opinion, an empty one has', () => {
  const silent = aBound({ team: aTeam(), user: aUser(), agent: anAgent() });
  for (const name of ['team', 'user', 'agent']) expect(says(name, silent)).toBe('no opinion');
  const speaking = aBound({
    key: grant,
    team: aTeam(grant),
    org: anOrg(grant),
    user: aUser(grant),
    agent: anAgent(grant),
  });
  for (const name of levelNames.slice(0, 5)) expect(says(name, speaking)).toEqual({});
});

test('the toolset level joins what is assigned to key, team, org, user or agent, and nothing else', () => {
  const bound = aBound({ team: aTeam(), user: aUser(), agent: anAgent() });
  const to = (name: string, kind: 'key' | 'team' | 'org' | 'user' | 'agent', id: string) =>
    aToolset({ name, assigned_to: [{ kind, id }] });
  const own = [
    to('a', 'key', bound.key.id),
    to('b', 'team', 'team_web'),
    to('c', 'org', 'default'),
    to('d', 'user', 'usr_ann'),
    to('e', 'agent', 'agt_bot'),
  ];
  const others = [to('f', 'team', 'usr_ann'), to('g', 'user', 'usr_bob'), aToolset()];
  expect(says('toolset', bound, [...others, ...own])).toEqual({ mcp_toolsets: own.map(({ id }) => id) });
  expect(says('toolset', aBound(), [own[1]!, own[3]!, own[4]!, ...others])).toBe('no opinion');
});

test('no level that speaks decides nothing', () => {
  expect(firstToSpeak(aBound(), [])).toBeUndefined();
});
