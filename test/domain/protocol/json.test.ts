import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isRawNumber, parseJson, renderJson } from '../../../lambdas/domain/protocol/json.ts';
import { maxKeys, maxNumberLength } from '../../../lambdas/domain/protocol/scan.ts';

const reasonOf = (text: string) => {
  const parsed = parseJson(text);
  return parsed.ok ? undefined : parsed.refusal;
};
const again = (text: string) => {
  const parsed = parseJson(text);
  return parsed.ok ? renderJson(parsed.value) : parsed.refusal;
};

test('what JSON.stringify writes is read back as JSON.parse reads it', () => {
  const keys = fc.string({ unit: 'binary' }).filter((key) => !['__proto__', 'constructor.prototype'].includes(key));
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      fc.string({ unit: 'binary' }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('any'), { maxLength: 4 }),
      fc.dictionary(keys, tie('any'), { maxKeys: 4 }),
    ),
  })).any;
  fc.assert(
    fc.property(value, fc.nat(3), (any, indent) => {
      const text = JSON.stringify(any, undefined, indent);
      const parsed = parseJson(text);
      expect(parsed).toEqual({ ok: true, value: JSON.parse(text) });
    }),
    { seed: 1, numRuns: 300 },
  );
});

test.each([
  '{"name":"safe","name":"danger"}',
  '{"params":{"a":1,"b":{},"a":2}}',
  '[{"arguments":[{"x":1,"x":1}]}]',
  String.raw`{"name":1,"n\u0061me":2}`,
  '{"":1,"":2}',
])('MP-03 a duplicate key is refused wherever it stands: %s', (text) => {
  expect(reasonOf(text)).toBe('a duplicate key');
});

test('the same key in two objects is no duplicate, nor is one inside a string', () => {
  expect(reasonOf('[{"a":"{\\"a\\":1,\\"a\\":2}"},{"a":{"a":2}},[null,[3,{"b":[]}]]]')).toBeUndefined();
});

test.each([
  '{"__proto__":{"polluted":1}}',
  '{"arguments":{"a":[{"__proto__":1}]}}',
  String.raw`{"__pr\u006fto__":1}`,
  '{"a":{"constructor":{"prototype":{"polluted":1}}}}',
  '{"constructor.prototype":1}',
])('MP-20 a key that reaches a prototype is refused: %s', (text) => {
  expect(reasonOf(text)).toMatch(/^the key (__proto__|constructor|constructor\.prototype)$/);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test('MP-20 an argument may be called constructor or prototype', () => {
  expect(reasonOf('{"constructor":"Bouwbedrijf","prototype":{"constructor":null}}')).toBeUndefined();
});

test('MP-07 more keys than the limit are refused, as many as the limit are read', () => {
  const keys = (count: number) => `{${Array.from({ length: count }, (_, i) => `"${i}":0`).join()}}`;
  expect(reasonOf(keys(maxKeys + 1))).toBe('more than 100000 keys');
  expect(reasonOf(keys(maxKeys))).toBeUndefined();
});

test('MP-07 a number longer than the limit is refused, one as long as the limit is kept', () => {
  const longest = '1'.repeat(maxNumberLength);
  expect(again(`[${longest}]`)).toBe(`[${longest}]`);
  expect(reasonOf(`[${longest}1]`)).toBe('a number of more than 1000 characters');
  expect(reasonOf(`{"a":-${'9'.repeat(100_000)}}`)).toBe('a number of more than 1000 characters');
});

test('a text nested to the limit is read, one level more is refused, and so are a million', () => {
  const nested = (levels: number) => `${'[{"a":'.repeat(levels / 2)}1${'}]'.repeat(levels / 2)}`;
  expect(reasonOf(nested(64))).toBeUndefined();
  expect(reasonOf(`[${nested(64)}]`)).toBe('more than 64 levels');
  expect(reasonOf('['.repeat(1_000_000))).toBe('more than 64 levels');
  expect(parseJson('[[1]]', { maxDepth: 1 })).toEqual({ ok: false, refusal: 'more than 1 levels' });
});

test.each([
  '',
  '{',
  '"open',
  String.raw`"ends in a slash\"`,
  '{"a":1,}',
  '[1-2]',
  '[01]',
  'NaN',
  '{"a"}',
  '{"a":1}}',
  "{'a':1}",
])('what is not JSON is refused: %s', (text) => {
  expect(reasonOf(text)).toBe('not valid JSON');
});

test('MP-22 a byte order mark is refused by name', () => {
  expect(reasonOf('\ufeff{}')).toBe('a byte order mark');
});

test.each([
  '{"id":12345678901234567890}',
  '[9007199254740993,-9007199254740993]',
  '[3.14159265358979323846264338]',
  '[1e400,-1e400,1e-400]',
  '[0.1,12345678901234567890,"12345678901234567890"]',
  '[123456789012345.67891]',
])('CL-18 numbers that no double holds are written as they were sent: %s', (text) => {
  expect(again(text)).toBe(text);
});

test('CL-18 only the numbers that a double would change are kept raw', () => {
  const parsed = parseJson(
    '[1.0,1e2,0.30000000000000004,1.50000000000000000,-0.0,100000000000000000000,12345678901234567890]',
  );
  expect(parsed.ok && (parsed.value as unknown[]).map(isRawNumber)).toEqual([...Array(6).fill(false), true]);
  expect(parsed.ok && renderJson(parsed.value)).toBe(
    '[1,100,0.30000000000000004,1.5,0,100000000000000000000,12345678901234567890]',
  );
});

test('CL-18 any number survives reading and writing as the same decimal', () => {
  const digits = fc.stringMatching(/^-?(0|[1-9][0-9]{0,40})(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?$/);
  fc.assert(
    fc.property(digits, (source) => {
      const twice = again(again(source));
      expect(twice).toBe(again(source));
    }),
    { seed: 2 },
  );
});

test('an object that only looks like a raw number is an ordinary object', () => {
  const parsed = parseJson('{"rawJSON":"1"}');
  expect(parsed.ok && isRawNumber(parsed.value)).toBe(false);
  expect(again('{"rawJSON":"1"}')).toBe('{"rawJSON":"1"}');
});
