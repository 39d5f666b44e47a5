import { expect, test } from '@jest/globals';
import type { ArgumentRule } from '../../../contract/permission.ts';
import { failedRule } from '../../../lambdas/domain/cascade/rules.ts';

const passes = (rule: ArgumentRule, value: unknown) => failedRule([{ x: rule }], { x: value }) === undefined;

test('no rule restricts nothing', () => {
  expect(failedRule([], { anything: 1 })).toBeUndefined();
  expect(failedRule([{}], {})).toBeUndefined();
});

test('a restricted argument must be an own property with a value', () => {
  const absent = { argument: 'repo', rule: 'must be present' };
  expect(failedRule([{ repo: {} }], {})).toEqual(absent);
  expect(failedRule([{ repo: {} }], { repo: undefined })).toEqual(absent);
  expect(failedRule([{ repo: { const: 'a/b' } }], Object.create({ repo: 'a/b' }))).toEqual(absent);
  expect(failedRule([{ constructor: {} } as never], {})).toEqual({ argument: 'constructor', rule: 'must be present' });
  expect(failedRule([JSON.parse('{"__proto__":{"const":1}}')], {})).toMatchObject({ argument: '__proto__' });
  expect(failedRule([JSON.parse('{"__proto__":{"const":1}}')], JSON.parse('{"__proto__":1}'))).toBeUndefined();
});

test.each<[ArgumentRule, readonly unknown[], readonly unknown[]]>([
  [{ type: 'string' }, ['', 'a'], [1, null, true, [], {}]],
  [{ type: 'number' }, [0, -1.5], ['1', Number.NaN, Number.POSITIVE_INFINITY, null, true]],
  [{ type: 'integer' }, [0, -3, 2.0], [1.5, '1', Number.NaN]],
  [{ type: 'boolean' }, [true, false], [0, 'true', null]],
  [{ type: 'array' }, [[], [1]], [{ length: 0 }, 'a', null]],
  [{ type: 'object' }, [{}, { a: 1 }], [[], null, 'a']],
  [{ type: 'null' }, [null], [0, '', false, {}]],
  [{ enum: ['a', 1, true, null] }, ['a', 1, true, null], ['A', '1', 'true', 0, ['a'], { a: 1 }, Number.NaN]],
  [{ const: 'a' }, ['a'], ['a ', 'A', ['a']]],
  [{ const: true }, [true], [1, 'true']],
  [{ const: null }, [null], [0, '', false]],
  [{ minimum: 2 }, [2, 3.5], [1.9, '3', Number.NaN, null, [3], true]],
  [{ maximum: 2 }, [2, -9], [2.1, '1', Number.NaN, null, []]],
  [{ minLength: 2 }, ['ab', '😀😀'], ['a', '😀', ['a', 'b'], 12, null]],
  [{ maxLength: 2 }, ['', 'ab', '😀😀'], ['abc', ['a'], 1, null]],
])('%j passes its own values only', (rule, good, bad) => {
  expect(good.filter((value) => !passes(rule, value))).toEqual([]);
  expect(bad.filter((value) => passes(rule, value))).toEqual([]);
});

test('every keyword of a rule, every argument and every map must pass; the first that fails is named', () => {
  const rules = [
    { n: { type: 'integer', minimum: 1, maximum: 5 } as const },
    { repo: { enum: ['a/b'] }, n: { const: 3 } },
  ];
  expect(failedRule(rules, { n: 3, repo: 'a/b' })).toBeUndefined();
  expect(failedRule(rules, { n: 9, repo: 'x' })).toEqual({ argument: 'n', rule: 'maximum 5' });
  expect(failedRule(rules, { n: 3, repo: 'x' })).toEqual({ argument: 'repo', rule: 'enum ["a/b"]' });
  expect(failedRule(rules, { n: 2, repo: 'a/b' })).toEqual({ argument: 'n', rule: 'const 3' });
});

test('a keyword that this version does not know fails', () => {
  expect(passes({ pattern: '.*' } as ArgumentRule, 'a')).toBe(false);
  expect(passes({ toString: 1 } as unknown as ArgumentRule, 'a')).toBe(false);
});
