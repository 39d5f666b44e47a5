import { expect, test } from '@jest/globals';
import { renderCsv } from '../../lambdas/domain/csv.ts';

test('a header and a line for each row, each ended by CRLF (RFC 4180); what is absent is an empty cell', () => {
  expect(
    renderCsv(
      ['id', 'name', 'calls'],
      [
        { id: 'a', calls: 1.5 },
        { id: 'b', name: null, calls: 0 },
      ],
    ),
  ).toBe('id,name,calls\r\na,,1.5\r\nb,,0\r\n');
});

test('commas, quotes and line breaks are quoted', () => {
  expect(
    renderCsv(
      ['x'],
      ['a,b', 'say "hi"', 'two\nlines', 'cr\r'].map((x) => ({ x })),
    ),
  ).toBe('x\r\n"a,b"\r\n"say ""hi"""\r\n"two\nlines"\r\n"cr\r"\r\n');
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '=HYPERLINK("http://x","y")'])(
  'a text that a spreadsheet would run is made text: %j',
  (x) => {
    const [, line = ''] = renderCsv(['x'], [{ x }]).split('\r\n');
    expect(line.replace(/^"/, '').startsWith("'")).toBe(true);
  },
);

test('a number is left as it is, also below zero', () => {
  expect(renderCsv(['x'], [{ x: -1 }])).toBe('x\r\n-1\r\n');
});
