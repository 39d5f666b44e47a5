import { expect, test } from '@jest/globals';
import { upstream as upstreamRefusal } from '../../lambdas/domain/refusal.ts';
import { createServer } from '../../lambdas/govern/servers/create.ts';
import { serverHealth, serversHealth } from '../../lambdas/govern/servers/health.ts';
import { getServer, listServers } from '../../lambdas/govern/servers/list.ts';
import { patchServer } from '../../lambdas/govern/servers/patch.ts';
import { refreshServer } from '../../lambdas/govern/servers/refresh.ts';
import { aKey, anOrg, aServer } from '../support/records.ts';
import { modernUpstream } from '../support/upstreams/modern.ts';
import { granted, listing, serversWorld } from './servers-world.ts';

const echo = { alias: 'echo', url: 'https://echo.example.com/mcp', auth_type: 'none' } as const;

/** Servers one, two and three with the tools `echo` and `add`; a member key that may call `one` and `echo` of `three`. */
function memberWorld() {
  const world = serversWorld(listing(['echo', 'add']));
  for (const alias of ['one', 'two', 'three']) world.records.seed('server', aServer({ alias }));
  const object_permission = { mcp_servers: ['srv_one'], mcp_tool_permissions: { srv_three: ['echo'] } };
  world.records.seed('org', anOrg());
  world.records.seed('key', aKey({ object_permission }));
  const caller = { key_id: aKey().id, org_id: 'default', role: 'member', tier: 'team', lineage: [] } as const;
  return { ...world, member: { ...world.acting, caller } };
}

test('a member sees the servers it may call something of, those tools alone, and no settings', async () => {
  const { member } = memberWorld();
  expect(granted(await listServers(member, {})).data).toEqual([
    { id: 'srv_one', alias: 'one', status: 'active', tools: ['echo', 'add'] },
    { id: 'srv_three', alias: 'three', status: 'active', tools: ['echo'] },
  ]);
  expect(granted(await getServer(member, 'three')).tools).toEqual(['echo']);
  for (const unseen of ['two', 'srv_two', 'none'])
    expect(await getServer(member, unseen)).toMatchObject({ refusal: { code: 'not_found' } });
});

test('an admin sees all servers with their settings', async () => {
  const { acting } = memberWorld();
  const { data } = granted(await listServers(acting, {}));
  expect(data.map(({ alias, url }) => [alias, url !== undefined]).sort()).toEqual([
    ['one', true],
    ['three', true],
    ['two', true],
  ]);
  expect(granted(await getServer(acting, 'two'))).toEqual(granted(await getServer(acting, 'srv_two')));
});

test('pages follow each other by sealed cursors of the org and the list', async () => {
  const { acting, member } = memberWorld();
  for (const [reader, count] of [
    [acting, 3],
    [member, 2],
  ] as const) {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = granted(await listServers(reader, { limit: 1, ...(cursor === undefined ? {} : { cursor }) }));
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    expect(new Set(seen).size).toBe(count);
    expect(seen).toHaveLength(count);
  }
  const { next_cursor = '' } = granted(await listServers(acting, { limit: 1 }));
  const foreign = { ...acting, caller: { ...acting.caller, org_id: 'org_other' } };
  for (const reader of [foreign, member])
    expect(await listServers(reader, { cursor: next_cursor })).toMatchObject({ refusal: { param: 'cursor' } });
});

test('a refresh tells what changed, pins it, and is audited', async () => {
  const upstream = listing(['a', 'b']);
  const { acting, records, snapshots, only } = serversWorld(upstream);
  granted(await createServer(acting, echo));
  upstream.list = ['b', 'c'];
  upstream.description = 'Another text';
  const answer = granted(await refreshServer(acting, 'echo'));
  expect(answer).toMatchObject({
    changed: true,
    added: ['c'],
    removed: ['a'],
    modified: [{ name: 'b', fields: ['description'] }],
    server: { tools: ['b', 'c'], version: 2, status: 'active' },
  });
  const server = await only();
  expect(server.snapshot_hash).toBe(answer.snapshot_hash);
  expect(snapshots.stored.size).toBe(2);
  expect(records.audits.at(-1)).toMatchObject({ action: 'server.refresh' });
});

