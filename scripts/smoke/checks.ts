import { setTimeout as pause } from 'node:timers/promises';
import { API_URL, ARGUMENTS, admin, alias, ask, body, hold, isCloud, type Json, TOOL, UPSTREAM, url } from './ask.ts';

/** Paths of what was made, to be deleted in reverse. */
export const made: string[] = [];
const make = async (path: string, fields: object, key = admin): Promise<Json> => {
  const thing = body(await ask('POST', path, key, fields), 201);
  made.push(`${path}/${thing.id}`);
  return thing;
};
let member = { id: '', key: '' };
const callWith = (key: string, headers = {}) =>
  ask('POST', '/mcp-rest/tools/call', key, { name: `${alias}.${TOOL}`, arguments: ARGUMENTS }, headers);
const rpc = (method: string, params: object, headers = {}) =>
  ask('POST', `/${alias}/mcp/v1`, member.key, { jsonrpc: '2.0', id: 1, method, params }, headers);
const meta = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
};
const modern = (method: string) =>
  rpc(method, { _meta: meta }, { 'mcp-protocol-version': '2026-07-28', 'mcp-method': method });

/** Asks as `key` until three answers in a row are 401; the milliseconds after which the last good one began. */
async function lastSuccess(key: string): Promise<number> {
  const since = performance.now();
  let last = 0;
  for (let refused = 0; refused < 3; ) {
    const begun = performance.now() - since;
    if (begun > 30_000) throw new Error('the key still works after 30 s');
    const { status } = await ask('GET', '/v1/me', key);
    if (status === 401) refused += 1;
    else [refused, last] = [0, status === 200 ? begun : last];
  }
  return Math.round(last);
}
async function endsInTime(key: string): Promise<string> {
  const lanes = await Promise.all(Array.from({ length: 8 }, () => lastSuccess(key)));
  const last = Math.max(...lanes);
  if (last > 5_000) throw new Error(`a request that began ${last} ms after was admitted`);
  return `last success after ${last} ms`;
}

