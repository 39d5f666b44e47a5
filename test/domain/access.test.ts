import { expect, test } from '@jest/globals';
import { accessOf } from '../../lambdas/domain/access.ts';
import type { Grant } from '../../lambdas/domain/records.ts';
import { aBound, anOrg, aServer, aTeam, aToolset, aWorld, noon, type WorldParts } from '../support/records.ts';

const github = aServer({ alias: 'github' });
const linear = aServer({ alias: 'linear' });
const by = (object_permission: Grant) => ({ object_permission });
const access = (parts: WorldParts) => accessOf(aWorld({ servers: [linear, github], ...parts }), noon);
const check = (parts: WorldParts, server: typeof github = github, tool = 'echo') => access(parts).check(server, tool);

test('CA-04 a key without a record whose team allows is allowed, and the team decides', () => {
  const parts = { team: aTeam(by({ mcp_servers: [github.id] })) };
  expect(check(parts)).toMatchObject({
    ok: true,
    rules: [],
    tool: { name: 'echo' },
    by: { kind: 'level', name: 'team', rule: 'team grant: mcp_servers includes github' },
  });
  expect(access(parts)).toMatchObject({ level: 'team', grant: { mcp_servers: [github.id] } });
});

test('CA-06 a team without a record gives its member key nothing', () => {
  expect(check({ team: aTeam() })).toMatchObject({
    ok: false,
    by: { kind: 'none', name: 'none', rule: 'no level has a grant' },
    refusal: { code: 'forbidden', level: 'none', rule: 'no level has a grant' },
  });
  expect(access({ team: aTeam() })).toMatchObject({ level: null, grant: null });
});

test('CA-10 what another team of the same user is granted does not help a key bound to the first', () => {
  const toolsets = [
    aToolset({ tools: [{ server: github.id, tool: 'echo' }], assigned_to: [{ kind: 'team', id: 'team_other' }] }),
  ];
  expect(check({ team: aTeam(), toolsets })).toMatchObject({ ok: false, refusal: { code: 'forbidden' } });
});

test('an empty record at a level stops the cascade there', () => {
  const parts = { key: by({}), team: aTeam(by({ mcp_servers: ['*'] })) };
  expect(check(parts)).toMatchObject({
    by: { kind: 'level', name: 'key' },
    refusal: { code: 'forbidden', level: 'key', rule: 'key grant: none of its fields covers github.echo' },
  });
});

test('CA-18 an unknown tool is not_found on a server one is granted, also in part, and a look-alike is unknown', () => {
  for (const grant of [{ mcp_servers: [github.id] }, { mcp_tool_permissions: { [github.id]: ['echo'] } }])
    for (const tool of ['nope', 'Echo', '\uff45cho', 'toString'])
      expect(check({ key: by(grant) }, github, tool)).toMatchObject({
        by: { kind: 'gate', name: 'pinned' },
        refusal: { code: 'not_found' },
      });
});

test('who is granted nothing of a server hears the same 403 of a tool that exists and of one that does not', () => {
  const parts = { key: by({ mcp_servers: [linear.id], mcp_tool_permissions: { [github.id]: ['gone'] } }) };
  for (const tool of ['echo', 'nope'])
    expect(check(parts, github, tool)).toMatchObject({
      by: { kind: 'level', name: 'key' },
      refusal: {
        code: 'forbidden',
        message: `Tool github.${tool} is not granted.`,
        rule: `key grant: mcp_tool_permissions.github does not list ${tool}`,
      },
    });
  expect(check(parts, github, 'gone')).toMatchObject({ refusal: { code: 'not_found' } });
});

test('a minted key is the intersection with every key of its lineage, argument rules included', () => {
  const limit = (params: Record<string, { const: number }>) =>
    by({ mcp_tool_permissions: { [github.id]: [{ name: 'echo', params }] } });
  const minters = [
    aBound({ key: { id: 'Minter000001', ...limit({ b: { const: 2 } }) } }),
    aBound({ key: { id: 'Minter000002' }, team: aTeam(by({ mcp_servers: [github.id] })) }),
  ];
  const parts = { key: limit({ a: { const: 1 } }), minters };
  expect(check(parts)).toMatchObject({ ok: true, rules: [{ a: { const: 1 } }, { b: { const: 2 } }] });
  expect(check({ key: by({ mcp_servers: ['*'] }), minters }, linear)).toMatchObject({
    by: { kind: 'minter', name: 'Minter000001' },
    refusal: { code: 'forbidden', level: 'minter' },
  });
});

