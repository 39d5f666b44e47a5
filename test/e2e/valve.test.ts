import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { config } from '../../gateway.config.ts';
import { manualClock } from '../local/manual-clock.ts';
import { type Answered, type Json, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { newOrg, type TestOrg } from '../support/org.ts';

/** Hundreds of requests: longer than other tests on a machine that is busy. */
jest.setTimeout(120_000);

const clock = manualClock(Date.UTC(2026, 10, 24, 12));
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ clock });
});
afterAll(() => gateway.close());

/** Moves the time on, whenever nothing else is waited for, until every run of the state machine is over. */
async function settled(): Promise<void> {
  for (;;) {
    const running = gateway.executions().filter(({ status }) => status === 'RUNNING');
    if (running.length === 0) return;
    if (running.every(({ step }) => step.wakeAt !== undefined)) clock.advance(10_000);
    await sleep(20);
  }
}
const orgNow = ({ id }: TestOrg) => gateway.admin('GET', `/v1/orgs/${id}`);
const setTier = async (org: TestOrg, tier: string) =>
  gateway.admin('PATCH', `/v1/orgs/${org.id}`, { version: (await orgNow(org))['version'], tier });
/** How many of so many requests the plan lets through, while the time stands still; a new key is in no authorizer's memory. */
async function through(org: TestOrg, requests: number): Promise<number> {
  const { key } = await org.key();
  const answers: Answered[] = [];
  const left = Array.from({ length: requests }).values();
  const lane = async () => {
    for (const _ of left) answers.push(await gateway.send('POST', '/mcp-rest/tools/call', key, { name: 'none.none' }));
  };
  await Promise.all(Array.from({ length: 8 }, lane));
  for (const { status, body } of answers)
    expect([
      [404, 'not_found'],
      [429, 'rate_limited'],
    ]).toContainEqual([status, body['error'].code]);
  return answers.filter(({ status }) => status === 404).length;
}
/** API Gateway's keys by name, each with the plan it is in. */
async function keysOf(prefix: string): Promise<Record<string, string>> {
  const ask = async (path: string): Promise<Json> => {
    const headers = { authorization: 'AWS4-HMAC-SHA256 test' };
    return (await fetch(gateway.endpoints.apiGateway + path, { headers })).json() as Promise<Json>;
  };
  const found: [string, string][] = [];
  for (const { id, name } of (await ask(`/apikeys?name=${prefix}`))['item'])
    for (const plan of (await ask('/usageplans'))['item'])
      if ((await ask(`/usageplans/${plan.id}/keys`))['item'].some((key: Json) => key['id'] === id))
        found.push([name, plan.name]);
  return Object.fromEntries(found);
}
const free = config.tiers['free']!.burst;
const team = config.tiers['team']!.burst;

test('an org that drains its plan gets 429 and its neighbour does not; another tier is another limit at once', async () => {
  const [org, neighbour] = [await newOrg(gateway, 'A', { tier: 'free' }), await newOrg(gateway, 'B', { tier: 'free' })];
  expect(await orgNow(org)).not.toHaveProperty('usage_key');
  await settled();
  expect((await orgNow(org))['usage_key']).toBe('free');
  expect(await keysOf(`xct-dev-${org.id}`)).toEqual({ [`xct-dev-${org.id}-own`]: 'xct-dev-free' });

  expect(await through(org, free + 20)).toBe(free);
  expect(await through(org, 5)).toBe(0);
  expect(await through(neighbour, free)).toBe(free);

  await setTier(org, 'team');
  expect(await through(org, 5)).toBe(5);
  await settled();
  expect((await orgNow(org))['usage_key']).toBe('team');
  expect(await keysOf(`xct-dev-${org.id}`)).toEqual({ [`xct-dev-${org.id}-own`]: 'xct-dev-team' });
  expect(await through(org, team + 20)).toBe(team);
});

test('nobody is refused while a key is on its way: the tier’s shared one counts', async () => {
  const org = await newOrg(gateway, 'On its way', { tier: 'free' });
  const seen = new Set<unknown>();
  for (let step = 0; step < 12; step++) {
    expect(await through(org, 3)).toBe(3);
    clock.advance(10_000);
    seen.add((await orgNow(org))['usage_key']);
  }
  await settled();
  expect(await through(org, 3)).toBe(3);
  expect(seen).toContain(undefined);
});

test('tiers that change faster than keys move end with the key in the plan of the last', async () => {
  const org = await newOrg(gateway, 'Restless', { tier: 'free' });
  for (const tier of ['team', 'free', 'enterprise', 'team', 'enterprise', 'team']) {
    await setTier(org, tier);
    clock.advance(7_000);
  }
  await settled();
  expect((await orgNow(org))['usage_key']).toBe('team');
  expect(await keysOf(`xct-dev-${org.id}`)).toEqual({ [`xct-dev-${org.id}-own`]: 'xct-dev-team' });
});

test('a deleted org leaves no key behind', async () => {
  const org = await newOrg(gateway, 'Gone', { tier: 'free' });
  await settled();
  expect(Object.keys(await keysOf(`xct-dev-${org.id}`))).toHaveLength(1);
  await gateway.admin('DELETE', `/v1/orgs/${org.id}`);
  await settled();
  expect(await keysOf(`xct-dev-${org.id}`)).toEqual({});
});

test('a run that could not be started does not undo the org; the sweep starts it', async () => {
  await gateway.faults.stepFunctions.failNext('StartExecution', 'ServiceUnavailable', 3);
  const org = await newOrg(gateway, 'Unstarted', { tier: 'free' });
  await settled();
  expect(await orgNow(org)).not.toHaveProperty('usage_key');
  expect(await through(org, 3)).toBe(3);
  expect(await gateway.invoke('valve', { do: 'sweep' })).toMatchObject({ started: 1 });
  await settled();
  expect((await orgNow(org))['usage_key']).toBe('free');
  expect(await gateway.invoke('valve', { do: 'sweep' })).toMatchObject({ started: 0 });
});

test('throttled calls of API Gateway are made again; a run that fails for good leaves the org on the shared key', async () => {
  const { apiGateway } = gateway.faults;
  await apiGateway.failNext('createApiKey', 'TooManyRequestsException', 3);
  const patient = await newOrg(gateway, 'Patient', { tier: 'free' });
  await settled();
  expect((await orgNow(patient))['usage_key']).toBe('free');

  await apiGateway.failNext('createUsagePlanKey', 'BadRequestException');
  const failed = await newOrg(gateway, 'Failed', { tier: 'free' });
  await settled();
  expect(gateway.executions().filter(({ status }) => status !== 'SUCCEEDED')).toHaveLength(1);
  expect(await orgNow(failed)).not.toHaveProperty('usage_key');
  expect(await through(failed, 3)).toBe(3);
  await gateway.invoke('valve', { do: 'sweep' });
  await settled();
  expect((await orgNow(failed))['usage_key']).toBe('free');
});

test('what a run keeps in its history is ids and names, and no key of the gateway', async () => {
  const org = await newOrg(gateway, 'History', { tier: 'free' });
  await settled();
  const text = JSON.stringify(gateway.executions());
  expect(text).toContain(org.id);
  expect(text).not.toMatch(/xct_[0-9A-Za-z]{12}_/);
});