test('a refresh without a change writes nothing but the probe', async () => {
  const { acting, records, only } = serversWorld(listing(['a']));
  granted(await createServer(acting, echo));
  expect(granted(await refreshServer(acting, 'echo'))).toMatchObject({
    changed: false,
    added: [],
    server: { version: 1 },
  });
  expect(records.audits).toHaveLength(1);
  expect((await only()).last_probe?.ok).toBe(true);
});

test('a refresh that cannot read leaves the pinned definitions in force', async () => {
  const { acting, only } = serversWorld(listing(['a']));
  granted(await createServer(acting, echo));
  const down = { ...acting, upstream: { read: async () => upstreamRefusal('upstream_timeout', 'Too slow.') } };
  expect(await refreshServer(down, 'echo')).toMatchObject({ refusal: { code: 'upstream_timeout' } });
  expect(await only()).toMatchObject({ status: 'active', version: 1, last_probe: { ok: false, reason: 'Too slow.' } });
});

test('a refresh of a server that was pinned before there were prompts and resources pins them and tells so', async () => {
  const whole = await modernUpstream({ whole: true });
  const { acting, records, snapshots, only } = serversWorld();
  records.seed('server', aServer({ alias: 'echo', url: whole.url, auth_type: 'none', snapshot_hash: 'old' }));
  await snapshots.put('default', 'old', { tools: [] });
  const answer = granted(await refreshServer(acting, 'echo'));
  expect(answer).toMatchObject({
    changed: true,
    offers: true,
    prompts: { added: ['greet'] },
    resources: { added: ['test://note'] },
    resource_templates: { added: ['test://notes/{id}'] },
    server: { offers: { prompts: true, resources: true, completions: true }, refused_offers: [] },
  });
  expect(await only()).toMatchObject({ offers: { prompts: true, resources: true, completions: true } });
  expect(granted(await refreshServer(acting, 'echo'))).toMatchObject({ changed: false, server: { version: 2 } });
  await whole.close();
});

test('a refresh of a disabled server pins and leaves it disabled', async () => {
  const upstream = listing(['a']);
  const { acting } = serversWorld(upstream);
  granted(await createServer(acting, echo));
  granted(await patchServer(acting, 'echo', { version: 1, disabled: true }));
  upstream.list = ['a', 'b'];
  expect(granted(await refreshServer(acting, 'echo')).server).toMatchObject({ status: 'disabled', tools: ['a', 'b'] });
});

test('an inactive server becomes active by a refresh that can read it', async () => {
  const { acting } = serversWorld(listing(['a']));
  const down = { ...acting, upstream: { read: async () => upstreamRefusal('upstream_timeout', 'Too slow.') } };
  expect(granted(await createServer(down, echo)).status).toBe('inactive');
  const { server } = granted(await refreshServer(acting, 'echo'));
  expect([server.status, server.status_reason]).toEqual(['active', undefined]);
});

test('health is the last probe, and a new one where it is asked for live', async () => {
  const upstream = listing(['a']);
  const { acting } = serversWorld(upstream);
  granted(await createServer(acting, echo));
  const down = { ...acting, upstream: { read: async () => upstreamRefusal('upstream_timeout', 'Too slow.') } };
  expect(granted(await serverHealth(down, 'echo', false))).toMatchObject({ alias: 'echo', last: { ok: true } });
  expect(granted(await serverHealth(down, 'echo', true))).toMatchObject({ last: { ok: false, reason: 'Too slow.' } });
  expect(granted(await serverHealth(acting, 'echo', false))).toMatchObject({ last: { ok: false } });
  expect(upstream.reads).toBe(1);
});

test('all servers are probed at most twenty at once, each with a deadline, and none after the time is up', async () => {
  const { acting, records } = serversWorld();
  for (let n = 0; n < 50; n++) records.seed('server', aServer({ alias: `s${n}` }));
  let [running, most, reads, now] = [0, 0, 0, 0];
  const deadlines = new Set<number>();
  const read = async ({ timeoutMs }: { timeoutMs: number }) => {
    deadlines.add(timeoutMs);
    reads += 1;
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    if (reads >= 30) now = 60_000;
    return upstreamRefusal('upstream_timeout', 'Too slow.');
  };
  const probing = { ...acting, clock: () => now, upstream: { read } };
  const { data } = await serversHealth(probing, true);
  expect(most).toBe(20);
  expect([...deadlines]).toEqual([5_000]);
  expect(data).toHaveLength(50);
  expect(data.filter(({ last }) => last)).toHaveLength(reads);
  expect(reads).toBeLessThan(50);
});
