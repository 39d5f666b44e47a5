import { expect, test } from '@jest/globals';
import type { Snapshot, ToolDefinition } from '../../../lambdas/domain/definition.ts';
import { parseJson } from '../../../lambdas/domain/protocol/json.ts';
import { diff } from '../../../lambdas/domain/snapshot/diff.ts';
import { hashOf, identityOf } from '../../../lambdas/domain/snapshot/identity.ts';
import { pin } from '../../../lambdas/domain/snapshot/pin.ts';

const tool = (name: string, more: Record<string, unknown> = {}): ToolDefinition => ({
  name,
  inputSchema: { type: 'object', properties: { q: { type: 'string' } } },
  ...more,
});
const pinned = (
  tools: readonly unknown[],
  more: { instructions?: string; server_info?: Record<string, unknown> } = {},
) => {
  const result = pin({ tools, ...more });
  if (!result.ok) throw new Error(result.refusal.code);
  return result.value;
};
const refusedFor = (more: Record<string, unknown>) => pinned([tool('a', more)]).refused_tools[0]?.reason;
const none = { added: [], removed: [], modified: [] };
const noDrift = {
  ...none,
  changed: false,
  prompts: none,
  resources: none,
  resource_templates: none,
  instructions: false,
  offers: false,
};
const server = { url: 'https://x.example/mcp', auth_type: 'none', auth: {} } as const;

test('good definitions are kept whole, in the order of their names', () => {
  const tools = [
    tool('b', { title: 'B', _meta: { ui: 1 } }),
    tool('a', { inputSchema: { type: 'object', properties: { o: { type: 'string', 'x-mcp-header': 'Owner' } } } }),
  ];
  expect(pinned(tools, { instructions: 'Read me.', server_info: { version: '1' } })).toEqual({
    snapshot: { tools: [tools[1], tools[0]], instructions: 'Read me.', server_info: { version: '1' } },
    tools: [{ name: 'a', mirrored: { o: 'Owner' } }, { name: 'b' }],
    refused_tools: [],
    refused_offers: [],
    offers: { prompts: false, resources: false, completions: false },
  });
});

test('a tool without a good name is refused, and its name is shown without what could hurt a reader', () => {
  const bad = [tool('a b'), tool(''), tool('x'.repeat(129)), tool('\u001b[31mred\u{e0041}'), 'text', null, { name: 5 }];
  expect(pinned([...bad, tool('good')])).toMatchObject({
    tools: [{ name: 'good' }],
    refused_tools: [
      { name: '', reason: 'its name is not valid' },
      { name: '(no name)' },
      { name: '?[31mred??' },
      { name: 'a b' },
      { name: 'x'.repeat(128) },
    ],
  });
});

test('of tools with one name none is kept, whatever else is wrong with them', () => {
  expect(pinned([tool('a'), tool('a', { description: 'other' }), tool('b'), tool('b', { icons: 1 })])).toMatchObject({
    tools: [],
    refused_tools: [
      { name: 'a', reason: 'its name is there twice' },
      { name: 'b', reason: 'icons is not a list' },
    ],
  });
});

test.each([
  [{ description: ' '.repeat(10_000) }, 'description is over 4096 bytes'],
  [{ description: '\u{e0041}'.repeat(1025) }, 'description is over 4096 bytes'],
  [{ title: '\u200b'.repeat(1366) }, 'title is over 4096 bytes'],
  [{ inputSchema: { type: 'object', description: 'x'.repeat(33_000) } }, 'inputSchema is over 32768 bytes'],
  [{ outputSchema: { type: 'object', description: 'x'.repeat(33_000) } }, 'outputSchema is over 32768 bytes'],
])('TD-05 a text over its cap is refused %#', (more, reason) => {
  expect(refusedFor(more)).toBe(reason);
});

test.each([
  [{ description: 5 }, 'description is not text'],
  [{ inputSchema: undefined }, 'inputSchema is not an object'],
  [{ inputSchema: [] }, 'inputSchema is not an object'],
  [{ inputSchema: { type: 'array' } }, 'inputSchema is not of type object'],
  [{ outputSchema: true }, 'outputSchema is not an object'],
  [{ annotations: [] }, 'annotations is not an object'],
  [{ icons: {} }, 'icons is not a list'],
])('a definition that is none is refused: %j', (more, reason) => {
  expect(refusedFor(more)).toBe(reason);
});

test.each(['http://127.0.0.1:9001/x', '//evil.example/x', 'other.json', 'file:///etc/passwd', ''])(
  'SS-17 a reference that a validator would fetch is refused: %s',
  (target) => {
    for (const key of ['$ref', '$dynamicRef', '$recursiveRef', '$schema']) {
      const schema = { type: 'object', properties: { a: { anyOf: [{ items: { [key]: target } }] } } };
      expect(refusedFor({ inputSchema: schema })).toBe(`inputSchema has a ${key} that points outside`);
      expect(refusedFor({ outputSchema: schema })).toBe(`outputSchema has a ${key} that points outside`);
    }
  },
);

