import { expect, test } from '@jest/globals';
import { accessOf } from '../../../lambdas/domain/access.ts';
import { explain } from '../../../lambdas/domain/cascade/explain.ts';
import { gates, isLive, whyDead } from '../../../lambdas/domain/cascade/gates.ts';
import type { ServerRecord } from '../../../lambdas/domain/records.ts';
import {
  aBound,
  aKey,
  anAgent,
  anOrg,
  aServer,
  aTeam,
  aUser,
  aWorld,
  noon,
  type WorldParts,
} from '../../support/records.ts';

const grant = { object_permission: { mcp_servers: ['*'] } };
const server = aServer();
const at = (offset: number) => new Date(noon + offset).toISOString();

/** Answer and first shut gate for a tool of a server that the key is granted. */
function ask(parts: WorldParts, asked: ServerRecord | undefined = server, tool = 'echo') {
  const world = aWorld({ servers: [asked ?? server], ...parts, key: { ...grant, ...parts.key } });
  const verdict = accessOf(world, noon).check(asked, tool);
  const told = explain(world, { name: `x.${tool}`, server: asked, tool }, noon);
  return { code: verdict.ok ? 'ok' : verdict.refusal.code, by: verdict.by.name, gates: told.gates };
}

test('the gates stand in the order tenant, principal, block list, active, pinned, quarantine', () => {
  expect(gates.map(({ name }) => name)).toEqual([
    'tenant',
    'principal',
    'block list',
    'active',
    'pinned',
    'quarantine',
  ]);
});

test('a granted tool of an active server passes every gate', () => {
  const { code, by, gates: passed } = ask({});
  expect([code, by, passed.every((gate) => gate.passed)]).toEqual(['ok', 'key', true]);
});

test('tenant: a server of another org and one that nobody has are both not_found', () => {
  expect(ask({}, aServer({ org_id: 'org_other' }))).toMatchObject({ code: 'not_found', by: 'tenant' });
  const world = aWorld({ key: grant });
  const verdict = accessOf(world, noon).check(undefined, 'echo');
  expect(verdict).toMatchObject({ ok: false, by: { kind: 'gate', name: 'tenant' }, refusal: { code: 'not_found' } });
  const told = explain(world, { name: 'nope.echo', server: undefined, tool: 'echo' }, noon);
  expect(told.gates.map((gate) => gate.passed)).toEqual([false, true, true, false, false, true]);
  expect(told.levels[0]).toMatchObject({ said: 'does not allow', rule: 'key grant: there is no such server to allow' });
});

test('a server of the org that the directory does not hold has no tools', () => {
  expect(ask({ servers: [] })).toMatchObject({ code: 'not_found', by: 'pinned' });
});

test.each<[string, WorldParts]>([
  ['the key is revoked', { key: { revoked_at: at(-1) } }],
  ['the key is expired', { key: { expires_at: at(0) } }],
  ['the key is expired', { key: { expires_at: 'never' } }],
  ['the team does not exist', { key: { team_id: 'team_web' } }],
  ['the team does not exist', { team: aTeam({ deleted_at: at(-1) }) }],
  ['the team is disabled', { team: aTeam({ disabled: true }) }],
  ['the user does not exist', { key: { user_id: 'usr_ann' } }],
  ['the user does not exist', { key: { user_id: 'usr_eve' }, user: aUser() }],
  ['the user is disabled', { user: aUser({ disabled: true }) }],
  ['the agent does not exist', { key: { agent_id: 'agt_bot' } }],
  ['the agent is disabled', { agent: anAgent({ disabled: true }) }],
  ['the org is suspended', { org: anOrg({ disabled: true }) }],
  ['the org does not exist', { org: anOrg({ deleted_at: at(-1) }) }],
  ['the org does not exist', { key: { org_id: 'org_other' } }],
  ['of a key that minted it: the key does not exist', { minters: [undefined] }],
  ['of a key that minted it: the key is revoked', { minters: [aBound({ key: { revoked_at: at(-1) } })] }],
  ['of a key that minted it: the user is disabled', { minters: [aBound({ user: aUser({ disabled: true }) })] }],
  [
    'of a key that minted it: the team is disabled',
    { minters: [aBound({ key: grant }), aBound({ team: aTeam({ disabled: true }) })] },
  ],
])('principal: a key is unauthorized because %s', (why, parts) => {
  const { code, by, gates: told } = ask(parts);
  expect([code, by]).toEqual(['unauthorized', 'principal']);
  expect(told[1]).toEqual({ gate: 'principal', passed: false, rule: why });
});

test('a key is live until the millisecond it expires', () => {
  expect(ask({ key: { expires_at: at(1) } }).code).toBe('ok');
});