/** Each line: what must hold, and how to see it. A text is a remark; `skip` says why it could not be seen. */
export const checks: Record<string, () => Promise<unknown>> = {
  'the public pages answer and know their own URL': async () => {
    hold('status', body(await ask('GET', '/health')).status, 'ok');
    hold('type of /docs', (await ask('GET', '/docs')).headers.get('content-type'), 'text/html; charset=utf-8');
    hold('servers[0].url', body(await ask('GET', '/openapi.json')).servers[0].url, url);
  },
  'requests come through CloudFront': async () => {
    if (!isCloud) return 'skip: not https';
    const { headers } = await ask('GET', '/health');
    hold('via names CloudFront', /cloudfront/i.test(headers.get('via') ?? ''), true);
    hold('HSTS is there', headers.has('strict-transport-security'), true);
    return undefined;
  },
  'the API itself is closed': async () => {
    if (!API_URL) return 'skip: API_URL is not set';
    hold('status of /health', (await ask('GET', '/health', '', undefined, {}, API_URL)).status, 404);
    hold('status of /v1/me', (await ask('GET', '/v1/me', admin, undefined, {}, API_URL)).status, 401);
    return undefined;
  },
  'no key: 401 in the envelope, the challenge unrenamed': async () => {
    const answer = await ask('POST', '/mcp', '', {});
    hold('code', body(answer, 401).error.code, 'unauthorized');
    hold('www-authenticate', answer.headers.get('www-authenticate'), 'Bearer');
    hold('renamed', answer.headers.get('x-amzn-remapped-www-authenticate'), null);
    hold('x-request-id', answer.headers.get('x-request-id'), answer.json.error.request_id);
  },
  'an unknown route is 404, a reserved set too': async () => {
    hold('code', body(await ask('GET', '/nothing/here'), 404).error.code, 'not_found');
    hold('code', body(await ask('POST', '/v1/mcp', admin, {}), 404).error.code, 'not_found');
  },
  'a foreign origin is refused': async () => {
    const answer = await ask('GET', '/v1/me', admin, undefined, { origin: 'https://elsewhere.example' });
    hold('code', body(answer, 403).error.code, 'forbidden');
  },
  'a body over 1 MB is 413': async () => {
    body(await ask('POST', '/mcp-rest/tools/call', admin, { name: 'x'.repeat(1_100_000) }), 413);
  },
  'grants of admin: table, pepper, seal': async () => {
    const { status, checks } = body(await ask('GET', '/health/ready', admin));
    hold(`ready (${JSON.stringify(checks)})`, status, 'ok');
  },
  'grants of bootstrap: a wrong token is 401, not a fault': async () => {
    body(await ask('POST', '/v1/bootstrap', '', { token: 'x'.repeat(64) }), 401);
  },
  'grants of servers: stores a credential, reads and pins; a 404 before is not cached': async () => {
    body(await ask('GET', `/v1/mcp/server/${alias}`, admin), 404);
    const fields = { alias, url: UPSTREAM, auth_type: 'none', static_headers: { 'x-smoke': '{secrets.smoke}' } };
    const server = await make('/v1/mcp/server', { ...fields, credentials: { secrets: { smoke: 'smoke-test' } } });
    hold(`status (${server.status_reason})`, server.status, 'active');
    hold('alias', body(await ask('GET', `/v1/mcp/server/${alias}`, admin)).alias, alias);
    hold('changed', body(await ask('POST', `/v1/mcp/server/${alias}/refresh`, admin)).changed, false);
  },
  'the probe looks at a URL': async () => {
    hold('reachable', body(await ask('POST', '/v1/mcp/server/test', admin, { url: UPSTREAM })).reachable, true);
  },
  'a team and a key are made': async () => {
    const team = await make('/v1/teams', { name: alias, object_permission: { mcp_servers: [alias] } });
    member = await make('/v1/keys', { name: alias, team_id: team.id });
    await pause(5_000); // until what was made holds in every environment
    hold('code', body(await ask('GET', '/v1/audit', member.key), 403).error.code, 'not_admin');
    hold('first audit row', body(await ask('GET', '/v1/audit', admin)).data[0].action, 'key.create');
  },
  'REST: a call with a stored credential; headers unrenamed': async () => {
    const answer = await callWith(member.key);
    hold('content', Array.isArray(body(answer).content), true);
    hold('x-xct-level', answer.headers.get('x-xct-level'), 'team');
    hold('x-xct-cost-usd', answer.headers.get('x-xct-cost-usd'), '0');
  },
  'REST: a list in pages, by sealed cursors': async () => {
    const page = body(await ask('GET', '/mcp-rest/tools/list?limit=1', member.key));
    if (page.next_cursor === undefined) return 'skip: the server has one tool';
    const next = `/mcp-rest/tools/list?limit=1&cursor=${encodeURIComponent(page.next_cursor)}`;
    hold('another tool', body(await ask('GET', next, member.key)).tools[0].name === page.tools[0].name, false);
    return undefined;
  },
  'the usage plan takes the key from the authorizer only': async () => {
    body(await callWith(member.key, { 'x-api-key': 'nonsense' }));
  },
  'MCP over the streaming door, both eras; GET is 405': async () => {
    const hello = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'smoke', version: '1' } };
    hold('legacy', body(await rpc('initialize', hello)).result?.protocolVersion, '2025-11-25');
    const called = body(await rpc('tools/call', { name: TOOL, arguments: ARGUMENTS }));
    hold(`result (${JSON.stringify(called.error)})`, Array.isArray(called.result?.content), true);
    hold('modern', body(await modern('server/discover')).result?.supportedVersions[0], '2026-07-28');
    hold('private', body(await modern('tools/list')).result?.cacheScope, 'private');
    const get = await ask('GET', `/${alias}/mcp/v1`, member.key);
    body(get, 405);
    hold('allow', get.headers.get('allow'), 'POST');
  },
  'a rotated secret ends within 5 s, the new one works': async () => {
    const old = member.key;
    member = { ...member, ...body(await ask('POST', `/v1/keys/${member.id}/rotate`, admin, {})) };
    const remark = await endsInTime(old);
    body(await ask('GET', '/v1/me', member.key));
    return remark;
  },
  'a revoked key ends within 5 s': async () => {
    body(await ask('DELETE', `/v1/keys/${member.id}`, admin));
    return endsInTime(member.key);
  },
};
