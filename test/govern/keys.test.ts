import { expect, test } from '@jest/globals';
import { KeyCreate, KeyShown, KeyView } from '../../contract/keys.ts';
import { accessOf } from '../../lambdas/domain/access.ts';
import { readKey } from '../../lambdas/domain/proofs/index.ts';
import { patchKey, revokeKey, rotateKey } from '../../lambdas/govern/keys/change.ts';
import { createKey } from '../../lambdas/govern/keys/create.ts';
import { getKey, listKeys } from '../../lambdas/govern/keys/read.ts';
import { aKey, anAgent, anOrg, aToolset, noon } from '../support/records.ts';
import { actingOn, adminWorld, callerOf, granted, refused, someone } from './admin-world.ts';

const memberKey = aKey({ id: 'Mem000000001', team_id: 'team_web', user_id: 'usr_ann' });

/** The world with a member key of team `team_web`, which may call `github`. */
function memberWorld(key = memberKey) {
  const world = adminWorld();
  world.records.seed('key', key);
  return {
    ...world,
    member: world.as(callerOf(key)),
    keys: () => [...world.records.rows.keys()].filter((at) => at.startsWith('key/')),
  };
}

test('an admin mints a key with any grant and binding of its org, and its text is shown once', async () => {
  const { acting, records } = adminWorld();
  const shown = granted(
    await createKey(acting, {
      name: 'ci',
      team_id: 'team_ops',
      object_permission: { mcp_servers: ['*'], mcp_tool_permissions: { linear: ['echo'] } },
      expires_in: 3600,
      max_budget_usd: 5,
      rpm: null,
    }),
  );
  expect(KeyShown.strict().parse(shown)).toEqual(shown);
  expect(readKey(shown.key)?.id).toBe(shown.id);
  const stored = await records.key(shown.id);
  expect(stored).toMatchObject({ lineage: [], object_permission: { mcp_tool_permissions: { srv_linear: ['echo'] } } });
  expect(stored).not.toHaveProperty('rpm');
  expect(Date.parse(shown.expires_at!)).toBe(noon + 3_600_000);
  const view = granted(await getKey(acting, shown.id));
  expect(KeyView.strict().parse(view)).toEqual(view);
  expect(JSON.stringify([view, records.audits])).not.toContain(stored!.hmac);
  expect(records.audits).toMatchObject([{ action: 'key.create', target: { id: shown.id }, before: null, after: view }]);
});

test('MT-03 a key is bound to nothing that is not in the org', async () => {
  const { acting, records } = adminWorld();
  records.seed('agent', anAgent({ org_id: 'org_other' }));
  for (const field of ['team_id', 'user_id', 'agent_id'])
    expect(refused(await createKey(acting, { name: 'k', [field]: 'agt_bot' }))).toMatchObject({
      code: 'invalid_request',
      param: field,
    });
  expect(records.audits).toEqual([]);
});

test('AU-14 a member mints no wildcard, no other server, no admin, for no other team, and nothing is stored', async () => {
  const { member, keys, records } = memberWorld();
  const before = keys();
  const tries = [
    { object_permission: { mcp_servers: ['*'] } },
    { object_permission: { mcp_servers: ['github', 'linear'] } },
    { object_permission: { mcp_tool_permissions: { linear: ['echo'] } } },
    { role: 'admin' as const },
    { role: 'operator' as const },
    { team_id: 'team_ops' },
    { user_id: 'usr_bob' },
    { agent_id: 'agt_bot' },
  ];
  for (const given of tries)
    expect(refused(await createKey(member, { name: 'more', ...given }))).toMatchObject({ code: 'forbidden' });
  const excess = refused(await createKey(member, { name: 'more', object_permission: { mcp_servers: ['linear'] } }));
  expect(excess).toMatchObject({ level: 'minter', rule: 'object_permission: mcp_servers linear' });
  expect(keys()).toEqual(before);
  expect(records.audits).toEqual([]);
});

test('to a member a pending server is as unknown in a grant as one that is none', async () => {
  const { member } = memberWorld();
  for (const name of ['drafts', 'nothing'])
    expect(refused(await createKey(member, { name: 'k', object_permission: { mcp_servers: [name] } }))).toMatchObject({
      code: 'unknown_server',
    });
});

