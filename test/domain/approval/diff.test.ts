import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { changesBetween } from '../../../lambdas/domain/approval/diff.ts';
import type { Snapshot, ToolDefinition } from '../../../lambdas/domain/definition.ts';
import { parseJson } from '../../../lambdas/domain/protocol/json.ts';
import { diff } from '../../../lambdas/domain/snapshot/diff.ts';
import { identityOf } from '../../../lambdas/domain/snapshot/identity.ts';
import { pin } from '../../../lambdas/domain/snapshot/pin.ts';

const q = { type: 'string', description: 'what', default: 'a', enum: ['a', 'b'] };
const schemaWith = (change: object) => ({ type: 'object', properties: { q: { ...q, ...change } } });
const tool: ToolDefinition = {
  name: 'search',
  title: 'Search',
  description: 'Finds things.',
  inputSchema: schemaWith({}),
  outputSchema: { type: 'object', properties: { hits: { items: { type: 'string', description: 'a hit' } } } },
  annotations: { readOnlyHint: true },
  icons: [{ src: 'https://x.example/1.png' }],
};
const pinned: Snapshot = {
  tools: [tool],
  prompts: [{ name: 'ask', description: 'Asks.', arguments: [{ name: 'x', description: 'of what' }] }],
  resources: [{ uri: 'a:b', name: 'n' }],
  resource_templates: [{ uriTemplate: 'a:{b}', name: 'n' }],
  instructions: 'Be good.',
};
const withTool = (change: object): Snapshot => ({ ...pinned, tools: [{ ...tool, ...change }] });
const server = { url: 'https://x.example/mcp', auth_type: 'none', auth: {} } as const;

test.each([
  ['tool search: title', 'Search', 'Search[U+0020]', withTool({ title: 'Search ' })],
  ['tool search: annotations/readOnlyHint', 'true', 'false', withTool({ annotations: { readOnlyHint: false } })],
  ['tool search: inputSchema/properties/q/default', 'a', 'b', withTool({ inputSchema: schemaWith({ default: 'b' }) })],
  [
    'tool search: inputSchema/properties/q/enum',
    '[\n "a",\n "b"\n]',
    '[\n "a"\n]',
    withTool({ inputSchema: schemaWith({ enum: ['a'] }) }),
  ],
  [
    'tool search: inputSchema/properties/q/description',
    'what',
    'wh[U+200B]at',
    withTool({ inputSchema: schemaWith({ description: 'wh\u200bat' }) }),
  ],
  [
    'tool search: outputSchema/properties/hits/items/description',
    'a hit',
    'a[U+202E] hit',
    withTool({
      outputSchema: { type: 'object', properties: { hits: { items: { type: 'string', description: 'a\u202e hit' } } } },
    }),
  ],
  [
    'tool search: icons/0/src',
    'https://x.example/1.png',
    'https://x.example/2.png',
    withTool({ icons: [{ src: 'https://x.example/2.png' }] }),
  ],
  ['server: instructions', 'Be good.', 'Be bad.', { ...pinned, instructions: 'Be bad.' }],
  [
    'prompt ask: arguments/0/description',
    'of what',
    'of whom',
    { ...pinned, prompts: [{ ...pinned.prompts![0]!, arguments: [{ name: 'x', description: 'of whom' }] }] },
  ],
  ['resource a:b: name', 'n', 'm', { ...pinned, resources: [{ uri: 'a:b', name: 'm' }] }],
  ['resource template a:{b}: name', 'n', 'm', { ...pinned, resource_templates: [{ uriTemplate: 'a:{b}', name: 'm' }] }],
] as const)(
  'TD-02 a change in %s alone is named by its path, with both texts visible',
  (where, before, after, live) => {
    expect(changesBetween(pinned, live)).toEqual([{ where, before, after }]);
  },
);

test('TD-02 a text of another type, a field more and a field less can be told apart', () => {
  const changes = (change: object, next: object) =>
    changesBetween(withTool({ inputSchema: schemaWith(change) }), withTool({ inputSchema: schemaWith(next) }));
  const where = 'tool search: inputSchema/properties/q/default';
  expect(changes({ default: '1' }, { default: 1 })).toEqual([{ where, before: '"1"', after: '1' }]);
  expect(changes({ default: null }, { default: undefined })).toEqual([{ where, before: 'null' }]);
  expect(changes({ default: undefined }, { default: ' x' })).toEqual([{ where, after: '[U+0020]x' }]);
  expect(changes({ default: [{ a: 1 }] }, { default: [{ a: 1 }, {}] })).toMatchObject([{ where }]);
  expect(changes({ default: [{ a: 1 }, { b: 1 }] }, { default: [{ a: 1 }, { b: 2 }] })).toEqual([
    { where: `${where}/1/b`, before: '1', after: '2' },
  ]);
  expect(changes({ default: [{ a: 1 }] }, { default: [1] })).toMatchObject([{ where }]);
});

