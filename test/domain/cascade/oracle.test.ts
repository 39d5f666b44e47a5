import { expect, test } from '@jest/globals';
import { accessOf } from '../../../lambdas/domain/access.ts';
import { explain } from '../../../lambdas/domain/cascade/explain.ts';
import type { Grant, ToolsetRecord } from '../../../lambdas/domain/records.ts';
import type { World } from '../../../lambdas/domain/world.ts';
import { anAgent, anOrg, aServer, aTeam, aToolset, aUser, aWorld, noon } from '../../support/records.ts';

const states = ['no record', 'empty', 'allows', 'allows another server'] as const;
type State = (typeof states)[number];

const github = aServer({ alias: 'github', tools: [{ name: 'search' }, { name: 'delete' }] });
const linear = aServer({ alias: 'linear', tools: [{ name: 'issues' }] });
const questions = [
  { server: github, tool: 'search' },
  { server: github, tool: 'delete' },
  { server: linear, tool: 'issues' },
];

const grants: Record<State, { object_permission?: Grant }> = {
  'no record': {},
  empty: { object_permission: {} },
  allows: { object_permission: { mcp_servers: [github.id] } },
  'allows another server': { object_permission: { mcp_servers: [linear.id] } },
};
const pairs = (server: typeof github) => server.tools.map(({ name }) => ({ server: server.id, tool: name }));
const assigned = (tools: ToolsetRecord['tools']) => [
  aToolset({ tools, assigned_to: [{ kind: 'user', id: 'usr_ann' }] }),
];
const bundles: Record<State, readonly ToolsetRecord[]> = {
  'no record': [aToolset({ tools: pairs(github) })],
  empty: assigned([]),
  allows: assigned(pairs(github)),
  'allows another server': assigned(pairs(linear)),
};

const worldOf = ([key, team, org, user, agent, toolset]: readonly State[]): World =>
  aWorld({
    key: grants[key!],
    team: aTeam(grants[team!]),
    org: anOrg(grants[org!]),
    user: aUser(grants[user!]),
    agent: anAgent(grants[agent!]),
    toolsets: bundles[toolset!],
    servers: [github, linear],
  });

/** Product, section 3, with nothing of the implementation: the first record decides. */
function oracle(said: readonly State[], alias: string): boolean {
  const first = said.find((state) => state !== 'no record');
  if (first === 'allows') return alias === 'github';
  if (first === 'allows another server') return alias === 'linear';
  return false;
}

const order = ['key', 'team', 'org', 'user', 'agent', 'toolset'];

test('CA-01 all 4,096 worlds answer three tools as the oracle does, and explain names the first level that spoke', () => {
  let differences = 0;
  for (let world = 0; world < 4 ** 6; world++) {
    const said = order.map((_, at) => states[Math.floor(world / 4 ** at) % 4]!);
    const access = accessOf(worldOf(said), noon);
    const deciding = order[said.findIndex((state) => state !== 'no record')] ?? null;
    if (access.level !== deciding) differences++;
    for (const { server, tool } of questions) {
      const expected = oracle(said, server.alias);
      const told = explain(worldOf(said), { name: `${server.alias}.${tool}`, server, tool }, noon);
      if (access.check(server, tool).ok !== expected || told.allowed !== expected) differences++;
      if (told.decided_by.name !== (deciding ?? 'none')) differences++;
      if ((told.levels.find((level) => level.decided)?.level ?? null) !== deciding) differences++;
    }
  }
  expect(differences).toBe(0);
});
