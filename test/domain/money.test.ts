import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { priceOf, toMicros, toUsd } from '../../lambdas/domain/money.ts';

test('an amount with six decimals goes to micro-dollars and back', () => {
  expect(toMicros(0.29)).toBe(290_000);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e12 }), (micros) => toMicros(toUsd(micros)) === micros),
    { seed: 5 },
  );
});

test("a tool costs its own price, else the server's default, else nothing", () => {
  const cost = { default_usd: 0.01, tools: { search: 0.000001, free: 0 } };
  expect(priceOf({ cost }, 'search')).toBe(1);
  expect(priceOf({ cost }, 'free')).toBe(0);
  expect(priceOf({ cost }, 'constructor')).toBe(10_000);
  expect(priceOf({ cost: { default_usd: 0.3 } }, 'search')).toBe(300_000);
  expect(priceOf({}, 'search')).toBe(0);
});
