import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { items } from '../../../lambdas/adapters/dynamo/keys.ts';
import { dynamoSessions } from '../../../lambdas/adapters/dynamo/sessions.ts';
import { unmarshal } from '../../../lambdas/adapters/dynamo/table.ts';
import { httpUpstream } from '../../../lambdas/adapters/upstream/upstream.ts';
import { sealer } from '../../../lambdas/adapters/vault/seal.ts';
import { equip } from '../../../lambdas/journey/equip.ts';
import type { Sessions, UpstreamTarget } from '../../../lambdas/ports/upstream.ts';
import { memorySessions, memoryVault, sha256 } from '../../support/memory.ts';
import { aServer } from '../../support/records.ts';
import { tableOfFile, testOnEmulator } from '../../support/table.ts';
import { legacyUpstream } from '../../support/upstreams/legacy.ts';
import { modernUpstream } from '../../support/upstreams/modern.ts';
import { messageOf, type RunningUpstream } from '../../support/upstreams/record.ts';
import { type Local, startLocal } from '../vault/local.ts';
import { callTool, granted, said, started, stopAll, targetOf } from './target.ts';

afterEach(stopAll);
const it = tableOfFile();
let local: Local;
beforeAll(async () => {
  local = await startLocal();
  process.env['SEAL_SECRET_ID'] = 'seal';
  await local.create('seal', { current: '1', 1: 's'.repeat(43) });
});
afterAll(() => local.close());
const seal = sealer(Date.now);
const legacy = { protocolVersion: '2025-11-25' };
const echo = { name: 'echo', arguments: { message: 'x' } };
const methods = ({ requests }: RunningUpstream) => requests.map((seen) => messageOf(seen).method);
const sessionsOf = ({ requests }: RunningUpstream) =>
  requests.filter((seen) => messageOf(seen).method === 'tools/call').map(({ headers }) => headers['mcp-session-id']);
const settled = () => new Promise((resolve) => setTimeout(resolve, 100));
const fresh = ['initialize', 'notifications/initialized', 'tools/call'];
/** Stores whose answers go wrong. */
const failing: Sessions = {
  load: () => Promise.reject(new Error('load')),
  save: () => Promise.reject(new Error('save')),
  forget: () => Promise.reject(new Error('forget')),
};

/** An environment with its own memory; the sessions are in the one table. */
const environment = (sessions: Sessions = dynamoSessions(it.table, seal, Date.now)) => {
  const upstream = httpUpstream(sessions);
  return async (target: UpstreamTarget) => {
    expect(granted(await callTool(upstream, target, echo))).toEqual(said('x'));
    await settled();
  };
};
const nameOf = (text: string) => sha256(text);

test('a session that one environment began is resumed by another with one POST', async () => {
  const server = await started(legacyUpstream());
  const target = targetOf(server.url, { ...legacy, session: nameOf('resumed') });
  await environment()(target);
  expect(methods(server)).toEqual(fresh);
  server.requests.length = 0;
  await environment()(target);
  expect(methods(server)).toEqual(['tools/call']);
  expect(server.requests[0]!.headers).toMatchObject({ 'mcp-protocol-version': '2025-11-25' });
});

test('a stored session that died is begun anew once, and the new one is stored', async () => {
  const server = await started(legacyUpstream());
  const target = targetOf(server.url, { ...legacy, session: nameOf('dead') });
  await environment()(target);
  server.forget();
  server.requests.length = 0;
  await environment()(target);
  expect(methods(server)).toEqual(['tools/call', ...fresh]);
  server.requests.length = 0;
  await environment()(target);
  expect(methods(server)).toEqual(['tools/call']);
});

test('a dead session that cannot be begun anew is in no store any more', async () => {
  const server = await started(legacyUpstream());
  const sessions = memorySessions();
  const target = targetOf(server.url, { ...legacy, session: 's' });
  await environment(sessions)(target);
  expect(sessions.stored.size).toBe(1);
  await sessions.save('default', 's', { id: 'gone', protocolVersion: '2025-11-25' });
  await server.close();
  const dead = await started(modernUpstream());
  await callTool(httpUpstream(sessions), { ...target, url: dead.url }, echo);
  await settled();
  expect(sessions.stored.size).toBe(0);
});