test('TD-02 numbers that no double holds are compared and shown by their digits', () => {
  const read = (digits: string) => {
    const parsed = parseJson(`{"default":${digits}}`);
    return withTool({ inputSchema: schemaWith(parsed.ok ? (parsed.value as object) : {}) });
  };
  const where = 'tool search: inputSchema/properties/q/default';
  expect(changesBetween(read('12345678901234567890'), read('12345678901234567891'))).toEqual([
    { where, before: '12345678901234567890', after: '12345678901234567891' },
  ]);
  expect(changesBetween(read('12345678901234567890'), read('1234567890123456789e1'))).toEqual([]);
});

test('TD-03 reordered keys and tools, white space and 1.0 for 1 are no change', () => {
  const read = (text: string): Snapshot => {
    const parsed = parseJson(text);
    const kept = parsed.ok ? pin({ tools: parsed.value as unknown[] }) : undefined;
    if (!kept?.ok) throw new Error('not pinned');
    return kept.value.snapshot;
  };
  const one = read(
    '[{"name":"a","inputSchema":{"type":"object","maxProperties":1}},{"name":"b","inputSchema":{"type":"object"}}]',
  );
  const two = read(
    '[ {"inputSchema":{"type":"object"},"name":"b"}, {"inputSchema":{"maxProperties":1.0,"type":"object"},"name":"a"} ]',
  );
  expect(changesBetween(one, two)).toEqual([]);
});

test('TD-04 a new tool and a vanished one are shown whole, after the changed ones', () => {
  const live: Snapshot = {
    ...pinned,
    tools: [
      { name: 'new', inputSchema: { type: 'object' } },
      { ...tool, title: 'S' },
    ],
  };
  const old: Snapshot = { ...pinned, tools: [{ name: 'old', inputSchema: {} }, tool] };
  expect(changesBetween(old, live)).toEqual([
    { where: 'tool search: title', before: 'Search', after: 'S' },
    { where: 'tool old', before: '{\n "name": "old",\n "inputSchema": {}\n}' },
    { where: 'tool new', after: '{\n "name": "new",\n "inputSchema": {\n  "type": "object"\n }\n}' },
  ]);
});

test('what a server begins or ceases to offer is a change, an empty list too', () => {
  const bare: Snapshot = { tools: [] };
  expect(changesBetween(bare, { tools: [], prompts: [], resource_templates: [], completions: true })).toEqual([
    { where: 'server: prompts', before: 'not offered', after: 'offered' },
    { where: 'server: resource_templates', before: 'not offered', after: 'offered' },
    { where: 'server: completions', before: 'not offered', after: 'offered' },
  ]);
  expect(changesBetween(pinned, { tools: [tool] }).map(({ where }) => where)).toEqual([
    'server: instructions',
    'server: prompts',
    'server: resources',
    'server: resource_templates',
    'prompt ask',
    'resource a:b',
    'resource template a:{b}',
  ]);
});

test('of a long text the part that changed is shown', () => {
  const long = (middle: string) => `${'x'.repeat(5000)}${middle}${'y'.repeat(5000)}`;
  const [change] = changesBetween({ tools: [], instructions: long('good') }, { tools: [], instructions: long('evil') });
  expect(change?.before).toMatch(/^\u2026x{80}goody+\u2026$/);
  expect(change?.after).toMatch(/^\u2026x{80}evily+\u2026$/);
  expect(change?.after).toHaveLength(2000);
});

test('past 500 changes the last row says how many more there are', () => {
  const properties = (text: string) =>
    Object.fromEntries(Array.from({ length: 600 }, (_, n) => [`p${n}`, { title: text }]));
  const changes = changesBetween(
    withTool({ inputSchema: properties('a') }),
    withTool({ inputSchema: properties('b') }),
  );
  expect(changes).toHaveLength(501);
  expect(changes[500]).toEqual({ where: '100 more changes' });
});

test('there is a change where the hash differs, and only there', () => {
  const value = fc.oneof(
    fc.constantFrom(null, undefined, 'a', 'b', 1),
    fc.array(fc.constantFrom('a', {}), { maxLength: 2 }),
  );
  const definition = fc.record(
    { name: fc.constantFrom('a', 'b'), x: value, y: fc.record({ z: value }) },
    { requiredKeys: ['name'] },
  );
  const list = fc
    .uniqueArray(definition, { selector: ({ name }) => name, maxLength: 2 })
    .map((all) => all.toSorted((one, two) => (one.name < two.name ? -1 : 1)));
  const snapshot = fc.record(
    {
      tools: list,
      prompts: list,
      resources: list.map((all) => all.map((one) => ({ ...one, uri: one.name }))),
      resource_templates: list.map((all) => all.map((one) => ({ ...one, uriTemplate: one.name }))),
      completions: fc.constant(true),
      instructions: fc.constantFrom('', 'a'),
    },
    { requiredKeys: ['tools'] },
  );
  fc.assert(
    fc.property(snapshot, snapshot, (one, two) => {
      const [before, after] = [one, two] as unknown as [Snapshot, Snapshot];
      const changed = identityOf(before, server) !== identityOf(after, server);
      expect(diff(before, after).changed).toBe(changed);
      expect(changesBetween(before, after).length > 0).toBe(changed);
    }),
    { seed: 1, numRuns: 500 },
  );
});
