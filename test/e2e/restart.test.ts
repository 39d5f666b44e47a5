import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bootstrapToken } from '../../local/demo/seed.ts';
import type { Json } from '../support/gateway.ts';
import { killableGateway } from '../support/killable.ts';
import { credentialHash, guardedUpstream } from '../support/upstreams/guarded.ts';
import { legacyUpstream } from '../support/upstreams/legacy.ts';

const { gateway, start, kill, send, invoke, remove } = killableGateway();
const upstreams = { open: legacyUpstream(), guarded: guardedUpstream({ auth_type: 'bearer_token', secret: 'kept' }) };

/** A new operator key, as a person with the IAM permission to invoke the function gets one. */
const recover = async (): Promise<string> => (await invoke('bootstrap', { recover: true }))['key'];
const call = async (key: string, name: string, args: Json = {}) =>
  (await send('POST', '/mcp-rest/tools/call', key, { name, arguments: args }))['body'];

beforeAll(start);
afterAll(async () => {
  await remove();
  await Promise.all(Object.values(upstreams).map(async (upstream) => (await upstream).close()));
});

test('after kill -9 keys, grants, snapshots, credentials and the audit are what they were', async () => {
  const token = await bootstrapToken(gateway());
  const operator: string = (await send('POST', '/v1/bootstrap', '', { token }))['body'].key;
  const { open, guarded } = { open: await upstreams.open, guarded: await upstreams.guarded };
  const credentials = { auth_type: 'bearer_token', credentials: { secret: 'kept' } };
  await send('POST', '/v1/mcp/server', operator, { alias: 'open', url: open.url, auth_type: 'none' });
  await send('POST', '/v1/mcp/server', operator, { alias: 'guarded', url: guarded.url, ...credentials });
  const grant = { object_permission: { mcp_servers: ['open', 'guarded'] } };
  const { body: team } = await send('POST', '/v1/teams', operator, { name: 't', ...grant });
  const { body: member } = await send('POST', '/v1/keys', operator, { name: 'm', team_id: team['id'] });
  const { body: revoked } = await send('POST', '/v1/keys', operator, { name: 'r', team_id: team['id'] });
  await send('DELETE', `/v1/keys/${revoked['id']}`, operator);
  const listed = await send('GET', '/mcp-rest/tools/list', member['key']);
  const audited = await send('GET', '/v1/audit', operator);
  expect(listed['body'].tools).toHaveLength(5);
  await kill();
  const seen = open.requests.length;
  await start();
  expect(await send('GET', '/mcp-rest/tools/list', member['key'])).toEqual(listed);
  // Lists are served from the snapshot: no upstream was asked for it.
  expect(open.requests).toHaveLength(seen);
  expect((await call(member['key'], 'open.echo', { message: 'still' }))['content'][0].text).toBe('still');
  const whoami = await call(member['key'], 'guarded.whoami');
  expect(whoami['structuredContent'].sha256).toBe(credentialHash('Bearer kept'));
  expect((await send('GET', '/v1/me', revoked['key']))['status']).toBe(401);
  expect((await send('GET', '/v1/audit', operator))['body']).toEqual(audited['body']);
  expect((await send('POST', '/v1/bootstrap', '', { token }))['status']).toBe(410);
});

test('what was acknowledged before a kill -9 in the middle of writes is there, with its audit row', async () => {
  const operator = await recover();
  const acknowledged: string[] = [];
  const write = async () => {
    for (;;) {
      const made = await send('POST', '/v1/teams', operator, { name: 'written' }).catch(() => undefined);
      if (made === undefined) return;
      expect(made['status']).toBe(201);
      acknowledged.push(made['body'].id);
      if (acknowledged.length === 20) await kill();
    }
  };
  await Promise.all([write(), write(), write()]);
  expect(acknowledged.length).toBeGreaterThanOrEqual(20);
  await start();
  const { body: teams } = await send('GET', '/v1/teams?limit=200', operator);
  const { body: audit } = await send('GET', '/v1/audit?limit=200', operator);
  const ids = teams['data'].map(({ id }: Json) => id);
  expect(ids).toEqual(expect.arrayContaining(acknowledged));
  // A team and its audit row are written together or not at all.
  const audited = audit['data'].map(({ target }: Json) => target.id);
  expect(ids.filter((id: string) => !audited.includes(id))).toEqual([]);
});
