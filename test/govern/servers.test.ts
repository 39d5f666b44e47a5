import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ProbeRequest } from '../../contract/probe.ts';
import { ServerCreate } from '../../contract/servers.ts';
import { upstream as upstreamRefusal } from '../../lambdas/domain/refusal.ts';
import { createServer } from '../../lambdas/govern/servers/create.ts';
import { testUrl } from '../../lambdas/govern/servers/probe.ts';
import { removeServer } from '../../lambdas/govern/servers/remove.ts';
import { aTeam, aToolset } from '../support/records.ts';
import { type GuardedUpstream, guardedUpstream } from '../support/upstreams/guarded.ts';
import { type LegacyUpstream, legacyUpstream } from '../support/upstreams/legacy.ts';
import { granted, listing, serversWorld } from './servers-world.ts';

const canary = 'canary-5f2d9c71e0';
let guarded: GuardedUpstream;
let legacy: LegacyUpstream;
beforeAll(async () => {
  guarded = await guardedUpstream({ auth_type: 'bearer_token', secret: canary });
  legacy = await legacyUpstream();
});
afterAll(async () => {
  await Promise.all([guarded.close(), legacy.close()]);
});

const echo = { alias: 'echo', url: 'https://echo.example.com/mcp', auth_type: 'none' } as const;

test('a created server is active with its definitions pinned under their hash', async () => {
  const { acting, snapshots, only } = serversWorld();
  const view = granted(await createServer(acting, { ...echo, url: legacy.url }));
  expect(view).toMatchObject({ alias: 'echo', status: 'active', version: 1, has_credential: false });
  expect(view.tools).toEqual(['add', 'echo', 'fail', 'slow']);
  expect(view.protocol_version).toBe('2025-11-25');
  const { snapshot_hash, last_probe } = await only();
  expect(snapshots.stored.get(`default/${snapshot_hash}`)?.tools).toHaveLength(4);
  expect(last_probe).toMatchObject({ ok: true });
});

test('a credential goes to the vault with its origin, and into no answer, record or audit row', async () => {
  const { acting, records, vault } = serversWorld();
  const body = { ...echo, url: guarded.url, auth_type: 'bearer_token', credentials: { secret: canary } } as const;
  const view = granted(await createServer(acting, body));
  expect(view).toMatchObject({ status: 'active', has_credential: true, tools: ['whoami'] });
  expect(vault.stored.get(view.id)).toEqual({ origin: new URL(guarded.url).origin, secret: canary });
  expect(JSON.stringify([view, [...records.rows.values()], records.audits])).not.toContain(canary);
  expect(records.audits).toMatchObject([
    { action: 'server.create', target: { kind: 'server', id: view.id }, before: null, request_id: 'req-1' },
  ]);
});

test('a server whose upstream refuses the credential is kept inactive with the reason', async () => {
  const { acting, vault } = serversWorld();
  const body = { ...echo, url: guarded.url, auth_type: 'bearer_token', credentials: { secret: 'wrong' } } as const;
  const view = granted(await createServer(acting, body));
  expect(view).toMatchObject({ status: 'inactive', has_credential: true, tools: [] });
  expect(view.status_reason).toBeTruthy();
  expect(view.snapshot_hash).toBeUndefined();
  expect(vault.stored.size).toBe(1);
});

test.each(['oauth2', 'oauth2_token_exchange', 'delegate_auth_to_upstream'] as const)(
  'a server of auth_type %s is kept inactive with the reason and nothing is sent',
  async (auth_type) => {
    const { acting } = serversWorld();
    const before = guarded.requests.length;
    const view = granted(await createServer(acting, { ...echo, url: guarded.url, auth_type }));
    expect(view).toMatchObject({ status: 'inactive', status_reason: expect.stringContaining(auth_type) });
    expect(guarded.requests).toHaveLength(before);
  },
);

test('a server without the credential its mode needs is kept inactive with the reason', async () => {
  const view = granted(await createServer(serversWorld().acting, { ...echo, auth_type: 'api_key' }));
  expect(view).toMatchObject({ status: 'inactive', status_reason: expect.stringContaining('no credential') });
});

test('an upstream that cannot be reached leaves the server inactive with the refusal in words', async () => {
  const read = async () => upstreamRefusal('upstream_refused', 'The server refused the connection.');
  const view = granted(await createServer(serversWorld({ read }).acting, echo));
  expect(view).toMatchObject({ status: 'inactive', status_reason: 'The server refused the connection.' });
});

test('TD-12: a server with more than 256 tools is kept inactive', async () => {
  const many = listing(Array.from({ length: 257 }, (_, n) => `tool-${n}`));
  const view = granted(await createServer(serversWorld(many).acting, echo));
  expect(view).toMatchObject({ status: 'inactive', status_reason: expect.stringContaining('256') });
});

test('a definition that is not acceptable is left out with its reason', async () => {
  const view = granted(await createServer(serversWorld(listing(['good', 'bäd'])).acting, echo));
  expect(view).toMatchObject({ status: 'active', tools: ['good'], refused_tools: [{ reason: expect.any(String) }] });
});

test('a create that loses its name to another leaves no secret, server or audit row', async () => {
  const { acting, records, vault } = serversWorld(listing(['a']));
  granted(await createServer(acting, echo));
  const again = { ...echo, auth_type: 'bearer_token', credentials: { secret: canary } } as const;
  expect(await createServer(acting, again)).toMatchObject({
    ok: false,
    refusal: { code: 'conflict', state: { name: 'echo' } },
  });
  expect([vault.stored.size, records.audits.length, (await records.directory('default')).servers.length]).toEqual([
    0, 1, 1,
  ]);
});