test('liveness reads what the authorizer loads as it reads a world', () => {
  const key = aKey({ team_id: 'team_web', lineage: [{ key_id: 'Minter000001', user_id: 'usr_ann' }] });
  const minter = { key: aKey({ id: 'Minter000001', user_id: 'usr_ann' }), team: undefined, agent: undefined };
  const loaded = { org: anOrg(), team: aTeam(), user: undefined, agent: undefined };
  const withMinter = (user = aUser()) => ({ key, ...loaded, minters: [{ ...minter, user }] });
  expect(isLive(withMinter(), noon)).toBe(true);
  expect(isLive(withMinter(aUser({ disabled: true })), noon)).toBe(false);
  expect(whyDead({ ...withMinter(), org: undefined }, noon)).toBe('the org does not exist');
});

test('block list: a blocked server or tool is forbidden, also over a key-level grant; other tools stay', () => {
  const blocked = anOrg({ blocked_servers: [server.id] });
  expect(ask({ org: blocked })).toMatchObject({ code: 'forbidden', by: 'block list' });
  const tool = anOrg({ blocked_tools: [{ server_id: server.id, tool: 'echo' }] });
  expect(ask({ org: tool })).toMatchObject({ code: 'forbidden', by: 'block list' });
  expect(ask({ org: tool }, server, 'add').code).toBe('ok');
  const verdict = accessOf(aWorld({ key: grant, org: tool }), noon).check(server, 'echo');
  expect(verdict).toMatchObject({
    refusal: { code: 'forbidden', level: 'block list', rule: 'org: blocked_tools includes everything.echo' },
  });
});

test.each(['pending_review', 'disabled', 'inactive'] as const)(
  'CA-09 a key allows, the server is %s: not_found, blocked or not, in the words of a server that does not exist',
  (status) => {
    const asked = aServer({ status });
    expect(ask({}, asked)).toMatchObject({ code: 'not_found', by: 'active' });
    const org = anOrg({ blocked_servers: [asked.id] });
    const check = (parts: WorldParts, of: ServerRecord | undefined) =>
      accessOf(aWorld({ key: grant, servers: [asked], ...parts }), noon).check(of, 'echo');
    const [blocked, plain, none] = [check({ org }, asked), check({}, asked), check({}, undefined)];
    expect(blocked).toMatchObject({ ok: false, refusal: { code: 'not_found', message: 'Tool echo does not exist.' } });
    for (const one of [plain, none]) expect(one).toMatchObject({ refusal: !blocked.ok && blocked.refusal });
  },
);

test('pinned: a tool outside the snapshot, outside allowed_tools or in disallowed_tools does not exist', () => {
  expect(ask({}, server, 'nope')).toMatchObject({ code: 'not_found', by: 'pinned' });
  expect(ask({}, aServer({ allowed_tools: ['add'] }))).toMatchObject({ code: 'not_found', by: 'pinned' });
  expect(ask({}, aServer({ allowed_tools: ['echo'] })).code).toBe('ok');
  expect(ask({}, aServer({ disallowed_tools: ['echo'] }))).toMatchObject({ code: 'not_found', by: 'pinned' });
  expect(ask({}, aServer({ allowed_tools: ['echo'], disallowed_tools: ['echo'] })).code).toBe('not_found');
});

test('TD-01: a quarantined tool that is otherwise granted is tool_definition_changed, and hidden; the others stay', () => {
  const asked = aServer({ quarantined: ['echo', 'brand-new'] });
  expect(ask({}, asked)).toMatchObject({ code: 'tool_definition_changed', by: 'quarantine' });
  expect(ask({}, asked, 'add').code).toBe('ok');
  expect(ask({}, asked, 'brand-new')).toMatchObject({ code: 'not_found', by: 'pinned' });
  const access = accessOf(aWorld({ servers: [asked], key: grant }), noon);
  expect(access.tools().map(({ tool }) => tool.name)).toEqual(['add']);
  expect(access.granted().map(({ tool }) => tool.name)).toEqual(['echo', 'add']);
});

test('TD-01: who is not granted a quarantined tool does not hear that it is one', () => {
  const asked = aServer({ quarantined: ['echo'] });
  const none = { key: { object_permission: { mcp_tool_permissions: { [asked.id]: ['add'] } } } };
  expect(ask(none, asked)).toMatchObject({ code: 'forbidden', by: 'key' });
});

test('the first shut gate decides', () => {
  const told = ask({ org: anOrg({ disabled: true, blocked_servers: [server.id] }) }, server, 'nope');
  expect(told.gates.map((gate) => gate.passed)).toEqual([true, false, false, true, false, true]);
  expect([told.code, told.by]).toEqual(['unauthorized', 'principal']);
});
