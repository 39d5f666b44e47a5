import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonical } from '../../lambdas/domain/canonical.ts';
import { parseJson } from '../../lambdas/domain/protocol/json.ts';

const of = (text: string) => {
  const parsed = parseJson(text);
  return parsed.ok ? canonical(parsed.value) : parsed.refusal;
};

test('the example of RFC 8785 §3.2.2 comes out as it is printed there', () => {
  const text = String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],
    "string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`;
  // 333333333.33333329 is a number that no double holds: it keeps its digits here, where the RFC rounds it.
  expect(of(text.replace('333333333.33333329', '333333333.3333333'))).toBe(
    String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
  );
});

test('keys are in the order of UTF-16 code units (RFC 8785 §3.2.3)', () => {
  const text = String.raw`{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}`;
  expect(Object.values(JSON.parse(of(text)))).toHaveLength(7);
  expect(of(text)).toBe('{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}');
});

test('TD-03 order of keys, white space and spelling of numbers make no difference', () => {
  expect(of('{ "b": 1.0, "a": [1e2, -0.0] }')).toBe(of('{"a":[100,0],"b":1}'));
  const shuffled = fc
    .dictionary(fc.string(), fc.jsonValue())
    .chain((object) =>
      fc.tuple(
        fc.constant(object),
        fc.shuffledSubarray(Object.keys(object), { minLength: Object.keys(object).length }),
      ),
    );
  fc.assert(
    fc.property(shuffled, ([object, keys]) => {
      expect(canonical(Object.fromEntries(keys.map((key) => [key, object[key]])))).toBe(canonical(object));
      expect(canonical(JSON.parse(canonical(object)))).toBe(canonical(object));
    }),
    { seed: 4 },
  );
});

test('CL-18 a number that no double holds keeps its value, in one spelling', () => {
  expect(of('[12345678901234567890]')).toBe('[1234567890123456789e1]');
  expect(of('[1.2345678901234567890e19, 12345678901234567890.0]')).toBe(
    '[1234567890123456789e1,1234567890123456789e1]',
  );
  expect(of('[-0.12345678901234567890]')).toBe('[-1234567890123456789e-19]');
  expect(of('[12345678901234567891]')).not.toBe(of('[12345678901234567890]'));
});

test('an absent member is none; what is not JSON is a fault', () => {
  expect(canonical({ a: undefined, b: 'x' })).toBe('{"b":"x"}');
  for (const value of [undefined, Number.NaN, Number.POSITIVE_INFINITY, () => 1])
    expect(() => canonical([value])).toThrow('is not JSON');
});
