import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { legacyRequest, modernRequest, namesIn, restCall } from '../support/doors.ts';
import { type FickleUpstream, fickleUpstream, plainTool } from '../support/fickle.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { newOrg, type TestOrg, until } from '../support/org.ts';
import { decide, propose, readSubmission, submissionThat } from '../support/submissions.ts';

let gateway: TestGateway;
let org: TestOrg;
let upstream: FickleUpstream;

beforeAll(async () => {
  [gateway, upstream] = await Promise.all([startTestGateway(), fickleUpstream()]);
  org = await newOrg(gateway);
});
afterAll(() => Promise.all([gateway.close(), upstream.close()]));

/** A member key that may call every server there is and will be. */
const member = async (): Promise<string> => {
  const ann = await org.admin('POST', '/v1/users', { name: 'Ann' });
  return (await org.key({ user_id: ann['id'], object_permission: { mcp_servers: ['*'] } }))['key'];
};

/** What a key meets when it calls `run` of the server `alias` (id `serverId`) by every door. */
async function meets(key: string, alias: string, serverId: string): Promise<unknown[]> {
  const answers = [
    await restCall(gateway, { key }, `${alias}.run`),
    await gateway.send('POST', '/mcp-rest/tools/call', key, { server_id: serverId, name: 'run', arguments: {} }),
    await gateway.send('POST', `/${alias}/mcp/v1/tools/call`, key, { name: 'run', arguments: {} }),
    await gateway.send('GET', `/${alias}/mcp/v1/tools`, key),
    await gateway.send('GET', `/v1/mcp/server/${alias}`, key),
    await legacyRequest(gateway, { key, path: `/${alias}/mcp/v1` }, 'tools/call', { name: 'run', arguments: {} }),
    await modernRequest(gateway, { key, path: `/${serverId}/mcp` }, 'tools/list'),
    await modernRequest(gateway, { key }, 'tools/call', { name: `${alias}__run`, arguments: {} }),
  ];
  return answers.map(({ status, body }) => body['error']?.code ?? status);
}
const nowhere = ['not_found', 'not_found', 'not_found', 'not_found', 'not_found', -32602, -32602, -32602];

test('a member proposes, nobody can call it, an admin approves exactly what was read, and the call works (AP-13, TD-01)', async () => {
  upstream.tools = [plainTool('run'), plainTool('wipe', { annotations: { destructiveHint: true } })];
  const key = await member();
  const { id } = await propose(gateway, key, { alias: 'wanted', url: upstream.url });
  const seen = await readSubmission(org, id);
  expect(seen).toMatchObject({
    status: 'pending_review',
    revision: 1,
    reason: 'We need it',
    server: { alias: 'wanted', tools: ['run', 'wipe'] },
    tools: [{ name: 'run' }, { name: 'wipe' }],
    probe: { reachable: true, auth: { required: false }, protocol_versions: ['2025-11-25'] },
  });
  expect(seen['findings'].length).toBeGreaterThan(0);
  const calls = () => upstream.requests.filter(({ body }) => body.includes('tools/call')).length;
  expect(await meets(key, 'wanted', seen['server'].id)).toEqual(nowhere);
  expect(calls()).toBe(0);

  const narrow = { tools: ['run'], cost: { default_usd: 0.01 }, access_groups: ['proposed'] };
  const answer = await decide(gateway, org.adminKey, seen, 'approve', { narrow });
  expect([answer.status, answer.body]).toEqual([200, { submission_id: id, status: 'approved', revision: 1 }]);
  const done = await submissionThat(org, id, ({ activated_at }) => activated_at !== undefined);
  expect(done).toMatchObject({ status: 'approved', decision: { verdict: 'approved', narrow } });
  const server = await org.admin('GET', '/v1/mcp/server/wanted');
  expect(server).toMatchObject({
    id: seen['server'].id,
    status: 'active',
    snapshot_hash: seen['snapshot_hash'],
    allowed_tools: ['run'],
    access_groups: ['proposed'],
    cost: { default_usd: 0.01 },
  });
  const called = await until(
    () => restCall(gateway, { key }, 'wanted.run'),
    ({ status }) => status === 200,
  );
  expect(called.headers.get('x-xct-cost-usd')).toBe('0.01');
  expect((await restCall(gateway, { key }, 'wanted.wipe')).status).toBe(404);
  expect(namesIn(await gateway.send('GET', '/mcp-rest/tools/list', key))).toEqual(['wanted.run']);
});