test('CA-16 a pattern in a grant is refused by the contract or as an unknown server', async () => {
  const { acting } = adminWorld();
  for (const name of ['github*', '*/search', 'server/*'])
    expect(KeyCreate.safeParse({ name: 'k', object_permission: { mcp_servers: [name] } }).success).toBe(false);
  expect(refused(await createKey(acting, { name: 'k', object_permission: { mcp_servers: ['git'] } }))).toMatchObject({
    code: 'unknown_server',
    param: 'object_permission.mcp_servers[0]',
  });
});

test('a member key is bound as its minter and calls what its minter calls, even without a grant of its own', async () => {
  const { member, records } = memberWorld();
  const shown = granted(await createKey(member, { name: 'mine', team_id: 'team_web' }));
  expect(shown).toMatchObject({ team_id: 'team_web', user_id: 'usr_ann', minted_by: memberKey.id, role: 'member' });
  const minted = (await records.key(shown.id))!;
  expect(minted.lineage).toEqual([{ key_id: memberKey.id, team_id: 'team_web', user_id: 'usr_ann' }]);
  const world = await member.worlds.load(callerOf(minted));
  expect(
    accessOf(world, noon)
      .tools()
      .map(({ server }) => server.alias),
  ).toEqual(['github', 'github']);
  records.seed('key', { ...memberKey, object_permission: { mcp_tool_permissions: { srv_github: ['add'] } } });
  const less = await member.worlds.load(callerOf(minted));
  expect(
    accessOf(less, noon)
      .tools()
      .map(({ tool }) => tool.name),
  ).toEqual(['add']);
});

test('a chain of keys that mint each other ends at five minters', async () => {
  const { member, as, records } = memberWorld();
  let minter = member;
  for (let depth = 1; depth <= 5; depth++) {
    const shown = granted(await createKey(minter, { name: `depth ${depth}` }));
    const key = (await records.key(shown.id))!;
    expect(key.lineage).toHaveLength(depth);
    minter = as(callerOf(key));
  }
  expect(refused(await createKey(minter, { name: 'depth 6' }))).toMatchObject({ code: 'forbidden', rule: 'lineage' });
});

test('a member sees its own key and those that descend from it, and no other', async () => {
  const { member, as, records, acting } = memberWorld();
  records.seed('key', aKey({ id: 'Oth000000001' }));
  const child = granted(await createKey(member, { name: 'child' }));
  const grandchild = granted(await createKey(as(callerOf((await records.key(child.id))!)), { name: 'grandchild' }));
  const own = [memberKey.id, child.id, grandchild.id];
  expect(
    granted(await listKeys(member, {}))
      .data.map(({ id }) => id)
      .sort(),
  ).toEqual([...own].sort());
  expect(granted(await getKey(member, grandchild.id)).name).toBe('grandchild');
  expect(granted(await listKeys(acting, {})).data).toHaveLength(4);
  for (const id of ['Oth000000001', 'none', 'a@_'])
    for (const ask of [getKey, (one: typeof member, key: string) => patchKey(one, key, { version: 1 })])
      expect(refused(await ask(member, id))).toEqual({ code: 'not_found', message: 'This key does not exist.' });
});

test('lists go on where a cursor says, and take no cursor of another list or org', async () => {
  const { acting, as, records } = adminWorld();
  for (let n = 1; n <= 5; n++) records.seed('key', aKey({ id: `Key00000000${n}`, team_id: 'team_web' }));
  const first = granted(await listKeys(acting, { limit: 3 }));
  const cursor = first.next_cursor!;
  const second = granted(await listKeys(acting, { limit: 3, cursor }));
  expect([...first.data, ...second.data].map(({ id }) => id.at(-1))).toEqual(['1', '2', '3', '4', '5']);
  expect(second).not.toHaveProperty('next_cursor');
  const member = as(callerOf(aKey({ id: 'Key000000001', team_id: 'team_web' })));
  for (const other of [member, as(someone('admin', { org_id: 'org_other' }))])
    expect(refused(await listKeys(other, { cursor }))).toMatchObject({ code: 'invalid_request', param: 'cursor' });
});

