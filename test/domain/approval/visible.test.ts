import { expect, test } from '@jest/globals';
import { cut, excerpt, visible } from '../../../lambdas/domain/approval/visible.ts';

test.each([
  ['plain text,\n\tna\u00efve 日本語 \u{1f600}', 'plain text,\n\tna\u00efve 日本語 \u{1f600}'],
  ['a\u202eb\u200bc', 'a[U+202E]b[U+200B]c'],
  ['\u001b[31m\r\u0000', '[U+001B][31m[U+000D][U+0000]'],
  ['\ufeffa\u00a0b\u3000c\u2800d\u3164', '[U+FEFF]a[U+00A0]b[U+3000]c[U+2800]d[U+3164]'],
  ['\u{e0001}\u{e0063}\u{e0061}\u{e006c}\u{e006c}', '[U+E0001][tags: call]'],
  ['\ud800', '[U+D800]'],
  [`a${' '.repeat(19)}b`, `a${' '.repeat(19)}b`],
  [`a${' '.repeat(20)}b`, 'a[20 spaces]b'],
])('TD-05 what cannot be seen has a mark %#', (text, shown) => {
  expect(visible(text)).toBe(shown);
});

test('a cut text has its mark in its length, and no half character', () => {
  expect(cut('abcd', 4)).toBe('abcd');
  expect(cut('abcde', 4)).toBe('abc\u2026');
  expect(cut('ab\u{1f600}de', 4)).toBe('ab\u2026');
});

test('an excerpt shows what stands around its point, whatever stands before it', () => {
  expect(excerpt('a\u200bb', 0, 300)).toBe('a[U+200B]b');
  const long = `${'x'.repeat(1000)}HERE${'y'.repeat(1000)}`;
  expect(excerpt(long, 1000, 300)).toBe(`\u2026${'x'.repeat(80)}HERE${'y'.repeat(214)}\u2026`);
  expect(excerpt(long, 0, 300)).toBe(`${'x'.repeat(299)}\u2026`);
  expect(excerpt(long, 1990, 300)).toBe(`\u2026${'y'.repeat(94)}`);
  expect(excerpt(`${'\u200b'.repeat(100)}HERE`, 100, 300)).toMatch(/^\u2026.{80}HERE$/);
  expect(excerpt(`${'\u{1f600}'.repeat(200)}`, 81, 300)).not.toContain('U+D');
});
