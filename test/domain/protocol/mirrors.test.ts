import { expect, test } from '@jest/globals';
import { readMirrors, withoutMirrors } from '../../../lambdas/domain/protocol/mirrors.ts';

const properties = (of: Record<string, unknown>) => ({ type: 'object', properties: of });
const annotated = (value: unknown, type: unknown = 'string') => ({ type, 'x-mcp-header': value });

test('annotations on scalars under properties are read at any depth', () => {
  const schema = properties({
    owner: annotated('Owner'),
    page: annotated('Page', 'integer'),
    'a/b~c': properties({ deep: annotated('Deep', 'boolean') }),
    plain: { type: 'array', items: [{ type: 'string' }], default: ['x'] },
  });
  expect(readMirrors(schema)).toEqual({
    ok: true,
    value: { owner: 'Owner', page: 'Page', 'a~1b~0c/deep': 'Deep' },
  });
});

test('a property called x-mcp-header, and data that holds the word, are no annotations', () => {
  const schema = properties({
    'x-mcp-header': { type: 'string' },
    a: { default: { 'x-mcp-header': 'Authorization' } },
  });
  expect(readMirrors(schema)).toEqual({ ok: true, value: {} });
});

test.each([
  ['the name of a protected header', properties({ a: annotated('Authorization') })],
  ['the name of a protected header', properties({ a: annotated('mcp-name') })],
  ['no header name', properties({ a: annotated('X\r\nInjected: 1') })],
  ['no header name', properties({ a: annotated('') })],
  ['no header name', properties({ a: annotated(['X']) })],
  ['there twice', properties({ a: annotated('Owner'), b: properties({ c: annotated('OWNER') }) })],
  ['where no single argument is', properties({ a: { type: 'array', items: annotated('Item') } })],
  [
    'where no single argument is',
    properties({ a: { type: 'array', items: { items: [properties({ b: annotated('Item') })] } } }),
  ],
  ['where no single argument is', { ...annotated('Root', 'object') }],
  ['where no single argument is', { type: 'object', $defs: { a: annotated('Def') } }],
  ['where no single argument is', { type: 'object', anyOf: [properties({ a: annotated('Any') })] }],
  ['where no single argument is', { type: 'object', properties: [annotated('List')] }],
  ['needs type string, integer or boolean', properties({ a: annotated('Price', 'number') })],
  ['needs type string, integer or boolean', properties({ a: { 'x-mcp-header': 'Any' } })],
])('TD-08 an annotation is refused: %s %#', (reason, schema) => {
  const read = readMirrors(schema);
  expect(read.ok ? '' : read.refusal).toContain(reason);
});

test('what clients see has no annotations, and is otherwise unchanged', () => {
  const schema = properties({
    a: annotated('A'),
    'x-mcp-header': { type: 'string' },
    b: properties({ c: annotated('C') }),
    d: true,
  });
  expect(withoutMirrors(schema)).toEqual(
    properties({
      a: { type: 'string' },
      'x-mcp-header': { type: 'string' },
      b: properties({ c: { type: 'string' } }),
      d: true,
    }),
  );
});
