import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { config } from '../../gateway.config.ts';
import { fireFrom, type Outcome, type Shot } from '../support/callers.ts';
import { restCall } from '../support/doors.ts';
import { type Json, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { newOrg, type TestOrg, until } from '../support/org.ts';
import { rounds } from '../support/rounds.ts';
import { scanTable } from '../support/stores.ts';
import { rpcUpstream } from '../support/upstreams/raw.ts';
import type { RunningUpstream } from '../support/upstreams/record.ts';

/** Enterprise's valve with the free tier's quota: what refuses here is the exact limit, never the usage plan. */
const tiers = { ...config.tiers, enterprise: { ...config.tiers['enterprise'], calls_per_day: 100, rpm: 600 } };
let gateway: TestGateway;
let upstream: RunningUpstream;

/** A server of the legacy era with one tool, which answers with its arguments. */
const echoUpstream = () =>
  rpcUpstream(({ id, method, params }) => {
    if (id === undefined) return undefined;
    const results: Json = {
      initialize: {
        protocolVersion: '2025-11-25',
        capabilities: { tools: {} },
        serverInfo: { name: 'echo', version: '1' },
      },
      'tools/list': { tools: [{ name: 'echo', inputSchema: { type: 'object' } }] },
      'tools/call': { content: [{ type: 'text', text: JSON.stringify(params?.['arguments']) }] },
    };
    const result = results[method];
    return { jsonrpc: '2.0', id, ...(result ? { result } : { error: { code: -32601, message: 'Method not found' } }) };
  });

beforeAll(async () => {
  gateway = await startTestGateway({ env: { TIERS: JSON.stringify(tiers) } });
  upstream = await echoUpstream();
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

const calls = () => upstream.requests.filter(({ body }) => body.includes('"tools/call"')).length;
const legacy = { accept: 'application/json, text/event-stream', 'mcp-protocol-version': '2025-11-25' };
const rpc = (name: string, params: Json = {}) => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name, arguments: { n: '$n' }, ...params },
});

/** The same call by every door that runs one. */
const everyDoor = (key: string): readonly Shot[] => [
  { path: '/mcp-rest/tools/call', key, body: { name: 'wiki.echo', arguments: { n: '$n' } } },
  { path: '/wiki/mcp/v1/tools/call', key, body: { name: 'echo', arguments: { n: '$n' } } },
  { path: '/mcp', key, headers: legacy, body: rpc('wiki__echo') },
  { path: '/wiki/mcp', key, headers: legacy, body: rpc('echo') },
];

async function anOrgWithWiki(fields: Json = {}, server: Json = {}): Promise<TestOrg & { readonly serverId: string }> {
  const org = await newOrg(gateway, 'metered', fields);
  const { id } = await org.server('wiki', upstream.url, { cost: { default_usd: 0.3 }, ...server });
  return { ...org, serverId: id };
}
const granted = (org: TestOrg, fields: Json = {}) =>
  org.key({ object_permission: { mcp_servers: ['wiki'] }, ...fields }).then(({ key, id }) => ({ key, id }));

const statuses = (outcomes: readonly Outcome[]) =>
  Object.fromEntries([...Map.groupBy(outcomes, ({ status }) => status)].map(([status, of]) => [status, of.length]));

const ledgerOf = async (org: TestOrg): Promise<Json[]> =>
  (await scanTable(gateway)).filter(({ pk }) => pk.startsWith(`ORG#${org.id}#LEDGER#`));
const counterOf = async (org: TestOrg, name: string): Promise<Json | undefined> =>
  (await scanTable(gateway)).find(({ pk, sk }) => pk === `ORG#${org.id}#METER` && sk.startsWith(name));

