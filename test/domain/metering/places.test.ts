import { expect, test } from '@jest/globals';
import { placesIn } from '../../../lambdas/domain/metering/tier.ts';
import { testTiers } from '../../support/memory.ts';

test('a tier has places for active servers and for live keys', () => {
  expect([placesIn(testTiers.byName['free']!, 'server'), placesIn(testTiers.byName['free']!, 'key')]).toEqual([3, 20]);
});
