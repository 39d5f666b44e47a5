import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { legacyRequest, restCall } from '../support/doors.ts';
import { type Answered, type Json, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { newOrg, type TestOrg } from '../support/org.ts';
import { readSecret, secretOf, writeSecret } from '../support/stores.ts';
import { credentialHash, type Demand, guardedUpstream } from '../support/upstreams/guarded.ts';
import { echoingUpstream, rawUpstream } from '../support/upstreams/raw.ts';

let gateway: TestGateway;
const closers: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  gateway = await startTestGateway();
  closers.push(gateway);
});
afterAll(() => Promise.all(closers.map((one) => one.close())));

async function guarded(demand: Demand) {
  const upstream = await guardedUpstream(demand);
  closers.push(upstream);
  return upstream;
}
/** An org of its own, of which no function remembers anything, with a key for all its servers. */
async function fresh(): Promise<{
  org: TestOrg;
  key: string;
  whoami: (alias: string, headers?: Record<string, string>) => Promise<Answered>;
}> {
  const org = await newOrg(gateway);
  const { key } = await org.key({ object_permission: { mcp_servers: ['*'] } });
  return { org, key, whoami: (alias, headers = {}) => restCall(gateway, { key, headers }, `${alias}.whoami`) };
}

/** Each mode with what the upstream demands, the fields of the server, and the header value that must arrive. */
const modes: readonly { name: string; demand: Demand; fields: Json; value?: string }[] = [
  { name: 'none', demand: { auth_type: 'none' }, fields: {} },
  {
    name: 'api-key',
    demand: { auth_type: 'api_key', secret: 'sk-plain-1' },
    fields: { credentials: { secret: 'sk-plain-1' } },
    value: 'sk-plain-1',
  },
  {
    name: 'api-template',
    demand: {
      auth_type: 'api_key',
      secret: 'sk-2',
      header: 'Authorization',
      template: 'Token token={secret}',
    },
    fields: {
      credentials: { secret: 'sk-2' },
      auth: { header: 'Authorization', template: 'Token token={secret}' },
    },
    value: 'Token token=sk-2',
  },
  {
    name: 'bearer',
    demand: { auth_type: 'bearer_token', secret: 'tok-3' },
    fields: { credentials: { secret: 'tok-3' } },
    value: 'Bearer tok-3',
  },
  {
    name: 'basic',
    demand: { auth_type: 'basic', username: 'ann', password: 'p:ä s' },
    fields: { credentials: { username: 'ann', password: 'p:ä s' } },
    value: `Basic ${Buffer.from('ann:p:ä s').toString('base64')}`,
  },
];

test.each(modes)('a server of mode $name is created, listed and called with its credential', async (mode) => {
  const { org, key, whoami } = await fresh();
  const { name, demand, fields, value } = mode;
  const sha256 = value === undefined ? null : credentialHash(value);
  const upstream = await guarded(demand);
  const server = await org.server(name, upstream.url, { auth_type: demand.auth_type, ...fields });
  expect(server).toMatchObject({ status: 'active', tools: ['whoami'], has_credential: demand.auth_type !== 'none' });
  expect(JSON.stringify(server)).not.toMatch(/sk-|tok-|p:ä/);
  const called = await whoami(name);
  expect(called.body['structuredContent'].sha256).toBe(sha256);
  const before = upstream.requests.length;
  const listed = await gateway.send('GET', `/mcp-rest/tools/list?server=${name}`, key);
  expect(listed.body['tools']).toHaveLength(1);
  expect(upstream.requests).toHaveLength(before);
  const params = { name: 'whoami', arguments: {} };
  const mcp = await legacyRequest(gateway, { key, path: `/${name}/mcp/v1` }, 'tools/call', params);
  expect(mcp.body['result'].structuredContent.sha256).toBe(sha256);
});

test('a secret rotated in the vault is read again once when the upstream no longer takes the old one', async () => {
  const { org, whoami } = await fresh();
  const upstream = await guarded({ auth_type: 'bearer_token', secret: 'first-secret' });
  const fields = { auth_type: 'bearer_token', credentials: { secret: 'first-secret' } };
  const server = await org.server('rotating', upstream.url, fields);
  await whoami('rotating');
  const name = secretOf(gateway, org.id, server['id']);
  const stored = JSON.parse(await readSecret(gateway, name));
  upstream.rotate({ auth_type: 'bearer_token', secret: 'second-secret' });
  await writeSecret(gateway, name, JSON.stringify({ ...stored, secret: 'second-secret' }));
  const before = upstream.requests.length;
  const called = await whoami('rotating');
  expect(called.body['structuredContent'].sha256).toBe(credentialHash('Bearer second-secret'));
  expect(upstream.requests.slice(before).filter(({ body }) => body.includes('tools/call')).length).toBeLessThan(3);
});

