import { expect, test } from '@jest/globals';
import { ToolsetView } from '../../contract/toolsets.ts';
import {
  createToolset,
  getToolset,
  listToolsets,
  patchToolset,
  removeToolset,
} from '../../lambdas/govern/toolsets/toolsets.ts';
import { aKey, anAgent, aServer, aTeam, aToolset } from '../support/records.ts';
import { adminWorld, granted, refused } from './admin-world.ts';

const tools = [
  { server: 'github', tool: 'echo' },
  { server: 'srv_linear', tool: 'add' },
];

test('a toolset is made, listed, changed and deleted, each with its audit row', async () => {
  const { acting, records } = adminWorld();
  const made = granted(await createToolset(acting, { name: 'daily', description: 'Every day', tools }));
  expect(ToolsetView.strict().parse(made)).toEqual(made);
  expect(made.tools).toEqual([tools[0], { server: 'linear', tool: 'add' }]);
  const stored = await records.get('toolset', 'default', made.id);
  expect(stored?.tools.map(({ server }) => server)).toEqual(['srv_github', 'srv_linear']);
  expect(granted(await listToolsets(acting, {})).data).toEqual([made]);

  const assigned_to = [{ kind: 'team' as const, id: 'team_web' }];
  const changed = granted(await patchToolset(acting, made.id, { version: 1, assigned_to }));
  expect(changed).toMatchObject({ version: 2, assigned_to, tools: made.tools, description: 'Every day' });
  expect(refused(await patchToolset(acting, made.id, { version: 1 }))).toMatchObject({ state: { version: 2 } });
  granted(await patchToolset(acting, made.id, { version: 2, tools: [] }));
  expect(granted(await getToolset(acting, made.id))).toMatchObject({ tools: [], assigned_to, version: 3 });

  expect(granted(await removeToolset(acting, made.id))).toEqual({ id: made.id, deleted: true });
  expect(refused(await getToolset(acting, made.id))).toMatchObject({ code: 'not_found' });
  expect(records.audits.map(({ action, target }) => `${action} ${target.id === made.id}`)).toEqual([
    'toolset.create true',
    'toolset.update true',
    'toolset.update true',
    'toolset.delete true',
  ]);
});

test('CA-12 a tool of another org’s server is refused at write', async () => {
  const { acting, records } = adminWorld();
  records.seed('server', aServer({ alias: 'foreign', org_id: 'org_other' }));
  for (const server of ['foreign', 'srv_foreign', 'none'])
    expect(
      refused(await createToolset(acting, { name: 'mix', tools: [tools[0]!, { server, tool: 'echo' }] })),
    ).toMatchObject({ code: 'unknown_server', param: 'tools[1].server' });
  expect([records.audits, [...records.names]]).toEqual([[], []]);
});

test('a name is an alias form, no reserved word, and one in the org until its toolset is deleted', async () => {
  const { acting } = adminWorld();
  for (const name of ['Daily', 'mcp', 'a--b', ''])
    expect(refused(await createToolset(acting, { name, tools }))).toMatchObject({ param: 'name' });
  const first = granted(await createToolset(acting, { name: 'daily', tools }));
  expect(refused(await createToolset(acting, { name: 'daily', tools }))).toMatchObject({
    code: 'conflict',
    state: { name: 'daily' },
  });
  granted(await removeToolset(acting, first.id));
  expect(granted(await createToolset(acting, { name: 'daily', tools })).id).not.toBe(first.id);
});

test('a toolset is assigned to what is there: keys, teams, users, agents and the own org', async () => {
  const { acting, records } = adminWorld();
  records.seed('key', aKey());
  records.seed('key', aKey({ id: 'Rev000000001', revoked_at: '2026-05-01T00:00:00.000Z' }));
  records.seed('agent', anAgent());
  records.seed('team', aTeam({ id: 'team_x', org_id: 'org_other' }));
  const there = [
    { kind: 'key', id: 'Key000000001' },
    { kind: 'team', id: 'team_web' },
    { kind: 'user', id: 'usr_ann' },
    { kind: 'agent', id: 'agt_bot' },
    { kind: 'org', id: 'default' },
  ] as const;
  const made = granted(await createToolset(acting, { name: 'everyone', tools, assigned_to: [...there, there[1]] }));
  expect(made.assigned_to).toEqual(there);
  for (const [kind, id] of [
    ['team', 'team_x'],
    ['team', 'none'],
    ['user', 'none'],
    ['agent', 'none'],
    ['key', 'none'],
    ['key', 'Rev000000001'],
    ['org', 'org_other'],
  ] as const) {
    const refusal = { code: 'invalid_request', message: `There is no such ${kind}.`, param: 'assigned_to' };
    expect(refused(await createToolset(acting, { name: 'bad', tools, assigned_to: [{ kind, id }] }))).toEqual(refusal);
    expect(refused(await patchToolset(acting, made.id, { version: 1, assigned_to: [{ kind, id }] }))).toEqual(refusal);
  }
});

test('ninety assignments fit into one commit', async () => {
  const { acting, records } = adminWorld();
  const assigned_to = Array.from({ length: 90 }, (_, n) => ({ kind: 'team' as const, id: `team_${n}` }));
  for (const { id } of assigned_to) records.seed('team', aTeam({ id }));
  expect(granted(await createToolset(acting, { name: 'wide', tools, assigned_to })).assigned_to).toHaveLength(90);
});

test('MT-03 a toolset of another org does not exist', async () => {
  const { acting, records } = adminWorld();
  records.seed('toolset', aToolset({ org_id: 'org_other' }));
  for (const outcome of [
    getToolset(acting, 'ts_daily'),
    patchToolset(acting, 'ts_daily', { version: 1 }),
    removeToolset(acting, 'ts_daily'),
  ])
    expect(refused(await outcome)).toMatchObject({ code: 'not_found' });
});