for (let round = 1; round <= rounds({ sample: 2, whole: 20 }); round++)
  test(`QU-01 QU-03 1,000 calls of 20 keys, 64 at once, from four processes and every door: exactly 100 arrive (round ${round})`, async () => {
    const org = await anOrgWithWiki();
    const keys = await Promise.all(Array.from({ length: 20 }, () => granted(org)));
    const before = calls();
    const outcomes = await fireFrom(
      4,
      gateway.url,
      keys.flatMap(({ key }) => everyDoor(key)),
      1000,
      64,
    );
    expect(calls() - before).toBe(100);
    expect(statuses(outcomes)[429]).toBe(900);
    const rows = await ledgerOf(org);
    // On a busy machine the upstream may answer too late: such a call was sent, and counts.
    expect(rows.filter(({ state }) => ['DONE', 'UNKNOWN'].includes(state))).toHaveLength(100);
    expect(rows.filter(({ state }) => !['DONE', 'UNKNOWN', 'RELEASED'].includes(state))).toEqual([]);
    expect(await counterOf(org, 'CALLS#')).toMatchObject({ used: 100 });
  }, 120_000);

test('QU-09 a budget of $1.00 at $0.30 with ten at once admits three, wherever the budget is kept', async () => {
  const places: readonly ((org: TestOrg) => Promise<string>)[] = [
    async (org) => (await granted(org, { max_budget_usd: 1, budget_period: 'month' })).key,
    async (org) => {
      const team = await org.admin('POST', '/v1/teams', { name: 'web', max_budget_usd: 1 });
      return (await granted(org, { team_id: team['id'] })).key;
    },
    async (org) => {
      const user = await org.admin('POST', '/v1/users', { name: 'Ann', max_budget_usd: 1, budget_period: 'day' });
      const minter = await granted(org, { user_id: user['id'] });
      const object_permission = { mcp_servers: ['wiki'] };
      const minted = await gateway.send('POST', '/v1/keys', minter.key, { name: 'minted', object_permission });
      return minted.body['key'];
    },
  ];
  for (const place of places) {
    const org = await anOrgWithWiki();
    const key = await place(org);
    const outcomes = await fireFrom(2, gateway.url, everyDoor(key), 10, 10);
    expect(statuses(outcomes)).toEqual({ 200: 3, 402: 7 });
    expect(await counterOf(org, 'SPEND#')).toMatchObject({ used: 900_000 });
    expect(outcomes.find(({ status }) => status === 402)?.text).toContain('budget_exceeded');
  }
});

test('an answer says what it cost and how the day stands; past the quota it says when to come back', async () => {
  const org = await anOrgWithWiki();
  const { key } = await granted(org);
  const first = await restCall(gateway, { key }, 'wiki.echo');
  expect(first.headers.get('x-xct-cost-usd')).toBe('0.3');
  expect([first.headers.get('x-ratelimit-limit'), first.headers.get('x-ratelimit-remaining')]).toEqual(['100', '99']);
  await fireFrom(1, gateway.url, everyDoor(key), 99, 8);
  const refused = await restCall(gateway, { key }, 'wiki.echo');
  expect([refused.status, refused.body['error'].code]).toEqual([429, 'quota_exceeded']);
  const midnight = 86_400 - Math.floor((Date.now() / 1000) % 86_400);
  expect(Math.abs(Number(refused.headers.get('retry-after')) - midnight)).toBeLessThan(30);
  expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');
  const mcp = await gateway.send('POST', '/mcp', key, rpc('wiki__echo'), legacy);
  expect([mcp.status, mcp.headers.get('retry-after'), mcp.body['error'].data.code]).toEqual([
    429,
    mcp.headers.get('x-ratelimit-reset'),
    'quota_exceeded',
  ]);
});

test('a rate of a key, a team or a server refuses within its minute, whoever else still may', async () => {
  const org = await anOrgWithWiki({}, { rpm: 3 });
  const [limited, other] = [await granted(org, { rpm: 2 }), await granted(org)];
  const at = Date.now() % 60_000;
  // A minute that ends in between would begin a new window.
  if (at > 50_000) await new Promise((resolve) => setTimeout(resolve, 60_000 - at));
  const status = async ({ key }: { key: string }) => (await restCall(gateway, { key }, 'wiki.echo')).status;
  expect([await status(limited), await status(limited), await status(limited)]).toEqual([200, 200, 429]);
  expect([await status(other), await status(other)]).toEqual([200, 429]);
  const refused = await restCall(gateway, { key: other.key }, 'wiki.echo');
  expect(refused.body['error']).toMatchObject({
    code: 'rate_limited',
    message: expect.stringContaining('server srv_'),
  });
  expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
});

