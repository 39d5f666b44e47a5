import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createServer } from '../../lambdas/govern/servers/create.ts';
import { patchServer } from '../../lambdas/govern/servers/patch.ts';
import { refreshServer } from '../../lambdas/govern/servers/refresh.ts';
import { removeServer } from '../../lambdas/govern/servers/remove.ts';
import { aKey, aTeam } from '../support/records.ts';
import { type GuardedUpstream, guardedUpstream } from '../support/upstreams/guarded.ts';
import { granted, listing, serversWorld } from './servers-world.ts';

const secret = 'canary-5f2d9c71e0';
let old: GuardedUpstream;
let other: GuardedUpstream;
beforeAll(async () => {
  old = await guardedUpstream({ auth_type: 'bearer_token', secret });
  other = await guardedUpstream({ auth_type: 'bearer_token', secret: 'another-secret' });
});
afterAll(async () => {
  await Promise.all([old.close(), other.close()]);
});

const plain = { alias: 'echo', url: 'https://echo.example.com/mcp', auth_type: 'none' } as const;

/** A world with one active server behind a bearer token. */
async function guardedWorld() {
  const world = serversWorld();
  const body = { alias: 'safe', url: old.url, auth_type: 'bearer_token', credentials: { secret } } as const;
  return { ...world, server: granted(await createServer(world.acting, body)) };
}
/** A world with one active server that needs nothing. */
async function plainWorld(names: readonly string[] = ['a', 'b']) {
  const upstream = listing(names);
  const world = serversWorld(upstream);
  return { ...world, upstream, server: granted(await createServer(world.acting, plain)) };
}

test('a change is written with the next version and an audit row with before and after', async () => {
  const { acting, records, upstream } = await plainWorld();
  const patch = { version: 1, name: 'Echo', rpm: 5, allowed_tools: ['a'], cost: { default_usd: 0.01 } } as const;
  const view = granted(await patchServer(acting, 'echo', { ...patch, allowed_tools: ['a'] }));
  expect(view).toMatchObject({ version: 2, name: 'Echo', rpm: 5, allowed_tools: ['a'], status: 'active' });
  expect(records.audits[1]).toMatchObject({
    action: 'server.update',
    before: { version: 1 },
    after: { version: 2, name: 'Echo' },
  });
  expect(upstream.reads).toBe(1);
});

test('null clears a field', async () => {
  const { acting, records } = await plainWorld();
  records.seed('team', aTeam());
  granted(await patchServer(acting, 'echo', { version: 1, rpm: 5, allowed_tools: ['a'], owner_team_id: 'team_web' }));
  const cleared = { version: 2, rpm: null, allowed_tools: null, owner_team_id: null };
  const view = granted(await patchServer(acting, 'echo', cleared));
  expect([view.rpm, view.allowed_tools, view.owner_team_id]).toEqual([undefined, undefined, undefined]);
});

test('a stale version is a conflict that tells the current one', async () => {
  const { acting } = await plainWorld();
  granted(await patchServer(acting, 'echo', { version: 1, name: 'One' }));
  expect(await patchServer(acting, 'echo', { version: 1, name: 'Two' })).toMatchObject({
    refusal: { code: 'conflict', state: { version: 2 } },
  });
});

test('of two changes at once one wins, and the credential is the winner’s', async () => {
  const { acting, vault, server } = await guardedWorld();
  const change = (given: string) => patchServer(acting, server.id, { version: 1, credentials: { secret: given } });
  const [one, two] = await Promise.all([change('first'), change('second')]);
  expect([one.ok, two.ok].filter(Boolean)).toHaveLength(1);
  expect(vault.stored.get(server.id)?.secret).toBe(one.ok ? 'first' : 'second');
});

test('SS-11: a new host drops the credential and sends the server to review; the old secret goes nowhere', async () => {
  const { acting, vault, server } = await guardedWorld();
  const view = granted(await patchServer(acting, server.id, { version: 1, url: other.url }));
  expect(view).toMatchObject({ status: 'pending_review', has_credential: false, version: 2 });
  expect(view.status_reason).toContain('dropped');
  expect(vault.stored.size).toBe(0);
  expect(other.requests).toHaveLength(0);
});

