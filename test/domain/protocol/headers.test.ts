import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isFieldValue } from '../../../lambdas/domain/protocol/field-names.ts';
import { decodeField, encodeField, mirrorHeaders } from '../../../lambdas/domain/protocol/headers.ts';
import { parseJson } from '../../../lambdas/domain/protocol/json.ts';

test('any text survives a header field', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const field = encodeField(text);
      expect(isFieldValue(field)).toBe(true);
      expect(decodeField(field)).toBe(text);
    }),
    { seed: 3, numRuns: 500 },
  );
});

test.each([
  ['plain', 'plain'],
  ['with space', 'with space'],
  ['', '=?base64??='],
  [' padded ', '=?base64?IHBhZGRlZCA=?='],
  ['é', '=?base64?w6k=?='],
  ['a\r\nX: 1', '=?base64?YQ0KWDogMQ==?='],
  ['=?base64?YQ==?=', '=?base64?PT9iYXNlNjQ/WVE9PT89?='],
  ['\ufeffx', '=?base64?77u/eA==?='],
])('the field of %j is %s', (text, field) => {
  expect(encodeField(text)).toBe(field);
  expect(decodeField(field)).toBe(text);
});

test('each annotated scalar argument that is there becomes a header', () => {
  const mirrored = {
    owner: 'Owner',
    draft: 'Draft',
    page: 'Page',
    'filter/a~1b~0c': 'Deep',
    gone: 'Gone',
    'owner/x': 'X',
  };
  const args = { owner: 'Zoë', draft: false, page: 3, filter: { 'a/b~c': 'here' } };
  expect(mirrorHeaders(mirrored, args)).toEqual({
    'Mcp-Param-Owner': '=?base64?Wm/Dqw==?=',
    'Mcp-Param-Draft': 'false',
    'Mcp-Param-Page': '3',
    'Mcp-Param-Deep': 'here',
  });
});

test('what is no scalar, or an integer that not every peer reads alike, is not mirrored', () => {
  const args = parseJson('{"a":null,"b":[1],"c":{},"d":1.5,"e":12345678901234567890}');
  const mirrored = { a: 'A', b: 'B', c: 'C', d: 'D', e: 'E', toString: 'F', '__proto__/x': 'G' };
  expect(args.ok && mirrorHeaders(mirrored, args.value as Record<string, unknown>)).toEqual({});
});
