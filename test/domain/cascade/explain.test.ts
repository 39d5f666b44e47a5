import { expect, test } from '@jest/globals';
import { Explain } from '../../../contract/access.ts';
import { explain } from '../../../lambdas/domain/cascade/explain.ts';
import type { Grant } from '../../../lambdas/domain/records.ts';
import { aBound, aServer, aTeam, aToolset, aWorld, noon, type WorldParts } from '../../support/records.ts';

const server = aServer({ access_groups: ['eng'] });
const ask = (parts: WorldParts, tool = 'echo') =>
  explain(aWorld({ servers: [server], ...parts }), { name: `everything.${tool}`, server, tool }, noon);
const key = (object_permission: Grant): WorldParts => ({ key: { object_permission } });

test('the six levels say what they said, and none after the first that spoke is asked', () => {
  const told = ask({ team: aTeam({ object_permission: { mcp_servers: [server.id] } }) });
  expect(Explain.parse(told)).toEqual(told);
  expect(told).toMatchObject({
    tool: 'everything.echo',
    key_id: 'Key000000001',
    allowed: true,
    decided_by: { kind: 'level', name: 'team', rule: 'team grant: mcp_servers includes everything' },
  });
  expect(told.levels).toEqual([
    { level: 'key', said: 'no opinion', decided: false, rule: 'the key has no object_permission' },
    { level: 'team', said: 'allows', decided: true, rule: 'team grant: mcp_servers includes everything' },
    ...['org', 'user', 'agent', 'toolset'].map((level) => ({
      level,
      said: 'not asked',
      decided: false,
      rule: 'the team level has a grant',
    })),
  ]);
});

test('where no level speaks each says why, and nobody decided', () => {
  const told = ask({});
  expect(told.levels.map(({ rule }) => rule)).toEqual([
    'the key has no object_permission',
    'the key is bound to no team',
    'the org has no object_permission',
    'the key is bound to no user',
    'the key is bound to no agent',
    'no toolset is assigned to the caller',
  ]);
  expect(told.decided_by).toEqual({ kind: 'none', name: 'none', rule: 'no level has a grant' });
});

test('the rule names the field of the grant that decided', () => {
  const rule = (grant: Grant) => ask({ ...key(grant), toolsets: [daily] }).decided_by.rule;
  const daily = aToolset({ tools: [{ server: server.id, tool: 'echo' }] });
  const params = { a: { const: 1 }, b: { const: 2 } };
  expect(rule({ mcp_servers: ['*'] })).toBe('key grant: mcp_servers includes *');
  expect(rule({ mcp_access_groups: ['eng'] })).toBe('key grant: mcp_access_groups includes eng');
  expect(rule({ mcp_toolsets: [daily.id] })).toBe('key grant: mcp_toolsets includes daily');
  expect(rule({ mcp_tool_permissions: { [server.id]: ['echo'] } })).toBe(
    'key grant: mcp_tool_permissions.everything lists echo',
  );
  expect(rule({ mcp_tool_permissions: { [server.id]: [{ name: 'echo', params }] } })).toBe(
    'key grant: mcp_tool_permissions.everything lists echo with rules for a, b',
  );
  expect(rule({ mcp_tool_permissions: { [server.id]: ['add'] } })).toBe(
    'key grant: mcp_tool_permissions.everything does not list echo',
  );
  expect(rule({})).toBe('key grant: none of its fields covers everything.echo');
});

test('a minter that does not allow decides, though the own level allows', () => {
  const minters = [aBound({ key: { id: 'Minter000001', object_permission: {} } })];
  const told = ask({ ...key({ mcp_servers: ['*'] }), minters });
  expect(told.levels[0]).toMatchObject({ said: 'allows', decided: true });
  expect([told.allowed, told.decided_by]).toEqual([
    false,
    {
      kind: 'minter',
      name: 'Minter000001',
      rule: 'of a key that minted it: key grant: none of its fields covers everything.echo',
    },
  ]);
});
