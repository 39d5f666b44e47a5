import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { legacyRequest, namesIn, restCall } from '../support/doors.ts';
import { type Json, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { newOrg, type TestOrg, until } from '../support/org.ts';
import { guardedUpstream } from '../support/upstreams/guarded.ts';
import { legacyUpstream } from '../support/upstreams/legacy.ts';
import type { RunningUpstream } from '../support/upstreams/record.ts';

let gateway: TestGateway;
let org: TestOrg;
let first: RunningUpstream;
let second: RunningUpstream;

beforeAll(async () => {
  [gateway, first, second] = await Promise.all([
    startTestGateway(),
    legacyUpstream(),
    guardedUpstream({ auth_type: 'none' }),
  ]);
  org = await newOrg(gateway);
  await servers(org);
});
afterAll(() => Promise.all([gateway.close(), first.close(), second.close()]));

async function servers(of: TestOrg): Promise<void> {
  await of.server('a', first.url, { access_groups: ['grouped'] });
  await of.server('b', second.url);
}
const make = async (noun: 'teams' | 'users' | 'agents', object_permission?: Json, of = org): Promise<string> => {
  const url = noun === 'agents' ? { url: 'https://agent.example.com/a2a' } : {};
  const grant = object_permission === undefined ? {} : { object_permission };
  return (await of.admin('POST', `/v1/${noun}`, { name: noun, ...url, ...grant }))['id'];
};
const onlyA = { mcp_servers: ['a'] };
const onlyB = { mcp_servers: ['b'] };

/** Status of a call of a tool of each server, the level that the answer names, and what explain says decided. */
async function decide({ id, key }: Json, of = org): Promise<Json> {
  const a = await restCall(gateway, { key }, 'a.echo', { message: 'hi' });
  const b = await restCall(gateway, { key }, 'b.whoami');
  const explained = async (tool: string) =>
    (await of.admin('GET', `/v1/mcp/access/explain?tool=${tool}&key_id=${id}`)) as Json;
  const [whyA, whyB] = [await explained('a.echo'), await explained('b.whoami')];
  // What explain says is what the call met.
  expect([whyA['allowed'], whyB['allowed']]).toEqual([a.status === 200, b.status === 200]);
  return { a: a.status, b: b.status, level: a.headers.get('x-xct-level'), whyA, whyB, refusedB: b.body['error'] };
}

test('level 1: the grant on the key decides a call, and explain names it', async () => {
  const seen = await decide(await org.key({ object_permission: onlyA }));
  expect(seen).toMatchObject({ a: 200, b: 403, level: 'key' });
  expect(seen['whyA'].decided_by).toEqual({
    kind: 'level',
    name: 'key',
    rule: 'key grant: mcp_servers includes a',
  });
  expect(seen['whyA'].levels.map(({ said }: Json) => said)).toEqual(['allows', ...Array(5).fill('not asked')]);
  expect(seen['whyB'].decided_by).toMatchObject({ kind: 'level', name: 'key' });
  expect(seen['refusedB'].details).toEqual({ level: 'key', rule: seen['whyB'].decided_by.rule });
});

test('level 2: the grant on the team decides where the key has none, and explain names it (CA-04)', async () => {
  const seen = await decide(await org.key({ team_id: await make('teams', onlyA) }));
  expect(seen).toMatchObject({ a: 200, b: 403, level: 'team' });
  expect(seen['whyA'].decided_by).toMatchObject({ kind: 'level', name: 'team' });
  expect(seen['whyA'].levels.slice(0, 2).map(({ said }: Json) => said)).toEqual(['no opinion', 'allows']);
});

test('level 3: the grant on the org decides where key and team have none, and explain names it', async () => {
  const own = await newOrg(gateway);
  await servers(own);
  const { version } = await gateway.admin('GET', `/v1/orgs/${own.id}`);
  await gateway.admin('PATCH', `/v1/orgs/${own.id}`, { version, object_permission: onlyA });
  const seen = await decide(await own.key({ team_id: await make('teams', undefined, own) }), own);
  expect(seen).toMatchObject({ a: 200, b: 403, level: 'org' });
  expect(seen['whyA'].decided_by).toMatchObject({ kind: 'level', name: 'org' });
  const silent = ['no opinion', 'no opinion', 'allows'];
  expect(seen['whyA'].levels.slice(0, 3).map(({ said }: Json) => said)).toEqual(silent);
});

test('level 4: the grant on the user decides where nobody before has one, and explain names it', async () => {
  const seen = await decide(await org.key({ user_id: await make('users', onlyA), team_id: await make('teams') }));
  expect(seen).toMatchObject({ a: 200, b: 403, level: 'user' });
  expect(seen['whyA'].decided_by).toMatchObject({ kind: 'level', name: 'user' });
});

test('level 5: the grant on the agent decides where nobody before has one, and explain names it', async () => {
  const seen = await decide(await org.key({ agent_id: await make('agents', onlyA) }));
  expect(seen).toMatchObject({ a: 200, b: 403, level: 'agent' });
  expect(seen['whyA'].decided_by).toMatchObject({ kind: 'level', name: 'agent' });
  const said = ['no opinion', 'not bound', 'no opinion', 'not bound', 'allows', 'not asked'];
  expect(seen['whyA'].levels.map((row: Json) => row['said'])).toEqual(said);
});

test('level 6: the toolsets assigned to the caller, joined, decide last, and explain names them', async () => {
  const own = await newOrg(gateway);
  await servers(own);
  const team = await make('teams', undefined, own);
  const minted = await own.key({ team_id: team });
  const assign = (name: string, tool: string, to: Json) =>
    own.admin('POST', '/v1/mcp/toolset', { name, tools: [{ server: 'a', tool }], assigned_to: [to] });
  await assign('for-key', 'echo', { kind: 'key', id: minted['id'] });
  await assign('for-team', 'add', { kind: 'team', id: team });
  const seen = await decide(minted, own);
  expect(seen).toMatchObject({ a: 200, b: 403, level: 'toolset' });
  expect(seen['whyA'].decided_by).toMatchObject({ kind: 'level', name: 'toolset' });
  const list = await gateway.send('GET', '/mcp-rest/tools/list', minted['key']);
  expect(namesIn(list)).toEqual(['a.add', 'a.echo']);
});

test('no level speaks: nothing is allowed, and explain says so (CA-06)', async () => {
  const seen = await decide(await org.key({ team_id: await make('teams') }));
  expect(seen).toMatchObject({ a: 403, b: 403 });
  expect(seen['whyA'].decided_by).toMatchObject({ kind: 'none' });
});

test('an empty record is an opinion: the cascade stops there and allows nothing', async () => {
  for (const empty of [{}, { mcp_servers: [], mcp_toolsets: [], mcp_access_groups: [], mcp_tool_permissions: {} }]) {
    const seen = await decide(await org.key({ object_permission: empty, team_id: await make('teams', onlyA) }));
    expect(seen).toMatchObject({ a: 403, b: 403 });
    expect(seen['whyA'].decided_by).toMatchObject({ kind: 'level', name: 'key' });
  }
  const team = await make('teams', {});
  const seen = await decide(await org.key({ team_id: team, user_id: await make('users', onlyA) }));
  expect(seen['whyA'].decided_by).toMatchObject({ kind: 'level', name: 'team' });
});

test('resolution stops at the first level with a grant, whatever the later ones allow', async () => {
  const seen = await decide(await org.key({ object_permission: onlyB, team_id: await make('teams', onlyA) }));
  expect(seen).toMatchObject({ a: 403, b: 200 });
  expect(seen['whyA'].decided_by).toMatchObject({ kind: 'level', name: 'key' });
});

test('null clears a record: the next level decides again', async () => {
  const minted = await org.key({ object_permission: {}, team_id: await make('teams', onlyA) });
  const { id, version } = minted;
  await org.admin('PATCH', `/v1/keys/${id}`, { version, object_permission: null });
  expect(await decide(minted)).toMatchObject({ a: 200, b: 403, level: 'team' });
});

test('a role is not a grant: an admin and an operator without one call nothing', async () => {
  // In the operator's own org there is no server of that name.
  for (const [key, status] of [
    [org.adminKey, 403],
    [gateway.operatorKey, 404],
  ] as const) {
    expect(namesIn(await gateway.send('GET', '/mcp-rest/tools/list', key))).toEqual([]);
    expect((await restCall(gateway, { key }, 'a.echo', { message: 'hi' })).status).toBe(status);
  }
});

test('a key bound to one team gets nothing by another team of the same user (CA-10)', async () => {
  await make('teams', onlyA);
  const seen = await decide(await org.key({ team_id: await make('teams'), user_id: await make('users') }));
  expect(seen).toMatchObject({ a: 403, b: 403 });
});

test('an argument rule restricts a call: the argument must be there and pass, by every door', async () => {
  const permission = { name: 'echo', params: { message: { enum: ['yes', 'maybe'] } } };
  const { key } = await org.key({ object_permission: { mcp_tool_permissions: { a: [permission, 'add'] } } });
  const rest = async (args: Json) => (await restCall(gateway, { key }, 'a.echo', args)).status;
  expect([await rest({ message: 'yes' }), await rest({ message: 'no' }), await rest({})]).toEqual([200, 403, 403]);
  const refused = await restCall(gateway, { key }, 'a.echo', { message: 'no' });
  expect(refused.body['error'].details).toMatchObject({ level: 'key', rule: expect.stringContaining('message') });
  for (const [message, code] of [
    ['maybe', undefined],
    ['no', -32602],
  ] as const) {
    const params = { name: 'a__echo', arguments: { message } };
    expect((await legacyRequest(gateway, { key }, 'tools/call', params)).body['error']?.code).toBe(code);
  }
  expect((await restCall(gateway, { key }, 'a.add', { a: 1, b: 1 })).status).toBe(200);
});

test('a server in mcp_tool_permissions is granted no more than its listed tools, also beside mcp_servers', async () => {
  const object_permission = { mcp_servers: ['*', 'a'], mcp_tool_permissions: { a: ['add'] } };
  const seen = await decide(await org.key({ object_permission }));
  expect(seen).toMatchObject({ a: 403, b: 200 });
});

test('a grant may name a toolset, an access group, or "*", and each gives exactly its tools', async () => {
  const tools = [{ server: 'a', tool: 'echo' }];
  await org.admin('POST', '/v1/mcp/toolset', { name: 'one-tool', tools });
  const list = async (object_permission: Json) => {
    const { key } = await org.key({ object_permission });
    return namesIn(await gateway.send('GET', '/mcp-rest/tools/list', key));
  };
  const all = ['a.add', 'a.echo', 'a.fail', 'a.slow'];
  // The list of the toolsets may be older than the toolset.
  expect(
    await until(
      () => list({ mcp_toolsets: ['one-tool'] }),
      ({ length }) => length > 0,
    ),
  ).toEqual(['a.echo']);
  expect(await list({ mcp_access_groups: ['grouped'] })).toEqual(all);
  expect(await list({ mcp_servers: ['*'] })).toEqual([...all, 'b.whoami']);
});
