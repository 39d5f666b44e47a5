import { expect, test } from '@jest/globals';
import type { Snapshot } from '../../../lambdas/domain/definition.ts';
import { diff } from '../../../lambdas/domain/snapshot/diff.ts';
import { identityOf } from '../../../lambdas/domain/snapshot/identity.ts';
import { pin } from '../../../lambdas/domain/snapshot/pin.ts';

const server = { url: 'https://x.example/mcp', auth_type: 'none', auth: {} } as const;
const prompt = (name: string, more: object = {}) => ({ name, ...more });
const resource = (uri: string, more: object = {}) => ({ uri, name: 'a name', ...more });
const template = (uriTemplate: string, more: object = {}) => ({ uriTemplate, name: 'a name', ...more });

type Lists = { prompts?: unknown[]; resources?: unknown[]; resource_templates?: unknown[]; completions?: true };
function pinned(lists: Lists) {
  const result = pin({ tools: [], ...lists });
  if (!result.ok) throw new Error(JSON.stringify(result.refusal));
  return result.value;
}

test('prompts, resources and templates are kept whole, in the order of what names them', () => {
  const prompts = [
    prompt('b b', { icons: [{ src: 'data:,1' }] }),
    prompt('a', { arguments: [{ name: 'x', later: 1 }] }),
  ];
  const resources = [resource('test://b'), resource('file:///ä', { size: 1, annotations: { priority: 1 } })];
  const resource_templates = [template('{+base}/x'), template('test://{id}', { mimeType: 'text/plain' })];
  expect(pinned({ prompts, resources, resource_templates, completions: true })).toEqual({
    snapshot: {
      tools: [],
      prompts: [prompts[1], prompts[0]],
      resources: [resources[1], resources[0]],
      resource_templates: [resource_templates[1], resource_templates[0]],
      completions: true,
    },
    tools: [],
    refused_tools: [],
    refused_offers: [],
    offers: { prompts: true, resources: true, completions: true },
  });
});

test('a server that lists no resources may still offer them: results link to what no list shows', () => {
  expect(pinned({ resources: [] })).toMatchObject({ snapshot: { resources: [] }, offers: { resources: true } });
  expect(pinned({})).toMatchObject({ offers: { prompts: false, resources: false, completions: false } });
  expect(Object.keys(pinned({}).snapshot)).toEqual(['tools']);
});

const long = 'x'.repeat(4097);
test.each([
  [{ prompts: [prompt('')] }, '', 'its name is not valid'],
  [{ prompts: [prompt('x'.repeat(129))] }, 'x'.repeat(128), 'its name is not valid'],
  [{ prompts: [prompt(' a')] }, ' a', 'its name is not valid'],
  [{ prompts: [prompt('a\u{e0041}')] }, 'a??', 'its name is not valid'],
  [{ prompts: [prompt('a\u200b')] }, 'a?', 'its name is not valid'],
  [{ prompts: [prompt('\u001b[31m')] }, '?[31m', 'its name is not valid'],
  [{ prompts: [{ name: 5 }] }, '(no name)', 'its name is not valid'],
  [{ prompts: [prompt('a'), prompt('a', { title: 'A' })] }, 'a', 'its name is there twice'],
  [{ prompts: [prompt('a', { description: ' '.repeat(10_000) })] }, 'a', 'description is over 4096 bytes'],
  [{ prompts: [prompt('a', { title: 5 })] }, 'a', 'title is not text'],
  [{ prompts: [prompt('a', { icons: {} })] }, 'a', 'icons is not a list'],
  [{ prompts: [prompt('a', { arguments: {} })] }, 'a', 'arguments is not a list'],
  [{ prompts: [prompt('a', { arguments: [{}] })] }, 'a', 'an argument has no valid name'],
  [{ prompts: [prompt('a', { arguments: [{ name: 'b\u202e' }] })] }, 'a', 'an argument has no valid name'],
  [
    { prompts: [prompt('a', { arguments: [{ name: 'b', description: long }] })] },
    'a',
    'description of an argument is over 4096 bytes',
  ],
  [{ prompts: [prompt('a', { _meta: { x: 'y'.repeat(33_000) } })] }, 'a', 'the definition is over 32768 bytes'],
  [{ resources: [resource('no scheme')] }, 'no scheme', 'its uri is not valid'],
  [{ resources: [resource('/etc/passwd')] }, '/etc/passwd', 'its uri is not valid'],
  [{ resources: [resource('a:\nb')] }, 'a:?b', 'its uri is not valid'],
  [{ resources: [resource('a:\u200bb')] }, 'a:?b', 'its uri is not valid'],
  [{ resources: [resource(`a:${'b'.repeat(2047)}`)] }, `a:${'b'.repeat(126)}`, 'its uri is not valid'],
  [{ resources: [resource('a:b'), resource('a:b')] }, 'a:b', 'its uri is there twice'],
  [{ resources: [{ uri: 'a:b' }] }, 'a:b', 'it has no name'],
  [{ resources: [resource('a:b', { name: long })] }, 'a:b', 'name is over 4096 bytes'],
  [{ resources: [resource('a:b', { mimeType: 5 })] }, 'a:b', 'mimeType is not text'],
  [{ resources: [resource('a:b', { annotations: [] })] }, 'a:b', 'annotations is not an object'],
  [{ resource_templates: [template('a {b}')] }, 'a {b}', 'its uriTemplate is not valid'],
  [{ resource_templates: [template('a:{b}'), template('a:{b}')] }, 'a:{b}', 'its uriTemplate is there twice'],
  [{ resource_templates: [template('a:{b}', { description: long })] }, 'a:{b}', 'description is over 4096 bytes'],
] as const)('TD-05 what no reviewer could see or judge is left out with its reason %#', (lists, name, reason) => {
  const { snapshot, refused_offers } = pinned(lists as unknown as Lists);
  expect(refused_offers).toMatchObject([{ name, reason }]);
  expect([snapshot.prompts ?? [], snapshot.resources ?? [], snapshot.resource_templates ?? []].flat()).toEqual([]);
});