test('aliases, access groups and toolset names are one namespace; servers share a group', async () => {
  const { acting, records } = serversWorld(listing(['a']));
  granted(await createServer(acting, { ...echo, access_groups: ['dev', 'dev'] }));
  granted(await createServer(acting, { ...echo, alias: 'other', access_groups: ['dev'] }));
  const named = { do: 'take_name', org_id: 'default', name: 'daily', holder: { kind: 'toolset', id: 'ts_1' } } as const;
  await records.commit([], [{ do: 'create', kind: 'toolset', record: aToolset() }, named]);
  for (const clash of [{ alias: 'dev' }, { alias: 'daily' }, { alias: 'third', access_groups: ['echo'] }])
    expect(await createServer(acting, { ...echo, ...clash })).toMatchObject({ refusal: { code: 'conflict' } });
});

test.each([
  [{ alias: 'mcp' }, 'alias'],
  [{ alias: 'Git' }, 'alias'],
  [{ alias: 'a--b' }, 'alias'],
  [{ access_groups: ['all'] }, 'access_groups'],
  [{ access_groups: ['echo'] }, 'access_groups'],
  [{ owner_team_id: 'team_none' }, 'owner_team_id'],
  [{ static_headers: { 'x-a': '{secrets.NONE}' } }, 'static_headers.x-a'],
  [{ static_headers: { Host: 'x' } }, 'static_headers.Host'],
  [{ extra_headers: ['authorization'] }, 'extra_headers.authorization'],
  [{ credentials: { secret: 'x' } }, 'credentials.secret'],
  [{ auth_type: 'delegate_auth_to_upstream', credentials: { secrets: { A: 'x' } } }, 'credentials'],
] as const)('%j is refused and names the field', async (given, param) => {
  const { acting, records, vault } = serversWorld(listing(['a']));
  expect(await createServer(acting, { ...echo, ...given } as never)).toMatchObject({
    ok: false,
    refusal: { code: 'invalid_request', param },
  });
  expect([records.rows.size, vault.stored.size]).toEqual([0, 0]);
});

test('a team of another org cannot own a server', async () => {
  const { acting, records } = serversWorld(listing(['a']));
  records.seed('team', aTeam({ org_id: 'org_other' }));
  expect(await createServer(acting, { ...echo, owner_team_id: 'team_web' })).toMatchObject({
    refusal: { param: 'owner_team_id' },
  });
  records.seed('team', aTeam());
  expect(granted(await createServer(acting, { ...echo, owner_team_id: 'team_web' })).owner_team_id).toBe('team_web');
});

const badUrls = [
  'http://8.8.8.8/mcp',
  'https://user:pw@a.example.com/',
  'https://a.example.com/#x',
  'https://a.example.com\\@b.example.com/',
  'https://a\t.example.com/',
  `https://a.example.com/${'x'.repeat(2100)}`,
  'https://localhost./',
  'https://x.internal/',
  'https://single/',
  'https://169.254.169.254/latest',
];
test.each(badUrls)('SS-09: %s is no server, no authorization server and nothing to test', async (url) => {
  const upstream = listing(['a']);
  const { acting } = serversWorld(upstream);
  const look = async (): Promise<never> => Promise.reject(new Error('probed'));
  const oauth = { ...echo, auth_type: 'oauth2', auth: { authorization_server: url } } as const;
  expect(await createServer(acting, { ...echo, url })).toMatchObject({ refusal: { param: 'url' } });
  // SS-10: the one OAuth URL field that exists.
  expect(await createServer(acting, oauth)).toMatchObject({ refusal: { param: 'auth.authorization_server' } });
  expect(await testUrl({ checkUrl: acting.checkUrl, probe: { look } }, url)).toMatchObject({ ok: false });
  expect(upstream.reads).toBe(0);
});

test('SS-20: a server at our own host is refused', async () => {
  const { acting } = serversWorld(listing(['a']));
  const url = 'https://gateway.example.org/echo/mcp';
  expect(await createServer(acting, { ...echo, url })).toMatchObject({ refusal: { param: 'url' } });
});

test('AU-16: fields that only the gateway sets are unknown', () => {
  for (const more of [{ status: 'active' }, { approved_by: 'me' }, { cost: 0 }, { org_id: 'org_x' }, { tools: [] }])
    expect(ServerCreate.safeParse({ ...echo, ...more }).success).toBe(false);
});

test('AU-19: what asks for a local process is unknown, for a server and for a test', () => {
  for (const more of [{ transport: 'stdio' }, { command: 'npx' }, { args: ['-y'] }, { env: { A: 'b' } }]) {
    expect(ServerCreate.safeParse({ ...echo, ...more }).success).toBe(false);
    expect(ProbeRequest.safeParse({ url: echo.url, ...more }).success).toBe(false);
  }
});

test('a deleted server leaves no name, no credential and one audit row; another org cannot delete it', async () => {
  const { acting, records, vault } = serversWorld();
  const body = { ...echo, url: guarded.url, auth_type: 'bearer_token', credentials: { secret: canary } } as const;
  const { id } = granted(await createServer(acting, { ...body, access_groups: ['dev'] }));
  const foreign = { ...acting, caller: { ...acting.caller, org_id: 'org_other' } };
  expect(await removeServer(foreign, id)).toMatchObject({ refusal: { code: 'not_found' } });
  expect(await removeServer(acting, 'echo')).toEqual({ ok: true, value: { id, deleted: true } });
  expect([records.rows.size, records.names.size, vault.stored.size, records.audits.length]).toEqual([0, 0, 0, 2]);
  expect(await removeServer(acting, '../echo')).toMatchObject({ refusal: { code: 'not_found' } });
});