test('SS-11: a credential that comes with a new host is dropped too; attached afterwards, a refresh ends the review', async () => {
  const { acting, records, vault, server } = await guardedWorld();
  const credentials = { secret: 'another-secret' };
  const moved = granted(await patchServer(acting, server.id, { version: 1, url: other.url, credentials }));
  expect([moved.status, moved.has_credential, vault.stored.size]).toEqual(['pending_review', false, 0]);
  const attached = granted(await patchServer(acting, server.id, { version: 2, credentials }));
  expect([attached.status, attached.has_credential]).toEqual(['pending_review', true]);
  const refreshed = granted(await refreshServer(acting, server.id));
  expect(refreshed.server).toMatchObject({ status: 'active', version: 4 });
  expect(refreshed.server.status_reason).toBeUndefined();
  expect(records.audits.map(({ action }) => action)).toEqual([
    'server.create',
    'server.update',
    'server.update',
    'server.refresh',
  ]);
});

test('a review cannot be left by switching the server off and on', async () => {
  const { acting } = await plainWorld();
  granted(await patchServer(acting, 'echo', { version: 1, url: 'https://moved.example.com/mcp' }));
  expect(await patchServer(acting, 'echo', { version: 2, disabled: true })).toMatchObject({
    refusal: { code: 'conflict', state: { status: 'pending_review' } },
  });
  expect(granted(await patchServer(acting, 'echo', { version: 2, disabled: false })).status).toBe('pending_review');
});

test('a disabled server that moved is under review, not disabled', async () => {
  const { acting } = await plainWorld();
  granted(await patchServer(acting, 'echo', { version: 1, disabled: true }));
  const moved = granted(await patchServer(acting, 'echo', { version: 2, url: 'https://moved.example.com/mcp' }));
  expect(moved.status).toBe('pending_review');
});

test('disabled takes a server off without a call, and puts it back with what was pinned', async () => {
  const { acting, upstream } = await plainWorld();
  expect(granted(await patchServer(acting, 'echo', { version: 1, disabled: true })).status).toBe('disabled');
  upstream.list = ['a', 'b', 'c'];
  const back = granted(await patchServer(acting, 'echo', { version: 2, disabled: false }));
  expect(back).toMatchObject({ status: 'active', tools: ['a', 'b'] });
  expect(upstream.reads).toBe(1);
});

test('a server that became unreadable while it was disabled is inactive when it is put back', async () => {
  const { acting, server } = await guardedWorld();
  granted(await patchServer(acting, server.id, { version: 1, disabled: true }));
  const wrong = granted(await patchServer(acting, server.id, { version: 2, credentials: { secret: 'wrong' } }));
  expect(wrong.status).toBe('disabled');
  expect(granted(await patchServer(acting, server.id, { version: 3, disabled: false })).status).toBe('inactive');
});

test('a new path has the definitions read and pinned again with the stored credential', async () => {
  const { acting, vault, server } = await guardedWorld();
  const url = `${old.url}?tools=all`;
  const view = granted(await patchServer(acting, server.id, { version: 1, url }));
  expect(view).toMatchObject({ status: 'active', has_credential: true });
  expect(view.snapshot_hash).not.toBe(server.snapshot_hash);
  expect(old.requests.at(-1)?.path).toContain('tools=all');
  expect(vault.stored.size).toBe(1);
});

test('null removes the credential, and the server is inactive for want of it', async () => {
  const { acting, vault, server } = await guardedWorld();
  const view = granted(await patchServer(acting, server.id, { version: 1, credentials: null }));
  expect(view).toMatchObject({ status: 'inactive', has_credential: false });
  expect(view.status_reason).toContain('no credential');
  expect(vault.stored.size).toBe(0);
});

test('a new mode needs a credential of its own form', async () => {
  const { acting, server } = await guardedWorld();
  expect(await patchServer(acting, server.id, { version: 1, auth_type: 'basic' })).toMatchObject({
    refusal: { code: 'invalid_request', param: 'credentials.secret' },
  });
  const change = {
    version: 1,
    auth_type: 'api_key',
    auth: { header: 'authorization', template: 'Bearer {secret}' },
  } as const;
  expect(granted(await patchServer(acting, server.id, change))).toMatchObject({
    status: 'active',
    auth_type: 'api_key',
  });
});

