import { afterAll, expect, test } from '@jest/globals';
import type { Credentials } from '../../contract/auth.ts';
import { Preset } from '../../contract/catalog.ts';
import { Name } from '../../contract/names.ts';
import type { ServerView } from '../../contract/servers.ts';
import source from '../../lambdas/data/presets.json' with { type: 'json' };
import { addPreset as add, listCatalog } from '../../lambdas/govern/catalog/catalog.ts';
import { presets } from '../../lambdas/govern/catalog/presets.ts';
import { aliasOf } from '../../lambdas/govern/servers/alias.ts';
import { type Demand, type GuardedUpstream, guardedUpstream } from '../support/upstreams/guarded.ts';
import { granted, listing, serversWorld } from './servers-world.ts';

/** Adds a preset where no second admin is wanted: a server. */
async function addPreset(...given: Parameters<typeof add>) {
  const added = await add(...given);
  return added.ok ? { ok: true as const, value: added.value.body as ServerView } : added;
}

const running: GuardedUpstream[] = [];
afterAll(async () => {
  await Promise.all(running.map((upstream) => upstream.close()));
});

const cases = presets.flatMap((preset) =>
  preset.auth.map((mode, at) => ({ id: preset.id, at, auth_type: mode.auth_type, mode })),
);
const flows = new Set(['oauth2', 'oauth2_token_exchange', 'delegate_auth_to_upstream']);
const secret = 'canary-5f2d9c71e0';

/** What the vendor's server would demand of a mode, and the credentials an admin would give. */
function demandOf({ mode }: (typeof cases)[number]): { demand: Demand; credentials?: Credentials } {
  switch (mode.auth_type) {
    case 'bearer_token':
      return { demand: { auth_type: 'bearer_token', secret }, credentials: { secret } };
    case 'basic':
      return {
        demand: { auth_type: 'basic', username: 'ann', password: secret },
        credentials: { username: 'ann', password: secret },
      };
    case 'api_key': {
      const { header, template } = mode.auth ?? {};
      const shape = { ...(header ? { header } : {}), ...(template ? { template } : {}) };
      return { demand: { auth_type: 'api_key', secret, ...shape }, credentials: { secret } };
    }
    default:
      return { demand: { auth_type: 'none' } };
  }
}

test.each(cases.filter(({ auth_type }) => !flows.has(auth_type)))(
  'preset $id is added with auth_type $auth_type to an upstream that wants it so',
  async (one) => {
    const { demand, credentials } = demandOf(one);
    const upstream = await guardedUpstream(demand);
    running.push(upstream);
    const { acting, vault } = serversWorld();
    const given = { url: upstream.url, auth_type: one.auth_type, ...(credentials ? { credentials } : {}) };
    const view = granted(await addPreset(acting, one.id, given));
    expect(view).toMatchObject({
      alias: aliasOf(one.id),
      status: 'active',
      tools: ['whoami'],
      auth_type: one.auth_type,
    });
    expect(vault.stored.size).toBe(credentials ? 1 : 0);
    expect(JSON.stringify(view)).not.toContain(secret);
  },
);

test.each(cases.filter(({ auth_type }) => flows.has(auth_type)))(
  'preset $id is kept inactive with the reason where it needs an account ($auth_type)',
  async ({ id, auth_type, at }) => {
    const upstream = listing(['a']);
    const view = granted(await addPreset(serversWorld(upstream).acting, id, { auth_type }));
    expect(view).toMatchObject({ status: 'inactive', auth_type, url: presets.find((one) => one.id === id)?.urls[at] });
    expect(view.status_reason).toBeTruthy();
    expect(upstream.reads).toBe(0);
  },
);

test('every preset of the data is in the catalog in the words of the contract, with its sources', () => {
  expect(presets.map(({ id }) => id)).toEqual(source.presets.map(({ id }) => id));
  for (const preset of presets) {
    expect(Preset.safeParse(preset).error).toBeUndefined();
    expect(preset.sources.length).toBeGreaterThan(0);
    expect(preset.urls.every((url) => url.startsWith('https://'))).toBe(true);
  }
  expect(source.presets.every(({ transport }) => transport === 'streamable-http')).toBe(true);
});

test('every id becomes an alias, and no two the same', () => {
  const aliases = presets.map(({ id }) => aliasOf(id));
  expect(new Set(aliases).size).toBe(presets.length);
  expect(aliases.every((alias) => Name.safeParse(alias).success)).toBe(true);
});

test('a scheme of its own is an api_key in the Authorization header', () => {
  const pagerduty = presets.find(({ id }) => id === 'pagerduty');
  expect(pagerduty?.auth).toMatchObject([
    { auth_type: 'api_key', auth: { header: 'Authorization', template: 'Token token={secret}' } },
  ]);
});

test('without an auth_type the credentials choose the mode, and without both it is none where there is one', async () => {
  const made = async (id: string, given = {}) =>
    granted(await addPreset(serversWorld(listing(['a'])).acting, id, given));
  expect((await made('atlassian', { credentials: { username: 'a', password: 'b' } })).auth_type).toBe('basic');
  expect((await made('atlassian', { credentials: { secret: 'b' } })).auth_type).toBe('bearer_token');
  expect((await made('exa')).auth_type).toBe('none');
  expect((await made('notion')).auth_type).toBe('oauth2');
  expect((await made('exa', { alias: 'search', description: 'Ours' })).alias).toBe('search');
});

test('an unknown preset is 404, and a mode that a preset does not have is 400', async () => {
  const { acting } = serversWorld(listing(['a']));
  expect(await addPreset(acting, 'nowhere', {})).toMatchObject({ refusal: { code: 'not_found' } });
  expect(await addPreset(acting, 'notion', { auth_type: 'basic' })).toMatchObject({ refusal: { param: 'auth_type' } });
  expect(await addPreset(acting, 'notion', { credentials: { secret: 'x' } })).toMatchObject({
    refusal: { param: 'auth_type' },
  });
});

test('SS-09: a url that is given is checked like any other', async () => {
  const { acting } = serversWorld(listing(['a']));
  expect(await addPreset(acting, 'exa', { url: 'https://169.254.169.254/mcp' })).toMatchObject({
    refusal: { param: 'url' },
  });
});

test('the catalog is listed by pages, without what only the gateway reads', async () => {
  const { acting } = serversWorld();
  const first = granted(await listCatalog(acting, { limit: 30 }));
  const second = granted(await listCatalog(acting, { limit: 30, cursor: first.next_cursor ?? '' }));
  expect(second.next_cursor).toBeUndefined();
  expect([...first.data, ...second.data].map(({ id }) => id).sort()).toEqual(presets.map(({ id }) => id).sort());
  expect(first.data.every((preset) => !('urls' in preset))).toBe(true);
});
