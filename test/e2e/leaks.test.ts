import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statusByCode } from '../../contract/codes.ts';
import { type Route, routeKey } from '../../contract/route.ts';
import { routes } from '../../contract/routes.ts';
import { legacyRequest, modernRequest, restCall } from '../support/doors.ts';
import { type FickleUpstream, fickleUpstream, reply } from '../support/fickle.ts';
import { type Answered, type Json, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { newOrg, type TestOrg } from '../support/org.ts';
import { environmentOf, readSecret, scanTable, tamper } from '../support/stores.ts';

let gateway: TestGateway;
let org: TestOrg;
let upstream: FickleUpstream;
let key: string;
/** Texts that may stand in no answer but the one that shows them once, in no log line and in no item. */
const canaries: string[] = [];
/** Every answer of the run. */
const answers: (Pick<Answered, 'status' | 'text'> & { readonly what: string; readonly head: string })[] = [];

const credentials = {
  header: { auth_type: 'api_key', credentials: { secret: 'canary-api-key-5e1f' } },
  token: { auth_type: 'bearer_token', credentials: { secret: 'canary-bearer-77aa' } },
  basic: { auth_type: 'basic', credentials: { username: 'ann', password: 'canary-password-90cc' } },
  named: {
    auth_type: 'none',
    credentials: { secrets: { SIGN: 'canary-named-secret-13bd' } },
    static_headers: { 'x-signature': 'v1 {secrets.SIGN}' },
  },
};
const canaryArguments = { path: 'canary-argument-6f20', nested: [{ deep: 'canary-argument-6f20' }] };
const canaryResult = 'canary-result-2b9e';

beforeAll(async () => {
  [gateway, upstream] = await Promise.all([startTestGateway(), fickleUpstream()]);
  org = await newOrg(gateway);
  for (const [alias, fields] of Object.entries(credentials)) await org.server(alias, upstream.url, fields);
  const minted = await org.key({ object_permission: { mcp_servers: ['*'] } });
  key = minted['key'];
  for (const text of [key, org.adminKey, gateway.operatorKey]) canaries.push(text, text.split('_')[2]!.slice(0, 32));
  canaries.push('canary-', Buffer.from('ann:canary-password-90cc').toString('base64'));
  const secrets = ['PEPPER_SECRET_ID', 'SEAL_SECRET_ID', 'BOOTSTRAP_SECRET_ID', 'ORIGIN_SECRET_ID'];
  const names = new Set(
    ['authorizer', 'tools', 'admin', 'bootstrap'].flatMap((fn) =>
      secrets.map((name) => environmentOf(gateway, fn)[name]),
    ),
  );
  for (const name of names)
    if (name !== undefined)
      canaries.push(
        ...Object.values<string>(JSON.parse(await readSecret(gateway, name))).filter((value) => value.length > 15),
      );
});
afterAll(() => Promise.all([gateway.close(), upstream.close()]));

async function keep(what: string, asking: Promise<Answered>): Promise<Answered> {
  const answer = await asking;
  answers.push({ what, status: answer.status, text: answer.text, head: JSON.stringify([...answer.headers]) });
  return answer;
}

/** Requests to a route that it refuses, one for each way to be wrong, with canaries wherever a caller may put one. */
function wrongs(
  route: Route,
): readonly { method: string; path: string; body?: unknown; headers?: Record<string, string> }[] {
  const method = route.method === 'ANY' ? 'GET' : route.method;
  const path = route.path.replace('{id}', 'nobody-has-this').replace('{set}', 'nobody');
  if (method === 'GET' || method === 'DELETE')
    return [
      { method, path: `${path}?cursor=canary-query-1&limit=0` },
      { method, path: `${path}?canary-query-2=x` },
      { method, path },
    ];
  const secrets = { ...credentials.token, canary: 'canary-body-4411', name: { nested: 'canary-body-4411' } };
  return [
    { method, path, body: '{"credentials":{"secret":"canary-broken-json' },
    { method, path, body: secrets },
    { method, path, body: { ...secrets, version: 1, canary: undefined } },
    { method, path, body: 'canary-plain-text', headers: { 'content-type': 'text/plain' } },
    { method, path, body: { jsonrpc: '2.0', id: 1, method: 'canary-method', params: { canary: 'canary-params' } } },
  ];
}

test.each(routes.map((route) => [routeKey(route), route] as const))(
  'whatever goes wrong on %s, the answer is in the catalogue and tells nothing (LK-01)',
  async (name, route) => {
    for (const { method, path, body, headers } of wrongs(route))
      for (const as of ['', key, org.adminKey, gateway.operatorKey])
        await keep(name, gateway.send(method, path, as, body, headers));
  },
);

test('a store that fails under any route is 503 with a request id, and tells nothing (LK-01, LK-03)', async () => {
  const guarded = routes.filter(({ access, method }) => access !== 'public' && method !== 'ANY');
  for (const operation of ['GetItem', 'BatchGetItem', 'Query', 'TransactWriteItems'])
    await gateway.faults.dynamodb.failNext(operation, 'InternalServerError', 1_000_000);
  try {
    const id = (await org.key().catch(() => ({ id: 'x' })))['id'];
    for (const route of guarded) {
      const path = route.path.replace('{id}', id).replace('{set}', 'header');
      const body = route.dialect === 'mcp' ? { jsonrpc: '2.0', id: 1, method: 'tools/list' } : { name: 'n' };
      const sent = /GET|DELETE/.test(route.method) ? undefined : body;
      const answer = await keep(routeKey(route), gateway.send(route.method, path, gateway.operatorKey, sent));
      expect([503, 400, 404, 200, 403]).toContain(answer.status);
    }
  } finally {
    await gateway.faults.dynamodb.clear();
  }
  expect(answers.filter(({ status }) => status === 503).length).toBeGreaterThan(20);
});

test('a vault that fails, for a call and for a new credential, is 503 and tells nothing (LK-01, LK-03)', async () => {
  for (const operation of ['GetSecretValue', 'CreateSecret', 'PutSecretValue', 'DeleteSecret'])
    await gateway.faults.secretsManager.failNext(operation, 'InternalServiceError', 1_000_000);
  try {
    const rest = await keep('vault', restCall(gateway, { key }, 'token.run', canaryArguments));
    expect([rest.status, rest.body['error'].code]).toEqual([503, 'unavailable']);
    const body = { alias: 'vaultless', url: upstream.url, ...credentials.token };
    const made = await keep('vault', gateway.send('POST', '/v1/mcp/server', org.adminKey, body));
    expect([made.status, made.body['error'].code]).toEqual([503, 'unavailable']);
  } finally {
    await gateway.faults.secretsManager.clear();
  }
});

test('an upstream that echoes arguments, credential and result, or fails with them, leaves nothing in the logs', async () => {
  const echo = (request: Json) => JSON.stringify(request);
  const acts: FickleUpstream['onCall'][] = [
    (response, { id }) => reply(response, { id, result: { content: [{ type: 'text', text: canaryResult }] } }),
    (response, { id, params }) => reply(response, { id, error: { code: -32603, message: echo(params) } }),
    (response, message) => response.writeHead(500).end(echo(message)),
    (response) => response.destroy(),
    (response) => response.writeHead(200, { 'content-type': 'application/json' }).end(`{"${canaryResult}`),
  ];
  for (const onCall of acts) {
    upstream.onCall = onCall;
    for (const alias of Object.keys(credentials)) {
      await restCall(gateway, { key }, `${alias}.run`, canaryArguments);
      for (const request of [legacyRequest, modernRequest])
        await request(gateway, { key }, 'tools/call', { name: `${alias}__run`, arguments: canaryArguments });
    }
  }
});

test('a record that is broken in the table is 500 with the request id, and what is in it stays there (LK-03)', async () => {
  const own = await newOrg(gateway);
  const server = await own.server('broken', upstream.url);
  const { key: as } = await own.key({ object_permission: { mcp_servers: ['*'] } });
  await tamper(gateway, server['id'], { tools: 'canary-in-the-table', url: 7 });
  const answer = await keep('broken', restCall(gateway, { key: as }, 'broken.run', canaryArguments));
  expect([answer.status, answer.body['error'].code]).toEqual([500, 'internal_error']);
  const mcp = await keep('broken', legacyRequest(gateway, { key: as }, 'tools/list'));
  expect([mcp.status, mcp.body['error'].data]).toEqual([
    500,
    { code: 'internal_error', request_id: mcp.headers.get('x-request-id') },
  ]);
  expect(
    gateway.lines.some((line) => line.includes(answer.headers.get('x-request-id')!) && line.includes('fault')),
  ).toBe(true);
});

test('no refusal of the run holds a secret, an ARN, a stack, a path of ours or an inner host (LK-01)', () => {
  const refusals = answers.filter(({ status }) => status >= 400);
  expect(refusals.length).toBeGreaterThan(500);
  const inner = Object.values(gateway.endpoints).map((endpoint) => new URL(endpoint).host);
  const table = environmentOf(gateway, 'tools')['TABLE_NAME']!;
  const prefix = environmentOf(gateway, 'servers')['SECRET_PREFIX']!;
  // What a caller itself sent may be named back to it, but no value that stood where a secret goes.
  const secrets = canaries
    .filter((text) => text !== 'canary-')
    .concat(
      'canary-in-the-table',
      ...Object.values(credentials).map((one) => JSON.stringify(one.credentials).match(/canary-[\w-]+/)![0]),
    );
  for (const { what, text, head } of refusals)
    for (const hidden of [
      ...secrets,
      ...inner,
      table,
      prefix,
      'arn:aws',
      'node_modules',
      'amazonaws',
      'lambdas/',
      '/tmp/',
      process.cwd(),
    ]) {
      if (!(text + head).includes(hidden)) continue;
      throw new Error(`${what}: ${text} holds ${hidden}`);
    }
  expect(refusals.filter(({ text }) => /\n\s+at |\.[cm]?[jt]s:\d+/.test(text))).toEqual([]);
});

test('every refusal of the run has one code of the catalogue, its status and the request id (LK-03)', () => {
  for (const { what, status, text, head } of answers.filter((one) => one.status >= 400)) {
    const { error } = JSON.parse(text);
    const code = error.data?.code ?? error.code;
    if (typeof code === 'number') continue;
    expect([what, statusByCode[code as keyof typeof statusByCode]]).toEqual([what, status]);
    expect(head).toContain(`["x-request-id","${error.request_id ?? error.data.request_id}"]`);
  }
});

test('no log line of the run holds a secret, an argument or a result (LK-04)', () => {
  expect(gateway.lines.length).toBeGreaterThan(500);
  for (const canary of canaries) expect(gateway.lines.filter((line) => line.includes(canary))).toEqual([]);
});

test('names with line breaks, ANSI or JSON in them stay one escaped log line each (LK-11)', async () => {
  const evil = '\r\n{"level":"ERROR","message":"forged"}\u001b[31m';
  const before = gateway.lines.length;
  for (const noun of ['keys', 'teams', 'users'])
    expect((await gateway.send('POST', `/v1/${noun}`, org.adminKey, { name: `n${evil}` })).status).toBe(400);
  await restCall(gateway, { key }, `header.run${evil}`);
  await restCall(gateway, { key }, `${evil}.run`);
  await gateway.send('GET', `/v1/mcp/tools?servers=${encodeURIComponent(evil)}`, key);
  await gateway.send('GET', `/${encodeURIComponent(evil)}/mcp/v1/tools`, key);
  await legacyRequest(gateway, { key }, `tools/${evil}`, { name: evil });
  await gateway.send('GET', '/v1/me', key, undefined, { 'user-agent': '{"level":"ERROR"}', 'x-request-id': 'forged' });
  const lines = gateway.lines.slice(before);
  expect(lines.length).toBeGreaterThan(5);
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ message: expect.not.stringMatching('forged') });
  expect(lines.filter((line) => line.includes('\u001b') || JSON.parse(line)['level'] === 'ERROR')).toEqual([]);
});

test('neither an item of the table nor an audit row holds a secret, an argument or a result', async () => {
  const items = await scanTable(gateway);
  expect(items.length).toBeGreaterThan(20);
  const audit = await org.admin('GET', '/v1/audit?limit=200');
  expect(audit['data'].length).toBeGreaterThan(4);
  // The one canary that this file itself wrote into the table stands where no secret goes.
  const text = JSON.stringify([items, audit]).replaceAll('canary-in-the-table', '');
  for (const canary of canaries) expect([canary, text.includes(canary)]).toEqual([canary, false]);
  expect(audit.toString()).not.toContain('hmac');
});
