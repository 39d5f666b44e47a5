import { expect, test } from '@jest/globals';
import { isText, joinText, withItems, withText, writeJson, writeOnce } from '../../../lambdas/domain/protocol/text.ts';

test('a member that is text already stands behind the others', () => {
  expect(joinText('{"b":2}', '{"a":[1.0]}')).toBe('{"b":2,"a":[1.0]}');
  expect(joinText('{}', '{"a":1}')).toBe('{"a":1}');
  expect(writeJson(withText({ c: undefined }, 'a"', '{"b":1}'))).toBe('{"a\\"":{"b":1}}');
  expect(writeJson(withItems({ c: 2 }, 'tools', ['{"a":1}', '{}']))).toBe('{"c":2,"tools":[{"a":1},{}]}');
  expect(writeJson(withItems({}, 'tools', []))).toBe('{"tools":[]}');
});

test('nothing that is read from JSON passes for a text', () => {
  expect(isText(JSON.parse('{"written":"{}","Symbol(written)":"{}"}'))).toBe(false);
  expect(writeJson({ written: 'x' })).toBe('{"written":"x"}');
  expect(isText(withText({}, 'a', '1'))).toBe(true);
});

test('an object is written once, another like it anew', () => {
  let made = 0;
  const write = writeOnce((of: { readonly a: number }) => {
    made += 1;
    return { b: of.a };
  });
  const one = { a: 1 };
  expect([write(one), write(one), write({ a: 1 }), made]).toEqual(['{"b":1}', '{"b":1}', '{"b":1}', 2]);
});