test('a table that was stolen tells no session, and an item moved to another place opens nothing', async () => {
  const server = await started(legacyUpstream());
  const target = targetOf(server.url, { ...legacy, orgId: 'org_sealed', session: nameOf('sealed') });
  await environment()(target);
  const [session] = sessionsOf(server);
  const { Items = [] } = await it.table.client.send(new ScanCommand({ TableName: it.table.name }));
  expect(session).toMatch(/^[0-9a-f-]{36}$/);
  expect(JSON.stringify(Items)).not.toContain(session);
  const { pk, sk } = items.session('org_sealed', target.session);
  const item = Items.map(unmarshal).find((one) => one['pk'] === pk && one['sk'] === sk);
  expect(Object.keys(item!).sort()).toEqual(['pk', 'session', 'sk', 'ttl']);
  const hour = Number(item!['ttl']) - Date.now() / 1000;
  expect([hour > 3500, hour < 3700]).toEqual([true, true]);
  expect(await seal.open('session', `org_sealed ${target.session}`, String(item!['session']))).toMatchObject({
    id: session,
  });
  for (const [purpose, bound] of [
    ['session', `org_other ${target.session}`],
    ['session', `org_sealed ${nameOf('other')}`],
    ['cursor', `org_sealed ${target.session}`],
  ] as const)
    expect(await seal.open(purpose, bound, String(item!['session']))).toBeUndefined();
});

test('a session is loaded only for a legacy server whose revision is known, and only once', async () => {
  const loads: string[] = [];
  const sessions: Sessions = {
    ...memorySessions(),
    load: async (_org, name) => {
      loads.push(name);
      return undefined;
    },
  };
  const old = await started(legacyUpstream());
  const modern = await started(modernUpstream());
  const call = environment(sessions);
  await call(targetOf(modern.url, { protocolVersion: '2026-07-28', session: 'modern' }));
  await call(targetOf(old.url, { session: 'unknown' }));
  expect(loads).toEqual([]);
  for (const _ of [1, 2, 3]) await call(targetOf(old.url, { ...legacy, session: 'known' }));
  expect(loads).toEqual(['known']);
});

test('a store that fails costs a handshake and nothing else, and nobody waits for what is written', async () => {
  const server = await started(legacyUpstream());
  const call = environment(failing);
  await call(targetOf(server.url, { ...legacy, session: 'a' }));
  server.forget();
  await call(targetOf(server.url, { ...legacy, session: 'a' }));
  expect(methods(server)).toEqual([...fresh, 'tools/call', ...fresh]);
  const never = { ...memorySessions(), save: () => new Promise<void>(() => {}) };
  await environment(never)(targetOf(server.url, { ...legacy, session: 'b' }));
});

testOnEmulator('a warm call asks the table for nothing', async () => {
  const server = await started(legacyUpstream());
  const target = targetOf(server.url, { ...legacy, session: nameOf('warm') });
  const call = environment();
  await call(target);
  const before = await it.emulator.counts();
  for (const _ of [1, 2, 3]) await call(target);
  expect(await it.emulator.counts()).toEqual(before);
});

testOnEmulator('CA-19 a table that fails costs a handshake, not the call', async () => {
  const server = await started(legacyUpstream());
  const target = targetOf(server.url, { ...legacy, session: nameOf('down') });
  await environment()(target);
  server.requests.length = 0;
  await it.emulator.faults.failNext('GetItem', 'InternalServerError', 3);
  await environment()(target);
  expect(methods(server)).toEqual(fresh);
});

test('two principals, and two credentials of one, never share a session', async () => {
  const server = await started(legacyUpstream());
  const vault = memoryVault();
  const record = aServer({
    url: server.url,
    auth_type: 'bearer_token',
    has_credential: true,
    protocol_version: '2025-11-25',
  });
  const { origin } = new URL(server.url);
  const targetFor = async (key_id: string, secret: string) => {
    vault.stored.set(record.id, { origin, secret });
    const caller = { key_id, org_id: 'default', role: 'member', tier: 'free', lineage: [] } as const;
    return granted(await equip(record, caller, {}, { vault, sha256 }));
  };
  for (const [key, secret] of [
    ['one', 'first-secret'],
    ['two', 'first-secret'],
    ['one', 'second-secret'],
    ['one', 'first-secret'],
  ] as const)
    await environment()(await targetFor(key, secret));
  const [a, b, c, again] = sessionsOf(server);
  expect(new Set([a, b, c]).size).toBe(3);
  expect(again).toBe(a);
});
