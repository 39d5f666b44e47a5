import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { accessOf } from '../../lambdas/domain/access.ts';
import type { Grant } from '../../lambdas/domain/records.ts';
import { beyond } from '../../lambdas/domain/rights.ts';
import { aBound, anAgent, anOrg, aServer, aTeam, aToolset, aWorld, noon, type WorldParts } from '../support/records.ts';
import { worlds } from './cascade/worlds.ts';

const github = aServer({ alias: 'github', access_groups: ['eng', 'mixed'] });
const linear = aServer({ alias: 'linear', access_groups: ['mixed'] });
const drafts = aServer({ alias: 'drafts', access_groups: ['eng'], status: 'pending_review' });
const bare = aServer({ alias: 'bare', tools: [], access_groups: ['empty'] });
const toolsets = [
  aToolset({
    name: 'own',
    tools: [
      { server: github.id, tool: 'echo' },
      { server: github.id, tool: 'gone' },
      { server: drafts.id, tool: 'echo' },
    ],
  }),
  aToolset({ name: 'other', tools: [{ server: linear.id, tool: 'echo' }] }),
  aToolset({ name: 'empty' }),
];
const team = (object_permission: Grant) => aTeam({ object_permission });
const excess = (grant: Grant, parts: WorldParts = { team: team({ mcp_servers: [github.id] }) }) =>
  beyond(aWorld({ servers: [github, linear, drafts, bare], toolsets, ...parts }), grant, noon).map(
    ({ field, name }) => `${field} ${name}`,
  );

test('what a member may call it may hand on, by server, group, toolset or tool, with or without rules', () => {
  const rules = { name: 'add', params: { a: { const: 1 } } };
  expect(
    excess({
      mcp_servers: [github.id],
      mcp_access_groups: ['eng'],
      mcp_toolsets: ['ts_own'],
      mcp_tool_permissions: { [github.id]: ['echo', rules] },
    }),
  ).toEqual([]);
  expect(excess({})).toEqual([]);
});

test('AU-14 another server, its group, its toolset and its tools are beyond a member', () => {
  expect(
    excess({
      mcp_servers: [github.id, linear.id],
      mcp_access_groups: ['eng', 'mixed'],
      mcp_toolsets: ['ts_own', 'ts_other'],
    }),
  ).toEqual(['mcp_servers linear', 'mcp_access_groups mixed', 'mcp_toolsets other']);
  expect(excess({ mcp_tool_permissions: { [linear.id]: ['echo', { name: 'add', params: {} }] } })).toEqual([
    'mcp_tool_permissions linear.echo',
    'mcp_tool_permissions linear.add',
  ]);
});

test('AU-14 the wildcard is beyond every member, also one that has it: it covers servers to come', () => {
  expect(excess({ mcp_servers: ['*'] })).toEqual(['mcp_servers *']);
  expect(excess({ mcp_servers: ['*'] }, { key: { object_permission: { mcp_servers: ['*'] } } })).toEqual([
    'mcp_servers *',
  ]);
});

test('what gives nothing to call is beyond: inactive or empty servers, tools not pinned, unknown ids', () => {
  const all = { key: { object_permission: { mcp_servers: ['*'] } } };
  expect(
    excess(
      {
        mcp_servers: [drafts.id, bare.id, 'srv_gone'],
        mcp_access_groups: ['empty', 'gone'],
        mcp_toolsets: ['ts_empty', 'ts_gone'],
        mcp_tool_permissions: { [github.id]: ['gone'], srv_gone: ['echo'] },
      },
      all,
    ),
  ).toEqual([
    'mcp_servers drafts',
    'mcp_servers bare',
    'mcp_servers srv_gone',
    'mcp_access_groups empty',
    'mcp_access_groups gone',
    'mcp_toolsets empty',
    'mcp_toolsets ts_gone',
    'mcp_tool_permissions github.gone',
    'mcp_tool_permissions srv_gone.echo',
  ]);
});

test('a member with part of a server hands on that part, not the whole', () => {
  const parts = { team: team({ mcp_tool_permissions: { [github.id]: ['echo'] } }) };
  expect(excess({ mcp_servers: [github.id] }, parts)).toEqual(['mcp_servers github']);
  expect(excess({ mcp_servers: [github.id], mcp_tool_permissions: { [github.id]: ['echo'] } }, parts)).toEqual([]);
  expect(excess({ mcp_toolsets: ['ts_own'] }, parts)).toEqual([]);
});

test('gates count: a blocked tool cannot be handed on', () => {
  const org = anOrg({ blocked_tools: [{ server_id: github.id, tool: 'add' }] });
  const parts = { org, team: team({ mcp_servers: [github.id] }) };
  expect(excess({ mcp_servers: [github.id] }, parts)).toEqual(['mcp_servers github']);
  expect(excess({ mcp_tool_permissions: { [github.id]: ['echo', 'add'] } }, parts)).toEqual([
    'mcp_tool_permissions github.add',
  ]);
});

test('an agent may be handed on by who is granted it, as are all minters', () => {
  const holds = { object_permission: { agents: ['agt_a'] } };
  expect(excess({ agents: ['agt_a', 'agt_b'] }, { key: holds })).toEqual(['agents agt_b']);
  expect(excess({ agents: ['agt_a'] }, { agent: anAgent() })).toEqual(['agents agt_a']);
  expect(excess({ agents: ['agt_a'] }, { key: holds, minters: [aBound({ key: holds })] })).toEqual([]);
  expect(excess({ agents: ['agt_a'] }, { key: holds, minters: [aBound()] })).toEqual(['agents agt_a']);
  expect(excess({ agents: ['agt_a'] }, { key: holds, minters: [undefined] })).toEqual(['agents agt_a']);
});

test('a tool in quarantine may be handed on: its minter has it back when it comes back', () => {
  const changed = aServer({ alias: 'changed', quarantined: ['echo'] });
  const world = aWorld({ servers: [changed], key: { object_permission: { mcp_servers: [changed.id] } } });
  expect(beyond(world, { mcp_servers: [changed.id] }, noon)).toEqual([]);
  expect(beyond(world, { mcp_tool_permissions: { [changed.id]: ['echo'] } }, noon)).toEqual([]);
});

const entries: readonly Grant[] = [
  ...['srv_git', 'srv_jira', 'srv_maps'].flatMap((id) => [
    { mcp_servers: [id] },
    { mcp_tool_permissions: { [id]: ['read'] } },
    { mcp_servers: [id], mcp_tool_permissions: { [id]: ['write'] } },
  ]),
  { mcp_access_groups: ['eng'] },
  { mcp_access_groups: ['ops'] },
  { mcp_toolsets: ['ts_red'] },
  { mcp_toolsets: ['ts_blue'] },
];

test('in random worlds a grant that is not beyond its minter gives a key something, and nothing the minter cannot call', () => {
  let given = 0;
  fc.assert(
    fc.property(worlds, fc.constantFrom(...entries), (world, object_permission) => {
      if (beyond(world, object_permission, noon).length > 0) return;
      const { org, servers, toolsets: bundles } = world;
      const mine = accessOf(world, noon);
      const key = { id: 'Child0000001', object_permission };
      const child = accessOf(aWorld({ key, org, servers, toolsets: bundles }), noon).tools();
      expect(child.length).toBeGreaterThan(0);
      for (const { server, tool } of child) expect(mine.check(server, tool.name).ok).toBe(true);
      given++;
    }),
    { seed: 20_261_124, numRuns: 3000 },
  );
  expect(given).toBeGreaterThan(100);
});
