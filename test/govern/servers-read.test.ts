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

test('TD-01, TD-04: a refresh tells what changed, takes it out of service, and asks for a review; what was approved is served', async () => {
  const upstream = listing(['a', 'b', 'same']);
  const { acting, records, snapshots, workflow, only } = serversWorld(upstream);
  const { snapshot_hash } = granted(await createServer(acting, echo));
  upstream.list = ['b', 'c'];
  upstream.description = 'Another text';
  const answer = granted(await refreshServer(acting, 'echo'));
  expect(answer).toMatchObject({
    changed: true,
    added: ['c'],
    removed: ['a', 'same'],
    modified: [{ name: 'b', fields: ['description'] }],
    server: { tools: ['a', 'b', 'same'], quarantined: ['b', 'c'], version: 2, status: 'active', snapshot_hash },
  });
  expect(answer.snapshot_hash).not.toBe(snapshot_hash);
  const review = await records.get('submission', 'default', answer.submission_id ?? '');
  expect(review).toMatchObject({
    kind: 'review',
    status: 'pending_review',
    submitter: { key_id: 'system' },
    server: { tools: [{ name: 'b' }, { name: 'c' }], snapshot_hash: answer.snapshot_hash },
  });
  expect(workflow.started).toEqual([{ org_id: 'default', submission_id: review?.id, revision: 1 }]);
  expect(await only()).toMatchObject({ review_id: review?.id, quarantined: ['b', 'c'] });
  expect(snapshots.stored.size).toBe(2);
  expect(records.audits.slice(1).map(({ action }) => action)).toEqual(['server.refresh', 'submission.create']);
});

test('what drifts further is a new revision of the same review; what does not is not written again', async () => {
  const upstream = listing(['a']);
  const { acting, records, workflow } = serversWorld(upstream);
  granted(await createServer(acting, echo));
  upstream.description = 'Second text';
  const first = granted(await refreshServer(acting, 'echo'));
  const same = granted(await refreshServer(acting, 'echo'));
  expect([same.submission_id, same.server.version]).toEqual([first.submission_id, 2]);
  upstream.description = 'Third text';
  const next = granted(await refreshServer(acting, 'echo'));
  expect(next.submission_id).toBe(first.submission_id);
  expect(workflow.started.map(({ revision }) => revision)).toEqual([1, 2]);
  expect(await records.get('submission', 'default', first.submission_id ?? '')).toMatchObject({
    revision: 2,
    server: { snapshot_hash: next.snapshot_hash },
  });
});

test('what goes back to what was approved ends the quarantine and the review', async () => {
  const upstream = listing(['a']);
  const { acting, records } = serversWorld(upstream);
  granted(await createServer(acting, echo));
  upstream.description = 'Second text';
  const { submission_id = '' } = granted(await refreshServer(acting, 'echo'));
  upstream.description = 'A tool';
  const back = granted(await refreshServer(acting, 'echo'));
  expect([back.changed, back.server.quarantined]).toEqual([false, undefined]);
  expect(await records.get('submission', 'default', submission_id)).toMatchObject({ status: 'withdrawn' });
});

test('what was rejected stays in quarantine and is not proposed again until it changes', async () => {
  const upstream = listing(['a']);
  const { acting, records } = serversWorld(upstream);
  granted(await createServer(acting, echo));
  upstream.description = 'Second text';
  const { submission_id = '' } = granted(await refreshServer(acting, 'echo'));
  records.seed('submission', { ...(await records.get('submission', 'default', submission_id))!, status: 'rejected' });
  const again = granted(await refreshServer(acting, 'echo'));
  expect([again.submission_id, again.server.quarantined]).toEqual([submission_id, ['a']]);
  upstream.description = 'Third text';
  const other = granted(await refreshServer(acting, 'echo'));
  expect(other.submission_id).not.toBe(submission_id);
});

test('with drift: warn the review is opened and the tools stay in service', async () => {
  const upstream = listing(['a']);
  const { acting } = serversWorld(upstream);
  const warning = { ...acting, drift: 'warn' as const };
  granted(await createServer(warning, echo));
  upstream.description = 'Second text';
  const answer = granted(await refreshServer(warning, 'echo'));
  expect(answer.server.quarantined).toBeUndefined();
  expect(answer.submission_id).toMatch(/^sub_/);
});

test('a tool that becomes one that cannot be pinned is in quarantine, not merely gone', async () => {
  const upstream = listing(['a', 'b']);
  const { acting } = serversWorld(upstream);
  granted(await createServer(acting, echo));
  upstream.description = 'x'.repeat(5_000);
  expect(granted(await refreshServer(acting, 'echo')).server.quarantined).toEqual(['a', 'b']);
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

test('prompts and resources that a server begins to offer are told and held back', async () => {
  const whole = await modernUpstream({ whole: true });
  const { acting, records, snapshots, only } = serversWorld();
  records.seed('server', aServer({ alias: 'echo', url: whole.url, auth_type: 'none', snapshot_hash: 'old' }));
  await snapshots.put('default', 'old', { tools: [] });
  const answer = granted(await refreshServer(acting, 'echo').finally(() => whole.close()));
  expect(answer).toMatchObject({
    changed: true,
    offers: true,
    prompts: { added: ['greet'] },
    resources: { added: ['test://note'] },
    resource_templates: { added: ['test://notes/{id}'] },
  });
  expect((await only()).offers).toBeUndefined();
  expect(await records.get('submission', 'default', answer.submission_id ?? '')).toMatchObject({
    server: { offers: { prompts: true, resources: true, completions: true } },
  });
});

test('a refresh of a disabled server compares and leaves it disabled', async () => {
  const upstream = listing(['a']);
  const { acting } = serversWorld(upstream);
  granted(await createServer(acting, echo));
  granted(await patchServer(acting, 'echo', { version: 1, disabled: true }));
  upstream.list = ['a', 'b'];
  expect(granted(await refreshServer(acting, 'echo')).server).toMatchObject({
    status: 'disabled',
    tools: ['a'],
    quarantined: ['b'],
  });
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