test('a member changes the keys it minted within its own rights, and null hands the decision to the levels below', async () => {
  const { member, records } = memberWorld();
  const child = granted(await createKey(member, { name: 'child', object_permission: { mcp_servers: ['github'] } }));
  const narrowed = { version: 1, object_permission: { mcp_tool_permissions: { github: ['echo'] } }, rpm: 5 };
  expect(granted(await patchKey(member, child.id, narrowed))).toMatchObject({ version: 2, rpm: 5 });
  const wide = { version: 2, object_permission: { mcp_servers: ['linear'] } };
  expect(refused(await patchKey(member, child.id, wide))).toMatchObject({ code: 'forbidden', level: 'minter' });
  const cleared = granted(await patchKey(member, child.id, { version: 2, object_permission: null, rpm: null }));
  expect(cleared).not.toHaveProperty('object_permission');
  expect(cleared).not.toHaveProperty('rpm');
  expect(records.audits.map(({ action }) => action)).toEqual(['key.create', 'key.update', 'key.update']);
});

test('a member changes of its own key the name alone: no grant, no budget, no rate', async () => {
  const restricted = [{ name: 'echo', params: { text: { const: 'hi' } } }];
  const key = { ...memberKey, object_permission: { mcp_tool_permissions: { srv_github: restricted } } };
  const { member } = memberWorld(key);
  const tries = [
    { object_permission: null },
    { object_permission: { mcp_tool_permissions: { github: ['echo'] } } },
    { max_budget_usd: null },
    { rpm: 1000 },
  ];
  for (const given of tries)
    expect(refused(await patchKey(member, key.id, { version: 1, ...given }))).toMatchObject({ code: 'forbidden' });
  expect(granted(await patchKey(member, key.id, { version: 1, name: 'laptop' }))).toMatchObject({ name: 'laptop' });
});

test('an admin has no power over a key of an operator, whose power it would take over', async () => {
  const { acting, as, records } = adminWorld();
  records.seed('key', aKey({ id: 'Ope000000001', role: 'operator' }));
  const tries = [
    patchKey(acting, 'Ope000000001', { version: 1, name: 'mine' }),
    rotateKey(acting, 'Ope000000001', {}),
    revokeKey(acting, 'Ope000000001'),
    createKey(acting, { name: 'k', role: 'operator' }),
  ];
  for (const outcome of await Promise.all(tries))
    expect(refused(outcome)).toMatchObject({ code: 'forbidden', level: 'role' });
  expect(granted(await rotateKey(as(someone('operator')), 'Ope000000001', {})).version).toBe(2);
});

test('MT-03 a key of another org does not exist', async () => {
  const { acting, records } = adminWorld();
  records.seed('org', anOrg({ id: 'org_other' }));
  records.seed('key', aKey({ id: 'Oth000000001', org_id: 'org_other' }));
  expect(refused(await getKey(acting, 'Oth000000001'))).toMatchObject({ code: 'not_found' });
  expect(granted(await listKeys(acting, {})).data).toEqual([]);
});

test('a grant names toolsets and agents of the org, is stored by id and shown by name', async () => {
  const { acting, records } = adminWorld();
  records.seed('toolset', aToolset());
  records.seed('agent', anAgent());
  const object_permission = { mcp_toolsets: ['daily'], agents: ['agt_bot'], mcp_access_groups: ['eng'] };
  const shown = granted(await createKey(acting, { name: 'k', object_permission }));
  expect(shown.object_permission).toEqual(object_permission);
  expect((await records.key(shown.id))?.object_permission?.mcp_toolsets).toEqual(['ts_daily']);
  const unknown = { agents: ['agt_none'] };
  expect(refused(await createKey(acting, { name: 'k', object_permission: unknown }))).toMatchObject({
    param: 'object_permission.agents[0]',
  });
});

test('a store that cannot answer is a fault, and no key is stored', async () => {
  const { records } = adminWorld();
  const broken = { ...records, directory: () => Promise.reject(new Error('throttled')) };
  await expect(createKey(actingOn(broken).acting, { name: 'k' })).rejects.toThrow('throttled');
});
