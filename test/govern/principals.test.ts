import { expect, test } from '@jest/globals';
import { AuditRow } from '../../contract/access.ts';
import * as contract from '../../contract/principals.ts';
import { listAudit } from '../../lambdas/govern/audit.ts';
import { createOrg } from '../../lambdas/govern/principals/create-org.ts';
import {
  createPrincipal,
  getPrincipal,
  listPrincipals,
  patchPrincipal,
  removePrincipal,
} from '../../lambdas/govern/principals/principals.ts';
import { anAgent, anOrg, aServer, aTeam, aToolset, aUser } from '../support/records.ts';
import { adminWorld, granted, refused, someone } from './admin-world.ts';

const kinds = ['team', 'user', 'agent'] as const;
const views = { team: contract.TeamView, user: contract.UserView, agent: contract.AgentView, org: contract.OrgView };
const extra = { team: {}, user: { email: 'ann@example.com' }, agent: { url: 'https://bot.example.com/a2a' } };

test.each(kinds)('a %s is made, listed, changed and deleted, each with its audit row', async (kind) => {
  const { acting, records } = adminWorld();
  const grant = { mcp_servers: ['github'], mcp_tool_permissions: { linear: ['echo'] } };
  const made = granted(
    await createPrincipal(acting, kind, { name: 'P', ...extra[kind], object_permission: grant, max_budget_usd: 9 }),
  );
  expect(views[kind].strict().parse(made)).toEqual(made);
  expect(made).toMatchObject({ disabled: false, version: 1, object_permission: grant, org_id: 'default' });
  expect((await records.get(kind, 'default', made.id))?.object_permission?.mcp_servers).toEqual(['srv_github']);
  expect(granted(await getPrincipal(acting, kind, made.id))).toEqual(made);
  expect(granted(await listPrincipals(acting, kind, {})).data).toContainEqual(made);

  const change = { version: 1, name: 'Q', object_permission: null, max_budget_usd: null };
  const changed = granted(await patchPrincipal(acting, kind, made.id, change));
  expect(changed).toMatchObject({ name: 'Q', version: 2 });
  expect(changed).not.toHaveProperty('object_permission');
  expect(changed).not.toHaveProperty('max_budget_usd');
  const stale = refused(await patchPrincipal(acting, kind, made.id, change));
  expect(stale).toMatchObject({ code: 'conflict', state: { version: 2 } });

  expect(granted(await removePrincipal(acting, kind, made.id))).toEqual({ id: made.id, deleted: true });
  for (const again of [getPrincipal(acting, kind, made.id), removePrincipal(acting, kind, made.id)])
    expect(refused(await again)).toEqual({ code: 'not_found', message: `This ${kind} does not exist.` });
  expect(records.audits).toMatchObject([
    { action: `${kind}.create`, before: null, after: made },
    { action: `${kind}.update`, before: made, after: changed },
    { action: `${kind}.delete`, before: changed, after: null },
  ]);
});

test.each(kinds)('MT-03 a %s of another org answers as one that does not exist', async (kind) => {
  const { acting, records } = adminWorld();
  const org_id = 'org_other';
  records.seed('org', anOrg({ id: org_id }));
  records.seed('team', aTeam({ id: 'team_x', org_id }));
  records.seed('user', aUser({ id: 'usr_x', org_id }));
  records.seed('agent', anAgent({ id: 'agt_x', org_id }));
  const id = { team: 'team_x', user: 'usr_x', agent: 'agt_x' }[kind];
  for (const given of [id, 'none', 'a b', '../x'])
    for (const outcome of [
      getPrincipal(acting, kind, given),
      patchPrincipal(acting, kind, given, { version: 1, name: 'mine' }),
      removePrincipal(acting, kind, given),
    ])
      expect(refused(await outcome)).toEqual({ code: 'not_found', message: `This ${kind} does not exist.` });
  expect(granted(await listPrincipals(acting, kind, {})).data.map((row) => row.id)).not.toContain(id);
});

test('MT-03 a grant names nothing of another org', async () => {
  const { acting, records } = adminWorld();
  records.seed('server', aServer({ alias: 'foreign', org_id: 'org_other' }));
  records.seed('toolset', aToolset({ name: 'foreign-set', org_id: 'org_other' }));
  for (const object_permission of [
    { mcp_servers: ['foreign'] },
    { mcp_servers: ['srv_foreign'] },
    { mcp_tool_permissions: { foreign: ['echo'] } },
    { mcp_toolsets: ['foreign-set'] },
  ])
    expect(refused(await createPrincipal(acting, 'team', { name: 'T', object_permission }))['param']).toMatch(
      /^object_permission\.mcp_/,
    );
  expect(records.audits).toEqual([]);
});

