import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Json, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { newOrg, type TestOrg } from '../support/org.ts';
import { type Demand, type GuardedUpstream, guardedUpstream } from '../support/upstreams/guarded.ts';

let gateway: TestGateway;
let org: TestOrg;
let upstream: GuardedUpstream;
let presets: readonly Json[];

beforeAll(async () => {
  [gateway, upstream] = await Promise.all([startTestGateway(), guardedUpstream({ auth_type: 'none' })]);
  org = await newOrg(gateway);
  presets = (await org.admin('GET', '/v1/mcp/catalog?limit=200'))['data'];
});
afterAll(() => Promise.all([gateway.close(), upstream.close()]));

const secret = 'of-the-vendor';
/** What a fixture of an auth mode demands, and the credential to give; nothing for modes that need an account. */
function fixtureOf({ auth_type, auth = {} }: Json): { demand: Demand; credentials?: Json } | undefined {
  if (auth_type === 'none') return { demand: { auth_type } };
  if (auth_type === 'bearer_token') return { demand: { auth_type, secret }, credentials: { secret } };
  if (auth_type === 'api_key') return { demand: { auth_type, secret, ...auth }, credentials: { secret } };
  const basic = { username: 'ann', password: secret };
  return auth_type === 'basic' ? { demand: { auth_type, ...basic }, credentials: basic } : undefined;
}

test('every preset, in every auth mode it offers, becomes a server through the real create route', async () => {
  expect(presets.length).toBeGreaterThan(20);
  const statuses: Record<string, Set<string>> = {};
  for (const [at, preset] of presets.entries())
    for (const auth_type of new Set<string>(preset['auth'].map((mode: Json) => mode['auth_type']))) {
      const mode = preset['auth'].find((one: Json) => one['auth_type'] === auth_type);
      const fixture = fixtureOf(mode);
      if (fixture) upstream.rotate(fixture.demand);
      const { credentials } = fixture ?? {};
      const server = await org.admin('POST', `/v1/mcp/catalog/${preset['id']}`, {
        alias: `p${at}-${auth_type.replaceAll('_', '').slice(0, 12)}`,
        url: upstream.url,
        auth_type,
        ...(credentials === undefined ? {} : { credentials }),
      });
      expect(server).toMatchObject({ name: preset['name'], auth_type, url: upstream.url, auth: mode['auth'] ?? {} });
      expect([preset['id'], server['status'], server['tools']]).toEqual(
        fixture ? [preset['id'], 'active', ['whoami']] : [preset['id'], 'inactive', []],
      );
      if (!fixture) expect(server['status_reason']).toContain(auth_type);
      statuses[auth_type] = (statuses[auth_type] ?? new Set()).add(server['status']);
    }
  expect(Object.keys(statuses)).toEqual(expect.arrayContaining(['none', 'api_key', 'bearer_token', 'oauth2']));
});

test('a preset takes its alias from its id, once, and an unknown one is 404', async () => {
  const own = await newOrg(gateway);
  upstream.rotate({ auth_type: 'none' });
  const [{ id }] = presets as [Json];
  const fields = { url: upstream.url, auth_type: presets[0]!['auth'][0].auth_type };
  expect((await own.admin('POST', `/v1/mcp/catalog/${id}`, fields))['alias']).toMatch(/^[a-z0-9-]+$/);
  expect((await gateway.send('POST', `/v1/mcp/catalog/${id}`, own.adminKey, fields)).status).toBe(409);
  expect((await gateway.send('POST', '/v1/mcp/catalog/no-such-preset', own.adminKey, {})).status).toBe(404);
});