test('TD-01: another credential approves nothing: what it shows differently is held back', async () => {
  const upstream = listing(['a', 'b']);
  const { acting, records, workflow } = serversWorld(upstream);
  const body = { ...plain, auth_type: 'bearer_token', credentials: { secret } } as const;
  const server = granted(await createServer(acting, body));
  upstream.description = 'Another text';
  const patch = { version: 1, credentials: { secret: 'another' } };
  const view = granted(await patchServer(acting, 'echo', patch));
  expect(view).toMatchObject({ status: 'active', quarantined: ['a', 'b'], snapshot_hash: server.snapshot_hash });
  expect(await records.get('submission', 'default', view.review_id ?? '')).toMatchObject({ kind: 'review' });
  expect(workflow.started).toHaveLength(1);
  upstream.description = 'A tool';
  const back = granted(await patchServer(acting, 'echo', { version: 2, credentials: { secret: 'first' } }));
  expect([back.quarantined, (await records.get('submission', 'default', view.review_id ?? ''))?.status]).toEqual([
    undefined,
    'withdrawn',
  ]);
});

test('with four eyes a server that is reached otherwise waits for another admin', async () => {
  const { acting, records } = await plainWorld();
  records.seed('key', aKey({ id: acting.caller.key_id, role: 'admin' }));
  const strict = { ...acting, fourEyes: true };
  const moved = granted(await patchServer(strict, 'echo', { version: 1, url: `${plain.url}/2` }));
  expect([moved.status, moved.status_reason]).toEqual(['pending_review', expect.stringContaining('another admin')]);
  const { submission_id = '', server } = granted(await refreshServer(strict, 'echo'));
  expect(server.status).toBe('pending_review');
  expect(await records.get('submission', 'default', submission_id)).toMatchObject({
    kind: 'review',
    submitter: { key_id: acting.caller.key_id },
  });
});

test('a server that moves, and one that is deleted, leaves no review behind', async () => {
  const { acting, records, upstream } = await plainWorld();
  upstream.description = 'Another text';
  const { submission_id = '' } = granted(await refreshServer(acting, 'echo'));
  granted(await patchServer(acting, 'echo', { version: 2, url: 'https://moved.example.com/mcp' }));
  expect((await records.get('submission', 'default', submission_id))?.status).toBe('withdrawn');
  const other = await plainWorld();
  other.upstream.description = 'Another text';
  const { submission_id: second = '' } = granted(await refreshServer(other.acting, 'echo'));
  granted(await removeServer(other.acting, 'echo'));
  expect((await other.records.get('submission', 'default', second))?.status).toBe('withdrawn');
});

test('a static header may name a secret that is stored already', async () => {
  const { acting, server } = await guardedWorld();
  const credentials = { secret, secrets: { EXTRA: 'more' } };
  granted(await patchServer(acting, server.id, { version: 1, credentials }));
  const static_headers = { 'x-extra': '{secrets.EXTRA}' };
  granted(await patchServer(acting, server.id, { version: 2, static_headers }));
  expect(old.requests.at(-1)?.headers['x-extra']).toBe('more');
  expect(granted(await patchServer(acting, server.id, { version: 3, url: other.url })).status).toBe('pending_review');
});

test('access groups that are left are free for others, and those that are joined are held', async () => {
  const { acting, records } = await plainWorld();
  granted(await patchServer(acting, 'echo', { version: 1, access_groups: ['dev', 'web'] }));
  granted(await patchServer(acting, 'echo', { version: 2, access_groups: ['web', 'ops'] }));
  expect([...records.names.keys()].sort()).toEqual(['echo', 'ops', 'web'].map((name) => `name/default/${name}`));
  expect(await patchServer(acting, 'echo', { version: 3, access_groups: ['echo'] })).toMatchObject({
    refusal: { param: 'access_groups' },
  });
});

test('a rule made later does not keep a server from being switched off', async () => {
  const { acting } = await plainWorld();
  const strict = {
    ...acting,
    checkUrl: () => ({ ok: false as const, refusal: { code: 'invalid_request' as const, message: 'no' } }),
  };
  expect(granted(await patchServer(strict, 'echo', { version: 1, disabled: true })).status).toBe('disabled');
  expect(await patchServer(strict, 'echo', { version: 2, url: `${plain.url}/2` })).toMatchObject({ ok: false });
});

test('a server of another org does not exist', async () => {
  const { acting, server } = await plainWorld();
  const foreign = { ...acting, caller: { ...acting.caller, org_id: 'org_other' } };
  for (const reference of [server.id, 'echo'])
    expect(await patchServer(foreign, reference, { version: 1, name: 'x' })).toMatchObject({
      refusal: { code: 'not_found' },
    });
});
