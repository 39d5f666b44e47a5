import { expect, test } from '@jest/globals';
import { median, paired, quantile, seeded, shuffled } from '../../bench/statistics.ts';

test('the median of an even number of values lies between the two in the middle', () => {
  expect(median([9, 1, 3])).toBe(3);
  expect(median([4, 1, 3, 9])).toBe(3.5);
  expect(median([])).toBeNaN();
});

test('a quantile is one of the values, by nearest rank', () => {
  const hundred = Array.from({ length: 100 }, (_, at) => 100 - at);
  expect(quantile(hundred, 0.99)).toBe(99);
  expect(quantile(hundred, 0.5)).toBe(50);
  expect(quantile(hundred, 0)).toBe(1);
  expect(quantile([7], 0.99)).toBe(7);
  expect(quantile([], 0.5)).toBeNaN();
});

test('pairs are compared within their round, so that noise of a whole round cancels out', () => {
  const theirs = [1, 1, 50, 1, 1];
  const ours = theirs.map((value) => value + 2);
  expect(paired(ours, theirs, (our, their) => our - their)).toBe(2);
});

test('the same seed gives the same order, and no item is lost', () => {
  const items = [1, 2, 3, 4, 5, 6, 7];
  const order = shuffled(items, seeded(3));
  expect(order).toEqual(shuffled(items, seeded(3)));
  expect(order).not.toEqual(items);
  expect(order.toSorted()).toEqual(items);
});

test('seeded numbers lie in [0, 1)', () => {
  const random = seeded(11);
  const drawn = Array.from({ length: 1_000 }, random);
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...drawn)).toBeLessThan(1);
  expect(new Set(drawn).size).toBeGreaterThan(990);
});
