import { expect, test } from '@jest/globals';
import { compileGrant } from '../../../lambdas/domain/cascade/permit.ts';
import type { Grant } from '../../../lambdas/domain/records.ts';
import { aServer, aToolset } from '../../support/records.ts';

const github = aServer({ alias: 'github', access_groups: ['eng', 'ops'] });
const linear = aServer({ alias: 'linear' });
const daily = aToolset({
  tools: [
    { server: github.id, tool: 'echo' },
    { server: 'srv_of_another_org', tool: 'echo' },
  ],
});

const allowed = (grant: Grant) => {
  const permits = compileGrant(grant, [daily]);
  return [github, linear].flatMap((server) =>
    ['echo', 'add'].filter((tool) => permits(server, tool)).map((tool) => `${server.alias}.${tool}`),
  );
};
const all = ['github.echo', 'github.add', 'linear.echo', 'linear.add'];

test('an empty grant and one with empty lists allow nothing', () => {
  expect(allowed({})).toEqual([]);
  expect(
    allowed({ mcp_servers: [], mcp_access_groups: [], mcp_toolsets: [], mcp_tool_permissions: {}, agents: [] }),
  ).toEqual([]);
});

test('a grant is the union of its servers, groups, toolsets and tool permissions', () => {
  expect(allowed({ mcp_servers: [github.id] })).toEqual(all.slice(0, 2));
  expect(allowed({ mcp_servers: ['*'] })).toEqual(all);
  expect(allowed({ mcp_access_groups: ['ops'] })).toEqual(all.slice(0, 2));
  expect(allowed({ mcp_toolsets: [daily.id] })).toEqual(['github.echo']);
  expect(allowed({ mcp_tool_permissions: { [linear.id]: ['add'] } })).toEqual(['linear.add']);
  expect(allowed({ mcp_toolsets: [daily.id], mcp_tool_permissions: { [linear.id]: ['add'] } })).toEqual([
    'github.echo',
    'linear.add',
  ]);
});

test('a server in mcp_tool_permissions gives only the listed tools, whatever else names it', () => {
  const listed = { mcp_tool_permissions: { [github.id]: ['add'] } };
  expect(allowed({ ...listed, mcp_servers: [github.id] })).toEqual(['github.add']);
  expect(allowed({ ...listed, mcp_servers: ['*'] })).toEqual(['github.add', 'linear.echo', 'linear.add']);
  expect(allowed({ ...listed, mcp_toolsets: [daily.id] })).toEqual(['github.add']);
  expect(allowed({ ...listed, mcp_access_groups: ['eng'] })).toEqual(['github.add']);
  expect(allowed({ mcp_servers: [github.id], mcp_tool_permissions: { [github.id]: [] } })).toEqual([]);
});

test('argument rules come with the tool; a tool listed twice must pass both', () => {
  const one = { name: 'add', params: { a: { const: 1 } } };
  const two = { name: 'add', params: { b: { const: 2 } } };
  const rules = (tools: (string | typeof one | typeof two)[]) =>
    compileGrant({ mcp_tool_permissions: { [github.id]: tools } }, [])(github, 'add')?.rules;
  expect(rules(['add'])).toEqual([]);
  expect(rules([one])).toEqual([one.params]);
  expect(rules([one, 'add', two])).toEqual([one.params, two.params]);
});

test('CA-12 ids that name nothing, and toolset entries of a server of another org, are ignored', () => {
  expect(
    allowed({
      mcp_servers: ['srv_gone'],
      mcp_access_groups: ['gone'],
      mcp_toolsets: ['ts_gone', daily.id],
      mcp_tool_permissions: { srv_gone: ['echo'] },
    }),
  ).toEqual(['github.echo']);
});

test('CA-18 names are compared as they are: no case, width or compatibility folding, no prototype names', () => {
  const permits = compileGrant({ mcp_tool_permissions: { [github.id]: ['delete_repo', 'token'] } }, [daily]);
  expect(permits(github, 'delete_repo')).toBeDefined();
  for (const tool of ['Delete_Repo', '\uff44elete_repo', 'to\u212Aen', 'constructor', '__proto__', ''])
    expect(permits(github, tool)).toBeUndefined();
  expect(compileGrant({ mcp_toolsets: [daily.id] }, [daily])(github, 'Echo')).toBeUndefined();
  expect(compileGrant({}, [])({ ...github, id: 'constructor' }, 'name')).toBeUndefined();
});