test('SS-17 references inside the schema, known dialects and properties of such names are kept', () => {
  const inputSchema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    $defs: { a: { type: 'string' } },
    properties: { x: { $ref: '#/$defs/a' }, $ref: { type: 'string' }, y: { $dynamicRef: '#a' } },
  };
  expect(
    refusedFor({
      inputSchema,
      outputSchema: { $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'array' },
    }),
  ).toBeUndefined();
});

test('TD-08 a tool with a bad x-mcp-header is left out with the reason', () => {
  const inputSchema = { type: 'object', properties: { a: { type: 'string', 'x-mcp-header': 'Authorization' } } };
  expect(refusedFor({ inputSchema })).toBe('x-mcp-header of a takes the name of a protected header');
});

test('TD-12 a server with too many tools or too much text cannot be approved', () => {
  const many = Array.from({ length: 5000 }, (_, i) => tool(`t${i}`));
  expect(pin({ tools: many })).toMatchObject({
    ok: false,
    refusal: { code: 'upstream_too_large', message: expect.stringContaining('256') },
  });
  expect(pinned(many.slice(0, 256)).tools).toHaveLength(256);
  const long = many.slice(0, 40).map((each) => ({ ...each, outputSchema: { description: 'x'.repeat(30_000) } }));
  expect(pin({ tools: long })).toMatchObject({
    ok: false,
    refusal: { code: 'upstream_too_large', message: expect.stringContaining('1048576') },
  });
});

const full = tool('a', {
  title: 'A',
  description: 'Finds things.',
  inputSchema: { type: 'object', properties: { q: { type: 'string', description: 'what', default: 1, enum: [1, 2] } } },
  outputSchema: { type: 'object' },
  annotations: { readOnlyHint: true },
  icons: [{ src: 'data:,1' }],
});
const before: Snapshot = { tools: [full, tool('b')], instructions: 'Be good.' };
const property = (change: Record<string, unknown>) => ({
  inputSchema: {
    type: 'object',
    properties: { q: { type: 'string', description: 'what', default: 1, enum: [1, 2], ...change } },
  },
});

test.each([
  ['title', { title: 'A ' }],
  ['description', { description: 'Finds things. Call me first.' }],
  ['annotations', { annotations: { readOnlyHint: false } }],
  ['inputSchema', property({ default: 2 })],
  ['inputSchema', property({ enum: [1] })],
  ['inputSchema', property({ description: 'what\u200b' })],
  ['outputSchema', { outputSchema: { type: 'object', title: 'x' } }],
  ['icons', { icons: [{ src: 'data:,2' }] }],
  ['_meta', { _meta: { ui: 1 } }],
])('TD-02 a change in the %s alone is seen, and changes the hash %#', (field, change) => {
  const after: Snapshot = { ...before, tools: [{ ...full, ...change }, tool('b')] };
  expect(diff(before, after)).toEqual({
    ...noDrift,
    changed: true,
    modified: [{ name: 'a', fields: [field] }],
  });
  expect(identityOf(after, server)).not.toBe(identityOf(before, server));
});

test('TD-02 a change in the instructions alone is seen, and changes the hash', () => {
  for (const after of [{ ...before, instructions: 'Be bad.' }, { tools: before.tools }]) {
    expect(diff(before, after)).toMatchObject({ changed: true, modified: [], instructions: true });
    expect(identityOf(after, server)).not.toBe(identityOf(before, server));
  }
});

test('TD-04 new and vanished tools are told apart from changed ones, in the order of names', () => {
  const after: Snapshot = {
    ...before,
    tools: [tool('z'), tool('c'), tool('b', { title: 'B' }), { ...full, title: 'Z' }],
  };
  expect(diff({ ...before, tools: [tool('y'), tool('x'), tool('b'), full] }, after)).toEqual({
    ...noDrift,
    changed: true,
    added: ['c', 'z'],
    removed: ['x', 'y'],
    modified: [
      { name: 'a', fields: ['title'] },
      { name: 'b', fields: ['title'] },
    ],
  });
});

test('TD-03 reordered keys and tools, white space and 1.0 for 1 are no drift', () => {
  const read = (text: string) => {
    const parsed = parseJson(text);
    return parsed.ok ? pinned(parsed.value as unknown[]).snapshot : undefined;
  };
  const one = read(
    '[{"name":"a","inputSchema":{"type":"object","maxProperties":1}},{"name":"b","inputSchema":{"type":"object"}}]',
  ) as Snapshot;
  const two = read(
    '[ {"inputSchema":{"type":"object"},"name":"b"}, {"inputSchema":{"maxProperties":1.0,"type":"object"},"name":"a"} ]',
  ) as Snapshot;
  expect(diff(one, two)).toMatchObject({ changed: false, modified: [] });
  expect(hashOf(one, server, (text) => text)).toBe(hashOf(two, server, (text) => text));
});

test('where and how a server is reached is part of its identity; its version number is not', () => {
  const same = identityOf({ ...before, server_info: { version: '2' } }, server);
  expect(same).toBe(identityOf(before, server));
  for (const other of [
    { url: 'https://y.example/mcp' },
    { auth_type: 'basic' as const },
    { auth: { header: 'x-key' } },
  ]) {
    expect(identityOf(before, { ...server, ...other })).not.toBe(same);
  }
});
