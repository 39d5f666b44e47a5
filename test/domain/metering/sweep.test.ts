import { expect, test } from '@jest/globals';
import { callsDue, closedHours, daysFrom, daysToSweep, planOf } from '../../../lambdas/domain/metering/sweep.ts';

const day = '2026-11-24';
const at = (time: string) => Date.parse(`2026-11-${time}Z`);

test.each([
  ['24T00:00:00', 0],
  ['24T01:19:59', 0],
  ['24T01:20:00', 1],
  ['24T10:35:00', 10],
  ['25T00:19:59', 23],
  ['25T00:20:00', 24],
  ['28T00:00:00', 24],
  ['23T12:00:00', 0],
])('at 2026-11-%s %d hours of the 24th are closed: twenty minutes after their end', (time, hours) => {
  expect(closedHours(day, at(time))).toBe(hours);
});

test('a sweep looks back seven days, but not before the org was made', () => {
  expect(daysToSweep('2026-01-01', at('24T10:00:00'))).toHaveLength(8);
  expect(daysToSweep('2026-11-23', at('24T10:00:00'))).toEqual(['2026-11-23', day]);
  expect(daysFrom('2026-11-25', day)).toEqual([]);
});

test('of a day under way the hours that closed since the last sweep are read, each once', () => {
  const now = at('24T10:35:00');
  expect(planOf(day, 8, now, false)).toEqual({
    prefixes: ['2026-11-24T08', '2026-11-24T09'],
    slots: ['h08', 'h09'],
    budgets: false,
    leases: false,
    checked: 10,
  });
  expect(planOf(day, 10, now, false)).toBeUndefined();
  expect(planOf(day, undefined, now, false)).toBeUndefined();
});

test('a day that is over is read whole once, with its budgets and leases, also where it has no counter', () => {
  const now = at('25T00:20:00');
  for (const checked of [undefined, 0, 23])
    expect(planOf(day, checked, now, false)).toMatchObject({
      prefixes: [day],
      budgets: true,
      leases: true,
      checked: 24,
    });
  expect(planOf(day, 24, now, false)).toBeUndefined();
  expect(planOf(day, 24, now, true)).toBeUndefined();
});

test('at rest a day under way is read whole, and its open hours are looked at again later', () => {
  for (const checked of [undefined, 10])
    expect(planOf(day, checked, at('24T10:35:00'), true)).toMatchObject({
      prefixes: [day],
      budgets: true,
      leases: false,
      checked: 10,
    });
});

test('units that leases hold stay taken until the day is over, then the counter is what the rows add up to', () => {
  const tally = new Map([
    ['leased', 40],
    ['h09', 3],
  ]);
  const due = (leases: boolean) =>
    callsDue(tally, { leased: 100, h09: 9 }, { ...planOf(day, 0, at('25T01:00:00'), false)!, leases });
  expect([due(false).get('leased'), due(true).get('leased')]).toEqual([100, 40]);
  expect([due(false).get('h09'), due(false).get('h10')]).toEqual([3, 0]);
  expect(callsDue(tally, {}, { ...planOf(day, 0, at('24T10:35:00'), true)! }).get('leased')).toBe(40);
});
