import { expect, test } from '@jest/globals';
import { ObjectPermission } from '../../../contract/permission.ts';
import { toShown, toStored } from '../../../lambdas/domain/cascade/translate.ts';
import { aServer, aToolset } from '../../support/records.ts';

const github = aServer({ alias: 'github', access_groups: ['eng'] });
const known = { servers: [github], toolsets: [aToolset()], agents: new Set(['agt_bot']) };
const restricted = { name: 'add', params: { a: { const: 1 } } };

test('names and ids are stored as ids, once each; what is absent stays absent', () => {
  expect(toStored({}, known)).toEqual({ ok: true, value: {} });
  expect(toStored({ mcp_servers: [] }, known)).toEqual({ ok: true, value: { mcp_servers: [] } });
  expect(
    toStored(
      {
        mcp_servers: ['*', 'github', github.id],
        mcp_access_groups: ['eng'],
        mcp_toolsets: ['daily'],
        mcp_tool_permissions: { github: ['echo', restricted] },
        agents: ['agt_bot'],
      },
      known,
    ),
  ).toEqual({
    ok: true,
    value: {
      mcp_servers: ['*', github.id],
      mcp_access_groups: ['eng'],
      mcp_toolsets: ['ts_daily'],
      mcp_tool_permissions: { [github.id]: ['echo', restricted] },
      agents: ['agt_bot'],
    },
  });
});

test.each<[ObjectPermission, string, string]>([
  [{ mcp_servers: ['github', 'nope'] }, 'unknown_server', 'object_permission.mcp_servers[1]'],
  [{ mcp_tool_permissions: { nope: [] } }, 'unknown_server', 'object_permission.mcp_tool_permissions.nope'],
  [{ mcp_access_groups: ['nope'] }, 'invalid_request', 'object_permission.mcp_access_groups[0]'],
  [{ mcp_toolsets: ['daily', 'nope'] }, 'invalid_request', 'object_permission.mcp_toolsets[1]'],
  [{ agents: ['nope'] }, 'invalid_request', 'object_permission.agents[0]'],
  [{ mcp_servers: ['toString'] }, 'unknown_server', 'object_permission.mcp_servers[0]'],
  [
    { mcp_tool_permissions: { github: ['echo', 'add', restricted] } },
    'invalid_request',
    'object_permission.mcp_tool_permissions.github[2]',
  ],
  [
    { mcp_tool_permissions: { github: [], [github.id]: ['add'] } },
    'invalid_request',
    `object_permission.mcp_tool_permissions.${github.id}`,
  ],
])('%j is refused with the path of what is wrong', (permission, code, param) => {
  const stored = toStored(permission, known);
  expect(stored).toMatchObject({ ok: false, refusal: { code, param } });
  expect(JSON.stringify(stored)).toContain(`${param}: `);
});

test('the unknown name is in the message', () => {
  expect(toStored({ mcp_servers: ['nope'] }, known, 'grant')).toMatchObject({
    refusal: { message: 'grant.mcp_servers[0]: "nope" is not a server of this org.' },
  });
});

test('CA-16 patterns are refused at write; only "*" as a whole entry of mcp_servers is a wildcard', () => {
  const written = (permission: unknown) => {
    const parsed = ObjectPermission.safeParse(permission);
    return parsed.success && toStored(parsed.data, known).ok;
  };
  expect(written({ mcp_servers: ['*'] })).toBe(true);
  for (const pattern of ['github*', '*/search', 'server/*', 'github.*', '**', '']) {
    expect(written({ mcp_servers: [pattern] })).toBe(false);
    expect(toStored({ mcp_servers: [pattern] }, known).ok).toBe(false);
  }
  for (const pattern of ['*', 'github*', 'ec*', '*/search', 'server/*']) {
    expect(written({ mcp_toolsets: [pattern] })).toBe(false);
    expect(written({ mcp_access_groups: [pattern] })).toBe(false);
    expect(written({ agents: [pattern] })).toBe(false);
    expect(written({ mcp_tool_permissions: { [pattern]: ['echo'] } })).toBe(false);
    expect(written({ mcp_tool_permissions: { github: [pattern] } })).toBe(false);
    expect(written({ mcp_tool_permissions: { github: [{ name: pattern, params: {} }] } })).toBe(false);
  }
});

test('a stored grant is shown by names, without servers and toolsets that are gone', () => {
  const stored = {
    mcp_servers: ['*', github.id, 'srv_gone'],
    mcp_access_groups: ['eng', 'asleep'],
    mcp_toolsets: ['ts_gone', 'ts_daily'],
    mcp_tool_permissions: { [github.id]: ['echo', restricted], srv_gone: ['echo'] },
    agents: ['agt_bot'],
  };
  expect(toShown(stored, known)).toEqual({
    mcp_servers: ['*', 'github'],
    mcp_access_groups: ['eng', 'asleep'],
    mcp_toolsets: ['daily'],
    mcp_tool_permissions: { github: ['echo', restricted] },
    agents: ['agt_bot'],
  });
  expect(toShown({}, known)).toEqual({});
  expect(toShown({ mcp_servers: ['srv_gone'] }, known)).toEqual({ mcp_servers: [] });
});
