import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { legacyRequest, modernRequest, namesIn, restCall } from '../support/doors.ts';
import { type Answered, type Json, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { newOrg, type TestOrg, until } from '../support/org.ts';
import { rounds } from '../support/rounds.ts';
import { guardedUpstream } from '../support/upstreams/guarded.ts';
import { legacyUpstream } from '../support/upstreams/legacy.ts';
import { modernUpstream } from '../support/upstreams/modern.ts';
import type { RunningUpstream } from '../support/upstreams/record.ts';

let gateway: TestGateway;
let org: TestOrg;
let upstreams: readonly RunningUpstream[];

const toolsOf = {
  old: ['add', 'echo', 'fail', 'slow'],
  new: ['add', 'echo', 'fail', 'region'],
  whoami: ['whoami'],
} as const;
const aliases = Object.keys(toolsOf) as (keyof typeof toolsOf)[];
const everyTool = aliases.flatMap((alias) => toolsOf[alias].map((tool) => ({ alias, tool, name: `${alias}.${tool}` })));

beforeAll(async () => {
  [gateway, ...upstreams] = await Promise.all([
    startTestGateway(),
    legacyUpstream(),
    modernUpstream(),
    guardedUpstream({ auth_type: 'none' }),
  ]);
  org = await newOrg(gateway);
  for (const [at, alias] of aliases.entries())
    await org.server(alias, upstreams[at]!.url, {
      access_groups: at === 1 ? [] : ['grouped'],
      ...(alias === 'new' ? { disallowed_tools: ['fail'] } : {}),
    });
  for (const name of ['first', 'second']) {
    const tools = everyTool
      .filter((_, at) => at % 3 === (name === 'first' ? 0 : 1))
      .map(({ alias, tool }) => ({ server: alias, tool }));
    await org.admin('POST', '/v1/mcp/toolset', { name, tools });
  }
  const { version } = await gateway.admin('GET', `/v1/orgs/${org.id}`);
  await gateway.admin('PATCH', `/v1/orgs/${org.id}`, { version, blocked_tools: ['old.slow'] });
});
afterAll(() => Promise.all([gateway.close(), ...upstreams.map((upstream) => upstream.close())]));

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const grant = fc.record(
  {
    mcp_servers: maybe(fc.subarray([...aliases])),
    mcp_access_groups: maybe(fc.subarray(['grouped'])),
    mcp_toolsets: maybe(fc.subarray(['first', 'second'])),
    mcp_tool_permissions: maybe(
      fc
        .record(
          Object.fromEntries(aliases.map((alias) => [alias, fc.subarray([...toolsOf[alias], 'gone'])])) as Record<
            string,
            fc.Arbitrary<string[]>
          >,
          { requiredKeys: [] },
        )
        .map((permissions) => ({ ...permissions })),
    ),
  },
  { noNullPrototype: true },
);
const principal = fc.record({ key: maybe(grant), team: maybe(grant), user: maybe(grant) });

/** A key of a random principal. */
async function keyOf({ key, team, user }: Json): Promise<Json> {
  const given = (value: unknown) => (value === undefined ? {} : { object_permission: value });
  const bound = {
    ...(team ? { team_id: (await org.admin('POST', '/v1/teams', { name: 't', ...given(team) }))['id'] } : {}),
    ...(user ? { user_id: (await org.admin('POST', '/v1/users', { name: 'u', ...given(user) }))['id'] } : {}),
  };
  return org.key({ ...bound, ...given(key) });
}

const args = { message: 'm', a: 1, b: 2, ms: 0, region: 'eu' };
const accepted = ({ status, body }: Answered): boolean => {
  if (status === 200 && body['error'] === undefined) return true;
  expect([status, body['error'].code]).toEqual(
    body['jsonrpc'] ? [200, -32602] : [status, status === 403 ? 'forbidden' : 'not_found'],
  );
  return false;
};

test('for random principals every list is exactly the set that every door lets through (CA-13)', async () => {
  const principals = fc.sample(principal, { seed: 20261124, numRuns: rounds({ sample: 25, whole: 500 }) });
  const sizes = new Set<number>();
  for (const random of principals) {
    const { key } = await keyOf(random);
    const listed = namesIn(await gateway.send('GET', '/mcp-rest/tools/list', key));
    sizes.add(listed.length);
    expect(namesIn(await gateway.send('GET', '/v1/mcp/tools', key))).toEqual(listed);
    const dunder = listed.map((name) => name.replace('.', '__'));
    for (const request of [legacyRequest, modernRequest])
      expect(namesIn(await request(gateway, { key }, 'tools/list'))).toEqual(dunder);
    const me = await gateway.send('GET', '/v1/me', key);
    expect(me.body['servers'].flatMap((s: Json) => s['tools'].map((t: string) => `${s['alias']}.${t}`))).toEqual(
      listed,
    );
    const byRest: string[] = [];
    const byMcp: string[] = [];
    for (const { alias, tool, name } of everyTool) {
      if (accepted(await restCall(gateway, { key }, name, args))) byRest.push(name);
      const params = { name: `${alias}__${tool}`, arguments: args };
      if (accepted(await legacyRequest(gateway, { key }, 'tools/call', params))) byMcp.push(name);
    }
    expect([byRest.sort(), byMcp.sort()]).toEqual([[...listed].sort(), [...listed].sort()]);
  }
  expect(sizes.size).toBeGreaterThan(3);
}, 600_000);

test('a key that a member minted lists and calls exactly what its minter may call now (CA-13)', async () => {
  const minter = await org.key({ object_permission: { mcp_servers: ['new', 'whoami'] } });
  const body = { name: 'minted', object_permission: { mcp_servers: ['new'] } };
  const minted = await gateway.send('POST', '/v1/keys', minter['key'], body);
  const key: string = minted.body['key'];
  const list = async () => namesIn(await gateway.send('GET', '/mcp-rest/tools/list', key));
  expect(await list()).toEqual(['new.add', 'new.echo', 'new.region']);
  const { id, version } = minter;
  const object_permission = { mcp_tool_permissions: { new: ['echo'] } };
  await org.admin('PATCH', `/v1/keys/${id}`, { version, object_permission });
  expect(await until(list, (names) => names.length < 3)).toEqual(['new.echo']);
  expect((await restCall(gateway, { key }, 'new.add', args)).status).toBe(403);
  expect((await restCall(gateway, { key }, 'new.echo', args)).status).toBe(200);
});
