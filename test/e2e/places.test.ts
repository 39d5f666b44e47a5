import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type Json, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { newOrg, type TestOrg } from '../support/org.ts';
import { rounds } from '../support/rounds.ts';
import { scanTable } from '../support/stores.ts';
import { type GuardedUpstream, guardedUpstream } from '../support/upstreams/guarded.ts';

/** Twenty at once, some rounds of it: longer than other tests on a machine that is busy. */
jest.setTimeout(120_000);

let gateway: TestGateway;
let upstream: GuardedUpstream;
beforeAll(async () => {
  [gateway, upstream] = await Promise.all([
    startTestGateway(),
    guardedUpstream({ auth_type: 'bearer_token', secret: 'kept' }),
  ]);
});
afterAll(() => Promise.all([gateway.close(), upstream.close()]));

const add = ({ adminKey }: TestOrg, alias: string, fields: Json = {}) =>
  gateway.send('POST', '/v1/mcp/server', adminKey, {
    alias,
    url: upstream.url,
    auth_type: 'bearer_token',
    credentials: { secret: 'kept' },
    ...fields,
  });
const twenty = <T>(make: (at: number) => Promise<T>) => Promise.all(Array.from({ length: 20 }, (_, at) => make(at)));
const activeIn = async ({ admin }: TestOrg): Promise<Json[]> =>
  (await admin('GET', '/v1/mcp/server'))['data'].filter(({ status }: Json) => status === 'active');
const usedBy = async ({ admin }: TestOrg): Promise<Json> => (await admin('GET', '/v1/tiers'))['org'];

test('of 20 activations at once with three places exactly three become active; the others leave nothing behind', async () => {
  for (let round = 0; round < rounds({ sample: 2, whole: 20 }); round++) {
    const org = await newOrg(gateway, 'Free', { tier: 'free' });
    const deleted = (await gateway.counts()).secretsManager['DeleteSecret'] ?? 0;
    const answers = await twenty((at) => add(org, `s${at}`));
    expect(await activeIn(org)).toHaveLength(3);
    const others = answers.filter(({ status }) => status !== 201);
    expect(others).toHaveLength(17);
    for (const { status, body } of others)
      expect([status, body['error'].code, body['error'].details]).toEqual([
        409,
        'conflict',
        { tier: 'free', limit: 3, used: 3 },
      ]);
    expect((await gateway.counts()).secretsManager['DeleteSecret']).toBe(deleted + 17);
    const names = (await scanTable(gateway)).filter(({ pk, sk }) => pk === `ORG#${org.id}` && sk.startsWith('NAME#'));
    expect(names).toHaveLength(3);
    expect(await usedBy(org)).toEqual({ tier: 'free', used: { calls_today: 0, servers: 3, keys: 1 } });
  }
});

test('of 20 servers that are enabled at once as many become active as have a place, whichever way they come', async () => {
  const org = await newOrg(gateway, 'Shrunk', { tier: 'team' });
  const made = await twenty((at) => add(org, `s${at}`));
  await Promise.all(
    made.map(({ body }) => org.admin('PATCH', `/v1/mcp/server/${body['id']}`, { version: 1, disabled: true })),
  );
  const { version } = await gateway.admin('GET', `/v1/orgs/${org.id}`);
  await gateway.admin('PATCH', `/v1/orgs/${org.id}`, { version, tier: 'free' });
  const answers = await twenty((at) =>
    at % 2 === 0
      ? gateway.send('PATCH', `/v1/mcp/server/s${at}`, org.adminKey, { version: 2, disabled: false })
      : add(org, `new${at}`),
  );
  expect(answers.filter(({ status }) => status < 300)).toHaveLength(3);
  expect(await activeIn(org)).toHaveLength(3);
});

test('a lower tier takes nothing off; a higher one, or a server less, makes room at once', async () => {
  const org = await newOrg(gateway, 'Moving', { tier: 'team' });
  const tier = async (name: string) => {
    const { version } = await gateway.admin('GET', `/v1/orgs/${org.id}`);
    await gateway.admin('PATCH', `/v1/orgs/${org.id}`, { version, tier: name });
  };
  for (const alias of ['a', 'b', 'c', 'd']) expect((await add(org, alias)).status).toBe(201);
  await tier('free');
  expect((await add(org, 'e')).body['error'].details).toEqual({ tier: 'free', limit: 3, used: 4 });
  expect(await activeIn(org)).toHaveLength(4);
  await tier('team');
  expect((await add(org, 'e')).status).toBe(201);
  await tier('free');
  for (const alias of ['a', 'b', 'c']) await org.admin('DELETE', `/v1/mcp/server/${alias}`);
  expect((await add(org, 'f')).status).toBe(201);
  expect((await add(org, 'g')).status).toBe(409);
});

test('of 30 keys that are minted at once the free tier admits 20 with the first admin’s; a revoked one makes room', async () => {
  const org = await newOrg(gateway, 'Keys', { tier: 'free' });
  const mint = () => gateway.send('POST', '/v1/keys', org.adminKey, { name: 'a key' });
  const answers = await Promise.all(Array.from({ length: 30 }, mint));
  const [one, ...others] = answers.filter(({ status }) => status === 201);
  expect(others).toHaveLength(18);
  const refused = answers.find(({ status }) => status !== 201)!;
  expect([refused.status, refused.body['error'].details]).toEqual([409, { tier: 'free', limit: 20, used: 20 }]);
  await org.admin('DELETE', `/v1/keys/${one!.body['id']}`);
  expect((await mint()).status).toBe(201);
  expect((await mint()).status).toBe(409);
});
