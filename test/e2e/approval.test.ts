import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { legacyRequest, modernRequest, namesIn, restCall } from '../support/doors.ts';
import { type FickleUpstream, fickleUpstream, plainTool } from '../support/fickle.ts';
import { type Json, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { newOrg, type TestOrg, until } from '../support/org.ts';
import { scanTable } from '../support/stores.ts';
import { decide, propose, readSubmission, submissionOf, submissionThat } from '../support/submissions.ts';
import { guardedUpstream } from '../support/upstreams/guarded.ts';

let gateway: TestGateway;
let org: TestOrg;
let upstream: FickleUpstream;

beforeAll(async () => {
  [gateway, upstream] = await Promise.all([startTestGateway(), fickleUpstream()]);
  org = await newOrg(gateway);
});
afterAll(() => Promise.all([gateway.close(), upstream.close()]));

/** A member key, of a person of its own, that may call every server there is and will be. */
const member = () => memberOf(org);

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

/** A member key of a new person of an org. */
async function memberOf(of: TestOrg): Promise<string> {
  const person = await of.admin('POST', '/v1/users', { name: 'Someone' });
  return (await of.key({ user_id: person['id'], object_permission: { mcp_servers: ['*'] } }))['key'];
}

test('AP-13: what is rejected, withdrawn or expired is 404 by every door, and its name is free again', async () => {
  upstream.tools = [plainTool('run')];
  const key = await member();
  const reject = await propose(gateway, key, { alias: 'refused', url: upstream.url });
  const rejected = await readSubmission(org, reject.id);
  expect((await decide(gateway, org.adminKey, rejected, 'reject')).status).toBe(200);
  const withdraw = await propose(gateway, key, { alias: 'given-up', url: upstream.url });
  const gone = await gateway.send('DELETE', `/v1/mcp/server/submissions/${withdraw.id}`, key);
  expect(gone.body).toMatchObject({ status: 'withdrawn' });
  for (const [id, alias] of [
    [reject.id, 'refused'],
    [withdraw.id, 'given-up'],
  ] as const) {
    const { server } = await submissionOf(org, id);
    expect(await meets(key, alias, server.id)).toEqual(nowhere);
    const again = await propose(gateway, await member(), { alias, url: upstream.url });
    expect((await submissionOf(org, again.id))['revision']).toBe(1);
  }
  const note = (await gateway.send('GET', `/v1/mcp/server/submissions/${reject.id}`, key)).body['decision'].note;
  expect(note).toBe('Not like this');
});

test('a server behind a credential shows its tools once an admin has attached it; the secret is nowhere to be read (LK-06)', async () => {
  const secret = 'canary-7f61ab20cd';
  const guarded = await guardedUpstream({ auth_type: 'bearer_token', secret });
  const key = await member();
  const { id } = await propose(gateway, key, { alias: 'guarded', url: guarded.url, auth_type: 'bearer_token' });
  const blind = await readSubmission(org, id);
  expect(blind).toMatchObject({ tools: [], probe: { auth: { required: true } } });
  expect(blind['snapshot_hash']).toBeUndefined();
  expect((await decide(gateway, org.adminKey, { ...blind, snapshot_hash: 'a'.repeat(64) }, 'approve')).status).toBe(
    409,
  );
  for (const { headers } of guarded.requests) expect(Object.keys(headers)).not.toContain('authorization');
  const path = `/v1/mcp/server/submissions/${id}/credentials`;
  const body = { revision: 1, credentials: { secret } };
  expect((await gateway.send('PUT', path, key, body)).body['error'].code).toBe('not_admin');
  const attached = await gateway.send('PUT', path, org.adminKey, body);
  expect([attached.status, attached.body['status']]).toEqual([200, 'pending_review']);
  const seen = await submissionOf(org, id);
  expect(seen).toMatchObject({ server: { has_credential: true }, tools: [{ name: 'whoami' }] });
  expect((await decide(gateway, org.adminKey, seen, 'approve')).status).toBe(200);
  await submissionThat(org, id, ({ activated_at }) => activated_at !== undefined);
  await until(
    () => restCall(gateway, { key }, 'guarded.whoami'),
    ({ status }) => status === 200,
  );
  const machine = gateway.executions().map(({ definition: _, ...execution }) => execution);
  expect(JSON.stringify([machine, gateway.notices, gateway.lines, await scanTable(gateway)])).not.toContain(secret);
  await guarded.close();
});

test('LK-06: an execution is named by submission and revision, and its input is ids alone', async () => {
  const { id } = await propose(gateway, await member(), { alias: 'inputs', url: upstream.url });
  await readSubmission(org, id);
  const [execution] = gateway.executions().filter(({ name }) => name === `${id}-r1`);
  expect(JSON.parse(execution?.input ?? '{}')).toEqual({ org_id: org.id, submission_id: id, revision: 1 });
  await until(
    async () => gateway.executions().find(({ name }) => name === `${id}-r1`)?.step.state,
    (state) => state === 'AwaitDecision',
  );
  const token = gateway.executions().find(({ name }) => name === `${id}-r1`)?.step.id ?? 'none';
  const everything = [
    await submissionOf(org, id),
    await org.admin('GET', '/v1/audit'),
    await org.admin('GET', '/v1/events'),
  ];
  expect(JSON.stringify([everything, gateway.lines, await scanTable(gateway)])).not.toContain(token);
});

test('whoever listens is told of a proposal and its verdict, and the org’s admin finds them in the list', async () => {
  const { id } = await propose(gateway, await member(), { alias: 'told', url: upstream.url });
  await decide(gateway, org.adminKey, await readSubmission(org, id), 'reject');
  const ofIt = async () =>
    (await org.admin('GET', '/v1/events'))['data'].filter(({ subject }: Json) => subject.id === id);
  const listed = await until(ofIt, (events) => events.length === 2);
  expect(listed.map(({ type }: Json) => type)).toEqual(['submission.rejected', 'submission.created']);
  const noticed = await until(
    async () =>
      gateway.notices.map(({ message }) => JSON.parse(message)).filter(({ detail }) => detail.subject.id === id),
    (notices) => notices.length === 2,
  );
  expect(noticed.map((notice) => [notice.source, notice['detail-type']])).toEqual([
    ['xct.dev', 'submission.created'],
    ['xct.dev', 'submission.rejected'],
  ]);
  const stranger = await newOrg(gateway);
  expect((await stranger.admin('GET', '/v1/events'))['data']).toEqual([]);
});

test('of approvals past the tier’s limit exactly as many become active as it has places; the others wait for one', async () => {
  const small = await newOrg(gateway, 'small', { tier: 'free' });
  upstream.tools = [plainTool('run')];
  const seen: Json[] = [];
  for (let n = 1; n <= 6; n++) {
    const { id } = await propose(gateway, await memberOf(small), { alias: `s${n}`, url: upstream.url });
    seen.push({ id });
  }
  const read = await Promise.all(seen.map(({ id }) => readSubmission(small, id)));
  const answers = await Promise.all(read.map((one) => decide(gateway, small.adminKey, one, 'approve')));
  expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
  const done = await Promise.all(
    read.map(({ id }) => submissionThat(small, id, (one) => Boolean(one['activated_at'] ?? one['status_reason']))),
  );
  expect(done.filter(({ activated_at }) => activated_at)).toHaveLength(3);
  for (const { status_reason } of done.filter((one) => !one['activated_at']))
    expect(status_reason).toBe('The free tier has 3 places for active servers, and all are taken.');
  const { data } = await small.admin('GET', '/v1/mcp/server');
  expect(data.filter(({ status }: Json) => status === 'active')).toHaveLength(3);
});