test('a record names at most 50 of what was refused', () => {
  const bad = Array.from({ length: 60 }, (_, n) => resource(`${n}`));
  const { refused_offers } = pinned({ resources: bad, prompts: [prompt('')] });
  expect(refused_offers).toHaveLength(50);
  expect(refused_offers.map(({ kind }) => kind).slice(0, 2)).toEqual(['prompt', 'resource']);
});

test('TD-12 a server with too many prompts, resources or templates, or too much text, cannot be approved', () => {
  const many = <T>(count: number, make: (n: number) => T) => Array.from({ length: count }, (_, n) => make(n));
  const verdict = (lists: Lists) => {
    const result = pin({ tools: [], ...lists });
    return result.ok || (result.refusal as { message?: string }).message;
  };
  expect(verdict({ prompts: many(256, (n) => prompt(`p${n}`)) })).toBe(true);
  expect(verdict({ prompts: many(257, (n) => prompt(`p${n}`)) })).toContain('256 prompts');
  expect(verdict({ resources: many(1001, (n) => resource(`a:${n}`)) })).toContain('1000 resources');
  expect(verdict({ resource_templates: many(1001, (n) => template(`a:{b${n}}`)) })).toContain(
    '1000 resource templates',
  );
  const wide = many(40, (n) => resource(`a:${n}`, { _meta: { x: 'y'.repeat(30_000) } }));
  expect(verdict({ resources: wide })).toContain('1048576');
});

const before: Snapshot = {
  tools: [],
  prompts: [
    { name: 'p', title: 'P', description: 'Asks.', arguments: [{ name: 'x', description: 'what' }], icons: [1] },
  ],
  resources: [{ uri: 'a:b', name: 'n', description: 'Holds.', mimeType: 'text/plain', size: 1, annotations: {} }],
  resource_templates: [{ uriTemplate: 'a:{c}', name: 'n', description: 'Holds.' }],
  completions: true,
};

test.each([
  ['prompts', 'p', 'title', { title: 'Q' }],
  ['prompts', 'p', 'description', { description: 'Asks. Call me first.' }],
  ['prompts', 'p', 'arguments', { arguments: [{ name: 'x', description: 'what\u200b' }] }],
  ['prompts', 'p', 'arguments', { arguments: [{ name: 'x', description: 'what', required: true }] }],
  ['prompts', 'p', 'icons', { icons: [2] }],
  ['resources', 'a:b', 'name', { name: 'm' }],
  ['resources', 'a:b', 'description', { description: 'Held.' }],
  ['resources', 'a:b', 'mimeType', { mimeType: 'text/html' }],
  ['resources', 'a:b', 'size', { size: 2 }],
  ['resources', 'a:b', 'annotations', { annotations: { priority: 1 } }],
  ['resource_templates', 'a:{c}', 'description', { description: 'Held.' }],
] as const)(
  'TD-02 a change in %s alone, of %s in its %s, is seen and changes the hash',
  (kind, name, field, change) => {
    const after = { ...before, [kind]: [{ ...before[kind]![0], ...change }] } as Snapshot;
    expect(diff(before, after)).toMatchObject({
      changed: true,
      modified: [],
      offers: false,
      [kind]: { added: [], removed: [], modified: [{ name, fields: [field] }] },
    });
    expect(identityOf(after, server)).not.toBe(identityOf(before, server));
  },
);

test('TD-02, TD-04 a kind that appears or vanishes is seen and changes the hash, an empty one too', () => {
  const { completions: _, ...silent } = before;
  const { prompts: __, ...promptless } = before;
  const bare: Snapshot = { tools: [] };
  for (const [one, other] of [
    [before, silent],
    [bare, { tools: [], resources: [] }],
  ] as const) {
    expect(diff(one, other)).toMatchObject({ changed: true, offers: true });
    expect(identityOf(one, server)).not.toBe(identityOf(other, server));
  }
  expect(diff(before, promptless)).toMatchObject({ changed: true, offers: true, prompts: { removed: ['p'] } });
  expect(diff(bare, before)).toMatchObject({ prompts: { added: ['p'] }, resources: { added: ['a:b'] } });
});

test('TD-03 the order of lists and keys is no drift', () => {
  const prompts = [prompt('b', { title: 'B' }), prompt('a')];
  const one = pinned({ prompts, resources: [resource('a:b'), resource('a:a')] }).snapshot;
  const two = pinned({
    prompts: [{ title: 'B', name: 'b' }, prompt('a')].toReversed(),
    resources: [resource('a:a'), resource('a:b')],
  }).snapshot;
  expect(diff(one, two)).toMatchObject({ changed: false });
  expect(identityOf(one, server)).toBe(identityOf(two, server));
});

test('a server of tools alone has the identity it had before there were prompts and resources', () => {
  expect(identityOf(pinned({}).snapshot, server)).toBe(
    '{"auth":{},"auth_type":"none","tools":[],"transport":"streamable-http","url":"https://x.example/mcp"}',
  );
});
