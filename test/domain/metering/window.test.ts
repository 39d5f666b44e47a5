import { expect, test } from '@jest/globals';
import { dayOf, hourOf, secondsUntil, windowOf } from '../../../lambdas/domain/metering/window.ts';

const at = (iso: string) => Date.parse(iso);

test.each([
  ['minute', '2026-11-24T10:31:59.999Z', '2026-11-24T10-31', '2026-11-24T10:32:00.000Z'],
  ['day', '2026-11-24T23:59:59.999Z', '2026-11-24', '2026-11-25T00:00:00.000Z'],
  ['day', '2026-11-25T00:00:00.000Z', '2026-11-25', '2026-11-26T00:00:00.000Z'],
  ['month', '2026-12-31T23:59:59.999Z', '2026-12', '2027-01-01T00:00:00.000Z'],
  ['month', '2028-02-29T00:00:00.000Z', '2028-02', '2028-03-01T00:00:00.000Z'],
] as const)('the %s of %s is %s and ends at %s', (period, now, name, ends) => {
  expect(windowOf(period, at(now))).toEqual({ name, ends: at(ends) });
});

test('the total never ends', () => {
  expect(windowOf('total', 0)).toEqual({ name: 'total' });
});

test('day and hour are those of UTC', () => {
  expect([dayOf(at('2026-11-24T23:30:00+09:00')), hourOf(at('2026-11-24T23:30:00+09:00'))]).toEqual([
    '2026-11-24',
    '14',
  ]);
});

test('a retry is told whole seconds, rounded up, never none', () => {
  expect([secondsUntil(1_001, 0), secondsUntil(1, 0), secondsUntil(0, 0), secondsUntil(0, 5_000)]).toEqual([
    2, 1, 1, 1,
  ]);
});