test('an agent is registered by an http or https URL', async () => {
  const { acting } = adminWorld();
  for (const url of ['javascript:alert(1)', 'file:///etc/passwd'])
    expect(refused(await createPrincipal(acting, 'agent', { name: 'A', url }))).toMatchObject({ param: 'url' });
});

test('an operator makes an org with its first admin key, in the tier asked for or the default one', async () => {
  const { as, records } = adminWorld();
  const operator = as(someone('operator'));
  const { admin_key, ...org } = granted(await createOrg(operator, { name: 'Acme' }));
  expect(views.org.strict().parse(org)).toEqual(org);
  expect(org).toMatchObject({ tier: 'free', disabled: false, blocked_servers: [], blocked_tools: [] });
  expect(admin_key).toMatchObject({ org_id: org.id, role: 'admin' });
  expect(JSON.stringify(records.audits)).not.toContain(admin_key.key);
  expect(records.audits.map(({ org_id, action }) => `${org_id} ${action}`)).toEqual([
    'default org.create',
    `${org.id} org.create`,
    'default key.create',
    `${org.id} key.create`,
  ]);
  expect(granted(await createOrg(operator, { name: 'Big', tier: 'team' }))['tier']).toBe('team');
  const unknown = { code: 'invalid_request', param: 'tier' };
  expect(refused(await createOrg(operator, { name: 'Bad', tier: 'gold' }))).toMatchObject(unknown);
  expect(refused(await patchPrincipal(operator, 'org', org.id, { version: 1, tier: 'gold' }))).toMatchObject(unknown);
});

test('what an operator changes in another org stands in both audits', async () => {
  const { as } = adminWorld();
  const operator = as(someone('operator'));
  const org = granted(await createOrg(operator, { name: 'Acme' }));
  granted(await patchPrincipal(operator, 'org', org.id, { version: 1, tier: 'team' }));
  for (const org_id of ['default', org.id]) {
    const [newest] = granted(await listAudit(as(someone('admin', { org_id })), { limit: 1 })).data;
    expect(newest).toMatchObject({ action: 'org.update', target: { kind: 'org', id: org.id } });
    expect(contractOf(newest)).toEqual(newest);
  }
});
const contractOf = (row: unknown) => AuditRow.strict().parse(row);

test('a block list is given by alias, kept by id, and shown by alias without what is gone', async () => {
  const { as, records } = adminWorld();
  const operator = as(someone('operator'));
  const change = { version: 1, blocked_servers: ['linear', 'srv_linear'], blocked_tools: ['github.delete.repo'] };
  const shown = granted(await patchPrincipal(operator, 'org', 'default', change));
  expect(shown).toMatchObject({ blocked_servers: ['linear'], blocked_tools: ['github.delete.repo'] });
  expect(await records.get('org', 'default', 'default')).toMatchObject({
    blocked_servers: ['srv_linear'],
    blocked_tools: [{ server_id: 'srv_github', tool: 'delete.repo' }],
  });
  records.rows.delete('server/default/srv_linear');
  expect(granted(await getPrincipal(operator, 'org', 'default'))['blocked_servers']).toEqual([]);
  for (const [given, code, param] of [
    [{ blocked_servers: ['none'] }, 'unknown_server', 'blocked_servers[0]'],
    [{ blocked_tools: ['github.echo', 'none.echo'] }, 'unknown_server', 'blocked_tools[1]'],
    [{ blocked_tools: ['github'] }, 'invalid_request', 'blocked_tools[0]'],
  ] as const)
    expect(refused(await patchPrincipal(operator, 'org', 'default', { version: 2, ...copy(given) }))).toMatchObject({
      code,
      param,
    });
});
const copy = (given: object): object => structuredClone(given);

test('the org of the operators is neither deleted nor disabled', async () => {
  const { as } = adminWorld();
  const operator = as(someone('operator'));
  expect(refused(await removePrincipal(operator, 'org', 'default'))).toMatchObject({ code: 'conflict' });
  const disabled = { version: 1, disabled: true };
  expect(refused(await patchPrincipal(operator, 'org', 'default', disabled))).toMatchObject({ code: 'conflict' });
});

test('an operator lists the orgs, each with the names of its own servers', async () => {
  const { as, records } = adminWorld();
  records.seed('org', anOrg({ id: 'org_other', blocked_servers: ['srv_own'] }));
  records.seed('server', aServer({ alias: 'own', org_id: 'org_other' }));
  const { data } = granted(await listPrincipals(as(someone('operator')), 'org', {}));
  expect(data.map(({ id, blocked_servers }) => [id, blocked_servers])).toEqual([
    ['default', []],
    ['org_other', ['own']],
  ]);
});
