import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bootstrapToken } from '../../local/demo/seed.ts';
import { startGateway } from '../../local/gateway.ts';
import { manualClock } from '../local/manual-clock.ts';
import { restCall } from '../support/doors.ts';
import { type Json, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { newOrg, type TestOrg, until } from '../support/org.ts';
import { tamper, writesOf } from '../support/stores.ts';
import { guardedUpstream } from '../support/upstreams/guarded.ts';
import type { RunningUpstream } from '../support/upstreams/record.ts';

let gateway: TestGateway;
let org: TestOrg;
let upstream: RunningUpstream;
const all = { object_permission: { mcp_servers: ['*'] } };
/** No call is admitted later than this after a revocation (I8). */
const revocationMs = 5_000;

beforeAll(async () => {
  [gateway, upstream] = await Promise.all([
    startTestGateway({ clock: manualClock(Date.now()) }),
    guardedUpstream({ auth_type: 'none' }),
  ]);
  org = await newOrg(gateway);
  await org.server('a', upstream.url);
  await org.server('b', upstream.url);
});
afterAll(() => Promise.all([gateway.close(), upstream.close()]));

const whoami = async (key: string) => (await restCall(gateway, { key }, 'a.whoami')).status;
const isDead = (key: string) =>
  until(
    () => gateway.send('GET', '/v1/me', key),
    ({ status }) => status === 401,
  );

test('a member mints nothing beyond itself: "*", another team’s server, a role, a binding; nothing is stored (AU-14)', async () => {
  const mine = (await org.admin('POST', '/v1/teams', { name: 'mine', object_permission: { mcp_servers: ['a'] } }))[
    'id'
  ];
  const theirs = (await org.admin('POST', '/v1/teams', { name: 'theirs', object_permission: { mcp_servers: ['b'] } }))[
    'id'
  ];
  const member = await org.key({ team_id: mine });
  const before = [await writesOf(gateway), (await org.admin('GET', '/v1/keys?limit=200'))['data'].length];
  for (const beyond of [
    { object_permission: { mcp_servers: ['*'] } },
    { object_permission: { mcp_servers: ['b'] } },
    { object_permission: { mcp_servers: ['a', 'b'] } },
    { object_permission: { mcp_tool_permissions: { b: ['whoami'] } } },
    { role: 'admin' },
    { role: 'operator' },
    { team_id: theirs },
    { user_id: 'usr_AAAAAAAAAAAA' },
  ]) {
    const answer = await gateway.send('POST', '/v1/keys', member['key'], { name: 'more', ...beyond });
    expect([answer.status, answer.body['error'].code]).toEqual([403, 'forbidden']);
  }
  const own = await gateway.send('PATCH', `/v1/keys/${member['id']}`, member['key'], { version: 1, ...all });
  expect(own.status).toBe(403);
  for (const path of ['/v1/mcp/server', '/v1/teams', '/v1/orgs', '/v1/mcp/toolset'])
    expect((await gateway.send('POST', path, member['key'], {})).body['error'].code).toBe('not_admin');
  expect([await writesOf(gateway), (await org.admin('GET', '/v1/keys?limit=200'))['data'].length]).toEqual(before);
  const fine = { name: 'less', object_permission: { mcp_servers: ['a'] } };
  const minted = await gateway.send('POST', '/v1/keys', member['key'], fine);
  expect(minted.body).toMatchObject({ role: 'member', team_id: mine, minted_by: member['id'] });
  expect(await whoami(minted.body['key'])).toBe(200);
});

test('an admin makes no operator, and changes no key above its own role', async () => {
  const answer = await gateway.send('POST', '/v1/keys', org.adminKey, { name: 'up', role: 'operator' });
  expect(answer.status).toBe(403);
  const admin = await gateway.admin('POST', '/v1/keys', { name: 'admin of default', role: 'admin' });
  const operator = (await gateway.admin('GET', '/v1/me'))['key_id'];
  expect((await gateway.send('POST', `/v1/keys/${operator}/rotate`, admin['key'], {})).status).toBe(403);
  expect((await gateway.send('DELETE', `/v1/keys/${operator}`, admin['key'])).status).toBe(403);
});

test('after a revocation during a run of calls none succeeds later than five seconds after (AU-22)', async () => {
  const run = await org.key(all);
  const calls: { readonly at: number; readonly status: Promise<number> }[] = [];
  const callEvery50ms = setInterval(() => {
    calls.push({ at: performance.now(), status: whoami(run['key']) });
  }, 50);
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  // Several environments have the key in their memory by then.
  await wait(800);
  const asked = performance.now();
  await org.admin('DELETE', `/v1/keys/${run['id']}`);
  const revokedAt = performance.now();
  await wait(revocationMs + 800);
  clearInterval(callEvery50ms);
  const seen = await Promise.all(calls.map(async ({ at, status }) => ({ at, status: await status })));
  expect(seen.filter(({ at }) => at < asked - 100).every(({ status }) => status === 200)).toBe(true);
  const late = seen.filter(({ at }) => at > revokedAt + revocationMs);
  expect(late.length).toBeGreaterThan(5);
  expect(late.filter(({ status }) => status !== 401)).toEqual([]);
});

test('a rotated key lives through its grace and no longer (AU-23)', async () => {
  const old = await org.key(all);
  const rotated = await org.admin('POST', `/v1/keys/${old['id']}/rotate`, { grace_seconds: 1 });
  expect([await whoami(old['key']), await whoami(rotated['key'])]).toEqual([200, 200]);
  expect((await isDead(old['key'])).status).toBe(401);
  expect(await whoami(rotated['key'])).toBe(200);
});

test('rotated twice within a long grace the oldest secret is dead, the middle one lives (AU-23)', async () => {
  const first = await org.key(all);
  const rotate = (): Promise<Json> => org.admin('POST', `/v1/keys/${first['id']}/rotate`, { grace_seconds: 600 });
  const second = await rotate();
  const third = await rotate();
  expect([await whoami(first['key']), await whoami(second['key']), await whoami(third['key'])]).toEqual([
    401, 200, 200,
  ]);
});

test('a key that is revoked in its grace is dead with both secrets; without grace the old one ends at once (AU-23)', async () => {
  const first = await org.key(all);
  const second = await org.admin('POST', `/v1/keys/${first['id']}/rotate`, { grace_seconds: 600 });
  await org.admin('DELETE', `/v1/keys/${first['id']}`);
  expect([await whoami(first['key']), await whoami(second['key'])]).toEqual([401, 401]);
  const bare = await org.key(all);
  const next = await org.admin('POST', `/v1/keys/${bare['id']}/rotate`, {});
  expect([await whoami(bare['key']), await whoami(next['key'])]).toEqual([401, 200]);
});

test('an expired key, and one bound to a team, user or agent that is disabled or deleted, is dead', async () => {
  const expired = await org.key({ ...all, expires_in: 60 });
  await tamper(gateway, expired['id'], { expires_at: '2026-01-01T00:00:00.000Z' });
  expect(await whoami(expired['key'])).toBe(401);
  for (const [noun, field] of [
    ['teams', 'team_id'],
    ['users', 'user_id'],
    ['agents', 'agent_id'],
  ] as const) {
    const url = noun === 'agents' ? { url: 'https://agent.example.com' } : {};
    const make = () => org.admin('POST', `/v1/${noun}`, { name: 'n', ...url });
    const [off, gone] = [await make(), await make()];
    const keys = [await org.key({ ...all, [field]: off['id'] }), await org.key({ ...all, [field]: gone['id'] })];
    await org.admin('PATCH', `/v1/${noun}/${off['id']}`, { version: off['version'], disabled: true });
    await org.admin('DELETE', `/v1/${noun}/${gone['id']}`);
    for (const { key } of keys) expect(await whoami(key)).toBe(401);
  }
});

test('the bootstrap token makes one operator out of twenty at once, and none afterwards (AU-24)', async () => {
  const fresh = await startGateway({ assembly: 'cdk.out', stack: 'XctGateway-dev' });
  try {
    const token = await bootstrapToken(fresh);
    const trade = async (offered: string) => {
      const body = JSON.stringify({ token: offered });
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${fresh.url}/v1/bootstrap`, { method: 'POST', headers, body });
      return { status: answer.status, body: (await answer.json()) as Json };
    };
    const wrong = await trade('x'.repeat(token.length));
    expect(wrong.status).toBe(401);
    const answers = await Promise.all(Array.from({ length: 20 }, () => trade(token)));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, ...Array(19).fill(410)]);
    const made = answers.find(({ status }) => status === 201)?.body;
    expect(made).toMatchObject({ role: 'operator', org_id: 'default', key: expect.stringMatching(/^xct_/) });
    expect(await trade(token)).toMatchObject({ status: 410, body: { error: { code: 'gone' } } });
    const headers = { authorization: `Bearer ${made?.['key']}` };
    expect((await fetch(`${fresh.url}/v1/me`, { headers })).status).toBe(200);
  } finally {
    await fresh.close();
  }
});