test('a minter for which no level speaks allows nothing, and the key itself does not speak for it', () => {
  const minters = [aBound({ key: { id: 'Minter000001' } })];
  expect(check({ key: by({ mcp_servers: ['*'] }), minters })).toMatchObject({
    by: { kind: 'minter', name: 'Minter000001', rule: 'of a key that minted it: no level has a grant' },
  });
});

test('a minter is held to the level that decides for it, such as its toolsets', () => {
  const minters = [aBound({ key: { id: 'Minter000001' } })];
  const toolsets = [
    aToolset({ tools: [{ server: github.id, tool: 'echo' }], assigned_to: [{ kind: 'key', id: 'Minter000001' }] }),
  ];
  const minted = access({ key: by({ mcp_servers: ['*'] }), minters, toolsets });
  expect(minted.tools().map(({ server, tool }) => `${server.alias}.${tool.name}`)).toEqual(['github.echo']);
  expect(minted.level).toBe('key');
});

test('tools come by alias, then in snapshot order; servers without a callable tool are left out', () => {
  const bare = aServer({ alias: 'bare', tools: [] });
  const org = anOrg({ ...by({ mcp_servers: ['*'] }), blocked_tools: [{ server_id: github.id, tool: 'echo' }] });
  const all = access({ org, servers: [linear, bare, github] });
  expect(all.tools().map(({ server, tool }) => `${server.alias}.${tool.name}`)).toEqual([
    'github.add',
    'linear.echo',
    'linear.add',
  ]);
  expect(all.servers()).toEqual([github, linear]);
});

const whole = { prompts: true, resources: false, completions: false };
const offering = aServer({ alias: 'docs', access_groups: ['read'], offers: whole });
const offers = (parts: WorldParts, server = offering) => access({ servers: [server], ...parts }).offers(server);

test('prompts and resources come with a server that is granted whole', () => {
  for (const grant of [{ mcp_servers: ['*'] }, { mcp_servers: [offering.id] }, { mcp_access_groups: ['read'] }])
    expect(offers({ key: by(grant) })).toBe(true);
  expect(offers({ team: aTeam(by({ mcp_servers: ['*'] })) })).toBe(true);
});

test('a grant of only some tools of a server does not grant its prompts and resources, even of all its tools', () => {
  const toolsets = [aToolset({ tools: ['echo', 'add'].map((tool) => ({ server: offering.id, tool })) })];
  for (const grant of [
    {},
    { mcp_servers: [github.id] },
    { mcp_tool_permissions: { [offering.id]: ['echo', 'add'] } },
    { mcp_servers: ['*'], mcp_tool_permissions: { [offering.id]: ['echo', 'add'] } },
    { mcp_toolsets: ['ts_daily'] },
  ])
    expect(offers({ key: by(grant), toolsets })).toBe(false);
  const assigned = [{ ...toolsets[0]!, assigned_to: [{ kind: 'key' as const, id: 'Key000000001' }] }];
  expect(offers({ toolsets: assigned })).toBe(false);
  expect(access({ servers: [offering], toolsets: assigned }).tools()).toHaveLength(2);
  expect(offers({})).toBe(false);
});

test('a minted key has the prompts of a server only where every key of its lineage has', () => {
  const minted = (object_permission: Grant) =>
    offers({ key: by({ mcp_servers: ['*'] }), minters: [aBound({ key: { id: 'Minter000001', object_permission } })] });
  expect(minted({ mcp_access_groups: ['read'] })).toBe(true);
  expect(minted({ mcp_tool_permissions: { [offering.id]: ['echo'] } })).toBe(false);
});

test('the gates stand before prompts and resources too; a blocked tool does not take them away', () => {
  const key = by({ mcp_servers: ['*'] });
  for (const server of [
    aServer({ ...offering, status: 'pending_review' }),
    aServer({ ...offering, org_id: 'other' }),
    aServer({ ...offering, offers: { prompts: false, resources: false, completions: false } }),
    aServer({ alias: 'docs' }),
  ])
    expect(offers({ key }, server)).toBe(false);
  expect(offers({ key: { ...key, revoked_at: '2026-01-01T00:00:00.000Z' } })).toBe(false);
  expect(offers({ key, org: anOrg({ blocked_servers: [offering.id] }) })).toBe(false);
  const blocked_tools = [{ server_id: offering.id, tool: 'echo' }];
  expect(offers({ key, org: anOrg({ blocked_tools }) })).toBe(true);
});