test('QU-08 what was refused by policy, guard or schema is in no ledger and no counter', async () => {
  const org = await anOrgWithWiki();
  const { key } = await granted(org);
  const { key: nothing } = await granted(org, { object_permission: {} });
  expect((await restCall(gateway, { key: nothing }, 'wiki.echo')).status).toBe(403);
  expect((await restCall(gateway, { key }, 'wiki.nothing')).status).toBe(404);
  expect((await gateway.send('POST', '/mcp-rest/tools/call', key, { name: 7 })).status).toBe(400);
  expect((await gateway.send('GET', '/v1/mcp/tools', key)).status).toBe(200);
  expect([await ledgerOf(org), await counterOf(org, 'CALLS#')]).toEqual([[], undefined]);
});

test('QU-05 QU-07 fifty calls by one idempotency key: one reaches the upstream, one is charged, the rest are replays or 409', async () => {
  const org = await anOrgWithWiki();
  const { key } = await granted(org);
  const headers = { 'idempotency-key': 'once' };
  const [shot] = everyDoor(key);
  const before = calls();
  const same = { ...shot!, headers, body: { name: 'wiki.echo', arguments: { n: 1 } } };
  const outcomes = await fireFrom(2, gateway.url, [same], 50, 50);
  expect(outcomes.every(({ status }) => status === 200 || status === 409)).toBe(true);
  expect(calls() - before).toBe(1);
  expect(await ledgerOf(org)).toHaveLength(1);
  const replay = await gateway.send('POST', '/mcp-rest/tools/call', key, same.body, headers);
  expect([replay.status, replay.headers.get('idempotent-replayed'), replay.body['content'][0].text]).toEqual([
    200,
    'true',
    '{"n":1}',
  ]);
  const other = await gateway.send('POST', '/mcp-rest/tools/call', key, { ...same.body, arguments: { n: 2 } }, headers);
  expect([other.status, other.body['error'].code]).toEqual([422, 'idempotency_mismatch']);
  expect(calls() - before).toBe(1);
});

test('QU-13 every auth mode that is served is counted alike, and a server that cannot be reached not at all', async () => {
  const org = await newOrg(gateway, 'modes');
  const credentials: Json = {
    none: {},
    bearer_token: { credentials: { secret: 't' } },
    api_key: { credentials: { secret: 't' } },
    basic: { credentials: { username: 'u', password: 'p' } },
  };
  for (const [auth_type, fields] of Object.entries(credentials)) {
    await org.server(auth_type.replace('_', '-'), upstream.url, { auth_type, ...(fields as Json) });
  }
  const { key } = await org.key({ object_permission: { mcp_servers: ['*'] } });
  for (const auth_type of Object.keys(credentials))
    expect((await restCall(gateway, { key }, `${auth_type.replace('_', '-')}.echo`)).status).toBe(200);
  expect(await counterOf(org, 'CALLS#')).toMatchObject({ used: 4 });
  const gone = await echoUpstream();
  await org.server('gone', gone.url);
  await gone.close();
  const unreached = () => restCall(gateway, { key }, 'gone.echo');
  expect((await until(unreached, ({ status }) => status !== 404)).status).toBe(502);
  expect(await counterOf(org, 'CALLS#')).toMatchObject({ used: 4 });
  expect((await ledgerOf(org)).map(({ state }) => state).sort()).toEqual(['DONE', 'DONE', 'DONE', 'DONE', 'RELEASED']);
});

test('a changed tier limit holds within seconds', async () => {
  const org = await anOrgWithWiki({ tier: 'free' });
  const { key } = await granted(org);
  expect((await restCall(gateway, { key }, 'wiki.echo')).headers.get('x-ratelimit-limit')).toBe('100');
  const { version } = await gateway.admin('GET', `/v1/orgs/${org.id}`);
  await gateway.admin('PATCH', `/v1/orgs/${org.id}`, { version, tier: 'team' });
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  expect((await restCall(gateway, { key }, 'wiki.echo')).headers.get('x-ratelimit-limit')).toBe('10000');
});