test('a credential that the upstream refuses is read once more and then upstream_auth_failed, sent no second time', async () => {
  const { org, key, whoami } = await fresh();
  const upstream = await guarded({ auth_type: 'bearer_token', secret: 'good-secret' });
  await org.server('refused', upstream.url, { auth_type: 'bearer_token', credentials: { secret: 'good-secret' } });
  await whoami('refused');
  upstream.rotate({ auth_type: 'bearer_token', secret: 'other-secret' });
  const before = [upstream.requests.length, (await gateway.counts()).secretsManager['GetSecretValue'] ?? 0] as const;
  const refused = await whoami('refused');
  expect([refused.status, refused.body['error'].code]).toEqual([502, 'upstream_auth_failed']);
  expect(upstream.requests.length - before[0]).toBe(1);
  expect(((await gateway.counts()).secretsManager['GetSecretValue'] ?? 0) - before[1]).toBe(1);
  const mcp = await legacyRequest(gateway, { key, path: '/refused/mcp' }, 'tools/call', { name: 'whoami' });
  expect(mcp.body['error'].data.code).toBe('upstream_auth_failed');
});

test('a new secret by PATCH goes to the vault, is used, and is never shown', async () => {
  const { org, whoami } = await fresh();
  const upstream = await guarded({ auth_type: 'api_key', secret: 'before-patch' });
  const server = await org.server('patched', upstream.url, {
    auth_type: 'api_key',
    credentials: { secret: 'before-patch' },
  });
  await whoami('patched');
  upstream.rotate({ auth_type: 'api_key', secret: 'after-patch' });
  const { id, version } = server;
  const patch = { version, credentials: { secret: 'after-patch' } };
  const patched = await org.admin('PATCH', `/v1/mcp/server/${id}`, patch);
  expect(patched).toMatchObject({ status: 'active', has_credential: true });
  expect(JSON.stringify([patched, await org.admin('GET', '/v1/audit')])).not.toMatch(/(?:before|after)-patch/);
  const called = await whoami('patched');
  expect(called.body['structuredContent'].sha256).toBe(credentialHash('after-patch'));
});

test('a new host drops the credential and sends the server to review: 404 by every door, nothing sent (SS-11, CA-09)', async () => {
  const { org, key, whoami } = await fresh();
  const upstream = await guarded({ auth_type: 'bearer_token', secret: 'stays-home' });
  const elsewhere = await guarded({ auth_type: 'none' });
  const fields = { auth_type: 'bearer_token', credentials: { secret: 'stays-home' } };
  const server = await org.server('moving', upstream.url, fields);
  const { id, version } = server;
  const url = elsewhere.url;
  const member = await gateway.send('PATCH', `/v1/mcp/server/${id}`, key, { version, url });
  expect([member.status, member.body['error'].code]).toEqual([403, 'not_admin']);
  const credentials = { secret: 'stays-home' };
  const moved = await org.admin('PATCH', `/v1/mcp/server/${id}`, { version, url, credentials });
  expect(moved).toMatchObject({ status: 'pending_review', has_credential: false, url });
  await expect(readSecret(gateway, secretOf(gateway, org.id, id))).rejects.toThrow();
  expect((await whoami('moving')).status).toBe(404);
  const mcp = await legacyRequest(gateway, { key, path: '/moving/mcp' }, 'tools/call', { name: 'whoami' });
  expect([mcp.status, mcp.body['error'].code]).toEqual([200, -32602]);
  for (const path of ['/moving/mcp/v1/tools', '/v1/mcp/tools?servers=moving', '/mcp-rest/tools/list?server_id=moving'])
    expect((await gateway.send('GET', path, key)).status).toBeGreaterThanOrEqual(400);
  expect(elsewhere.requests).toHaveLength(0);
});

