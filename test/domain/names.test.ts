import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { exposeNames, fullName, type NamedTool, splitFullName } from '../../lambdas/domain/names.ts';

const mcp = (tools: readonly NamedTool[], prefixed = true, hash?: (text: string) => string) => [
  ...exposeNames(tools, { prefixed, limit: 48, ...(hash === undefined ? {} : { hash }) }).keys(),
];

test('a full name is split at its first dot', () => {
  expect(splitFullName('github.issues.search')).toEqual({ alias: 'github', tool: 'issues.search' });
  expect(fullName({ alias: 'github', tool: 'issues.search' })).toBe('github.issues.search');
  for (const name of ['github', '.search', 'github.', '', '.']) expect(splitFullName(name)).toBeUndefined();
});

test('names are the own ones in a set of one server and prefixed elsewhere', () => {
  const tools = [{ alias: 'github', tool: 'search' }];
  expect(mcp(tools, false)).toEqual(['search']);
  expect(mcp(tools)).toEqual(['github__search']);
  expect(mcp([{ alias: 'notion', tool: 'pages.find' }])).toEqual(['notion__pages_find']);
});

test('TD-07 the same tool name on two servers, and separators inside names, stay apart', () => {
  const tools = [
    { alias: 'a', tool: 'search' },
    { alias: 'b', tool: 'search' },
    { alias: 'a', tool: 'b__c' },
    { alias: 'a-b', tool: 'c' },
    { alias: 'a__b', tool: 'c' },
  ];
  const exposed = exposeNames(tools, { prefixed: true, limit: 48 });
  expect(new Set(exposed.values())).toEqual(new Set(tools));
  expect(exposed.get('a__b__c')).toBe(tools[2]);
});

test('an exact name is kept; what clashes with it after replacing gets a hash', () => {
  const names = mcp([
    { alias: 'a', tool: 'x.y' },
    { alias: 'a', tool: 'x_y' },
    { alias: 'a', tool: 'x/y' },
  ]);
  expect(names[0]).toBe('a__x_y');
  expect(names.slice(1).every((name) => /^a__x_y_[0-9a-z]{7}$/.test(name))).toBe(true);
});

test('a name that is too long is cut with a hash; an own good one is kept up to 64', () => {
  const tool = 'x'.repeat(64);
  const [cut = ''] = mcp([{ alias: 'a', tool }]);
  expect(cut).toMatch(/^a__x{37}_[0-9a-z]{7}$/);
  expect(cut).toHaveLength(48);
  expect(mcp([{ alias: 'a', tool }], false)).toEqual([tool]);
  expect(mcp([{ alias: 'a', tool: `${tool}x` }], false)[0]).toHaveLength(48);
  expect(mcp([{ alias: 'a', tool: `${'x'.repeat(50)}.` }], false)[0]).toHaveLength(48);
});

test('names stay apart even where the hash does not tell them apart', () => {
  const tools = [
    { alias: 'a', tool: 'x.y' },
    { alias: 'a', tool: 'x/y' },
    { alias: 'a', tool: 'x_y_h' },
  ];
  expect(mcp(tools, false, () => 'h')).toEqual(['x_y_h', 'x_y_h1', 'x_y_h2']);
});

test('TD-07 names are good, lead back to every tool, and do not depend on the order of the tools', () => {
  const tool = fc.record({
    alias: fc.constantFrom('a', 'a-b', 'b', 'twenty-characters-xx'),
    tool: fc.oneof(fc.stringMatching(/^[ab._/-]{1,4}$/), fc.stringMatching(/^[a-z._/-]{1,128}$/)),
  });
  const tools = fc.uniqueArray(tool, { selector: fullName, maxLength: 40 });
  const shuffled = tools.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
  );
  fc.assert(
    fc.property(shuffled, fc.boolean(), fc.constantFrom(48, 64), ([all, other], prefixed, limit) => {
      const exposed = exposeNames(all, { prefixed, limit });
      expect(new Set(exposed.values())).toEqual(new Set(all));
      expect(new Map(exposeNames(other, { prefixed, limit }))).toEqual(new Map(exposed));
      for (const name of exposed.keys())
        expect(name).toMatch(prefixed && limit === 48 ? /^[\w-]{1,48}$/ : /^[\w-]{1,64}$/);
    }),
    { seed: 6, numRuns: 200 },
  );
});
