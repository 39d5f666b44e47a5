import { expect, test } from '@jest/globals';
import { parsePattern } from '../../../local/events/pattern.ts';

const fits = (pattern: unknown, event: unknown) => parsePattern(pattern)(event);

test('every field of a pattern has to fit one of its values', () => {
  const pattern = { source: ['a', 'b'], detail: { count: [1], gone: [null] } };
  expect(fits(pattern, { source: 'b', more: 1, detail: { count: 1, gone: null } })).toBe(true);
  expect(fits(pattern, { source: 'b', detail: { count: 2, gone: null } })).toBe(false);
  expect(fits(pattern, { source: 'b', detail: 'flat' })).toBe(false);
  expect(fits({ tags: ['x'] }, { tags: ['w', 'x'] })).toBe(true);
});

test('prefix, suffix, exists and anything-but compare as EventBridge does', () => {
  expect(fits({ a: [{ prefix: 'sub' }] }, { a: 'submission' })).toBe(true);
  expect(fits({ a: [{ prefix: 'sub' }] }, { a: 7 })).toBe(false);
  expect(fits({ a: [{ suffix: '.png' }] }, { a: 'x.png' })).toBe(true);
  expect(fits({ a: [{ exists: false }] }, {})).toBe(true);
  expect(fits({ a: [{ exists: true }] }, { a: null })).toBe(true);
  expect(fits({ a: [{ 'anything-but': ['x', { prefix: 'y' }] }] }, { a: 'yes' })).toBe(false);
  expect(fits({ a: [{ 'anything-but': 'x' }] }, { a: 'z' })).toBe(true);
  expect(fits({ a: [{ 'anything-but': 'x' }] }, {})).toBe(false);
});

test('a comparison that is not known is an error, not a guess', () => {
  for (const pattern of [{ a: [{ numeric: ['>', 1] }] }, { a: 'text' }, { $or: [{ a: [1] }] }, { a: [{}] }])
    expect(() => parsePattern(pattern)).toThrow();
});