test('static headers take named secrets, and extra_headers forward what the caller sends', async () => {
  const { org, whoami } = await fresh();
  const upstream = await guarded({ auth_type: 'none' });
  await org.server('headers', upstream.url, {
    static_headers: { 'x-tenant': 'acme', 'x-signature': 'v1 {secrets.SIGN}' },
    extra_headers: ['x-trace-tag'],
    credentials: { secrets: { SIGN: 'signing-secret' } },
  });
  await whoami('headers', { 'x-trace-tag': 'from-caller', 'x-other': 'stays' });
  const sent = upstream.requests.at(-1)?.headers ?? {};
  expect(sent).toMatchObject({ 'x-tenant': 'acme', 'x-signature': 'v1 signing-secret', 'x-trace-tag': 'from-caller' });
  expect(sent).not.toHaveProperty('x-other');
  expect(sent).not.toHaveProperty('authorization');
  for (const name of ['host', 'cookie', 'forwarded', 'x-forwarded-for', 'mcp-session-id', 'connection', 'te']) {
    for (const fields of [{ extra_headers: [name] }, { static_headers: { [name]: 'x' } }]) {
      const body = { alias: 'bad-headers', url: upstream.url, auth_type: 'none', ...fields };
      expect((await gateway.send('POST', '/v1/mcp/server', org.adminKey, body)).status).toBe(400);
    }
  }
  const missing = { alias: 'no-secret', url: upstream.url, auth_type: 'none', static_headers: { x: '{secrets.NO}' } };
  expect((await gateway.send('POST', '/v1/mcp/server', org.adminKey, missing)).status).toBe(400);
});

test('a caller’s own credential goes to the one server that allows it, for one call', async () => {
  const { org, whoami } = await fresh();
  const upstream = await guarded({ auth_type: 'bearer_token', secret: 'shared-token' });
  const fields = { auth_type: 'bearer_token', credentials: { secret: 'shared-token' } };
  await org.server('allows', upstream.url, { ...fields, allow_caller_credentials: true });
  await org.server('forbids', upstream.url, fields);
  const sent = () => upstream.requests.at(-1)?.headers.authorization;
  const headers = { 'x-mcp-allows-authorization': 'Bearer own-token' };
  await whoami('allows', headers);
  expect(sent()).toBe('Bearer own-token');
  await whoami('forbids', headers);
  expect(sent()).toBe('Bearer shared-token');
  await whoami('allows');
  expect(sent()).toBe('Bearer shared-token');
  const refused = await whoami('forbids', { 'x-mcp-forbids-authorization': 'Bearer x' });
  expect(refused.status).toBe(400);
});

test.each([200, 400, 403, 500])(
  'a credential that an upstream repeats under %s is taken out (LK-02)',
  async (status) => {
    const { org, key, whoami } = await fresh();
    const good = await guarded({ auth_type: 'bearer_token', secret: 'echoed-secret' });
    const echo = await echoingUpstream(status);
    // The server is pinned at a good upstream, which then turns into one that repeats what it gets.
    const front = await rawUpstream(async (request, response, seen) => {
      const target = seen.body.includes('tools/call') ? echo : good;
      const headers = { 'content-type': 'application/json', authorization: request.headers.authorization ?? '' };
      const answer = await fetch(target.url, { method: 'POST', headers, body: seen.body });
      const said = Object.fromEntries([...answer.headers].filter(([name]) => /content-type|x-echo/.test(name)));
      response.writeHead(answer.status, said).end(await answer.text());
    });
    closers.push(echo, front);
    const alias = `echo-${status}`;
    await org.server(alias, front.url, { auth_type: 'bearer_token', credentials: { secret: 'echoed-secret' } });
    const rest = await whoami(alias);
    const mcp = await legacyRequest(gateway, { key, path: `/${alias}/mcp` }, 'tools/call', { name: 'whoami' });
    expect(echo.requests.at(-1)?.headers.authorization).toBe('Bearer echoed-secret');
    for (const answer of [rest, mcp])
      expect(answer.text + JSON.stringify([...answer.headers])).not.toContain('echoed-secret');
  },
);

test.each(['oauth2', 'oauth2_token_exchange', 'delegate_auth_to_upstream'])(
  'a server with auth_type %s, which needs an account, is saved inactive with the reason',
  async (auth_type) => {
    const { org, whoami } = await fresh();
    const upstream = await guarded({ auth_type: 'none' });
    const alias = `flow-${auth_type.slice(-8).replaceAll('_', '-').replace(/^-/, '')}`;
    const server = await org.server(alias, upstream.url, { auth_type });
    expect(server).toMatchObject({ status: 'inactive', status_reason: expect.any(String), tools: [] });
    expect(upstream.requests).toHaveLength(0);
    expect((await whoami(alias)).status).toBe(404);
  },
);
