import { expect, test } from '@jest/globals';
import { accessOf } from '../../lambdas/domain/access.ts';
import { maxNames, narrow, parseNames, ungranted } from '../../lambdas/domain/narrow.ts';
import { aServer, aToolset, aWorld, noon } from '../support/records.ts';

const github = aServer({ alias: 'github', access_groups: ['eng'] });
const linear = aServer({ alias: 'linear', access_groups: ['eng'] });
const drafts = aServer({ alias: 'drafts', access_groups: ['eng', 'quiet'], status: 'pending_review' });
const world = aWorld({
  key: { object_permission: { mcp_tool_permissions: { [github.id]: ['echo'] } } },
  servers: [github, linear, drafts],
  toolsets: [
    aToolset({ name: 'daily', tools: [{ server: linear.id, tool: 'add' }] }),
    aToolset({ name: 'stale', tools: [{ server: 'srv_gone', tool: 'add' }] }),
  ],
});

function held(...names: string[]) {
  const narrowed = narrow(world, names);
  if (!narrowed.ok) return narrowed.refusal;
  return [github, linear].flatMap((server) =>
    ['echo', 'add'].filter((tool) => narrowed.value.holds(server, tool)).map((tool) => `${server.alias}.${tool}`),
  );
}

test('a name is an alias, an access group or a toolset; several are their union', () => {
  expect(held('github')).toEqual(['github.echo', 'github.add']);
  expect(held('eng')).toEqual(['github.echo', 'github.add', 'linear.echo', 'linear.add']);
  expect(held('daily')).toEqual(['linear.add']);
  expect(held('daily', 'github')).toEqual(['github.echo', 'github.add', 'linear.add']);
});

test('the first unknown name is reported; the alias and the labels of a server that is not active are unknown', () => {
  expect(held('github', 'nope', 'other')).toEqual({ unknown: 'nope' });
  for (const name of ['drafts', 'quiet', 'GitHub', 'github*', '*', 'srv_github', 'toString', ''])
    expect(held(name)).toEqual({ unknown: name });
});

test('single is the alias where exactly one name was given and it is one', () => {
  const single = (...names: string[]) => {
    const narrowed = narrow(world, names);
    return narrowed.ok && narrowed.value.single;
  };
  expect(single('github')).toBe('github');
  expect([single('eng'), single('daily'), single('github', 'linear'), single('github', 'github')]).toEqual(
    Array(4).fill(undefined),
  );
});

test('a named set of which the caller may call nothing is reported', () => {
  const refused = (...names: string[]) => {
    const narrowed = narrow(world, names);
    return narrowed.ok && ungranted(narrowed.value, world, accessOf(world, noon));
  };
  expect(refused('github')).toBeUndefined();
  expect(refused('eng')).toBeUndefined();
  expect(refused('github', 'linear')).toBe('linear');
  expect(refused('daily')).toBe('daily');
  expect(refused('stale')).toBe('stale');
});

test('an alias and a label stand for a whole server, a toolset for some of its tools', () => {
  const whole = (...names: string[]) => {
    const narrowed = narrow(world, names);
    return narrowed.ok && [github, linear].filter(narrowed.value.whole).map(({ alias }) => alias);
  };
  expect([whole('github'), whole('eng'), whole('daily')]).toEqual([['github'], ['github', 'linear'], []]);
  expect(whole('daily', 'github')).toEqual(['github']);
});

test('a server without a callable tool is not refused where it offers prompts or resources', () => {
  const quiet = aServer({ alias: 'quiet', tools: [], offers: { prompts: true, resources: false, completions: false } });
  const key = { object_permission: { mcp_servers: ['*'] } };
  for (const [server, refused] of [
    [quiet, undefined],
    [aServer({ alias: 'quiet', tools: [] }), 'quiet'],
  ] as const) {
    const of = aWorld({ key, servers: [server] });
    const narrowed = narrow(of, ['quiet']);
    expect(narrowed.ok && ungranted(narrowed.value, of, accessOf(of, noon))).toBe(refused);
  }
});

test('TD-01: a server whose tools are all in quarantine is not refused by its name: the call says what became of them', () => {
  const changed = aServer({ alias: 'changed', quarantined: ['echo', 'add'] });
  const of = aWorld({ key: { object_permission: { mcp_servers: ['*'] } }, servers: [changed] });
  const narrowed = narrow(of, ['changed']);
  expect(narrowed.ok && ungranted(narrowed.value, of, accessOf(of, noon))).toBeUndefined();
});

test('a list of names is split at commas, blanks around a name aside; an empty name or too many are invalid', () => {
  expect(parseNames('github')).toEqual({ ok: true, value: ['github'] });
  expect(parseNames(' github,\tlinear ')).toEqual({ ok: true, value: ['github', 'linear'] });
  for (const text of ['', ' ', 'github,', ',github', 'github,,linear'])
    expect(parseNames(text)).toMatchObject({ ok: false, refusal: { code: 'invalid_request' } });
  const many = (count: number) => Array.from({ length: count }, (_, at) => `s${at}`).join();
  expect(parseNames(many(maxNames)).ok).toBe(true);
  expect(parseNames(many(maxNames + 1))).toMatchObject({ ok: false, refusal: { code: 'invalid_request' } });
});
