import { expect, test } from '@jest/globals';
import { isUnsettled, ownsUsageKey, turnOf } from '../../../lambdas/domain/metering/valve.ts';
import { testTiers } from '../../support/memory.ts';

test('an org is counted by its own key exactly while that is in the plan of its tier', () => {
  expect(ownsUsageKey({ tier: 'team', usage_key: 'team' })).toBe(true);
  expect(ownsUsageKey({ tier: 'team', usage_key: 'free' })).toBe(false);
  expect(ownsUsageKey({ tier: 'team', usage_key: '-' })).toBe(false);
  expect(ownsUsageKey({ tier: 'team' })).toBe(false);
});

test('something is left to do where the key is elsewhere, but not where the org stays on the shared one', () => {
  expect(isUnsettled({ tier: 'team' })).toBe(true);
  expect(isUnsettled({ tier: 'team', usage_key: 'free' })).toBe(true);
  expect(isUnsettled({ tier: 'team', usage_key: 'team' })).toBe(false);
  expect(isUnsettled({ tier: 'team', usage_key: '-' })).toBe(false);
});

test.each([
  [undefined, { act: 'nothing', tier: '', plan: '' }],
  [
    { tier: 'team', placed: true },
    { act: 'nothing', tier: '', plan: '' },
  ],
  [
    { tier: 'team', placed: true, run: 'other' },
    { act: 'nothing', tier: '', plan: '' },
  ],
  [
    { tier: 'team', placed: false, run: 'r1' },
    { act: 'move', tier: 'team', plan: 'team' },
  ],
  [
    { tier: 'gone', placed: true, run: 'r1' },
    { act: 'move', tier: 'gone', plan: 'free' },
  ],
  [
    { tier: 'team', placed: true, run: 'r1', deleted_at: 'now' },
    { act: 'remove', tier: 'team', plan: 'team' },
  ],
  [
    { tier: 'team', placed: false, run: 'r1', deleted_at: 'now' },
    { act: 'nothing', tier: 'team', plan: 'team' },
  ],
] as const)('the run r1 that reads %j is to do %j', (state, turn) => {
  expect(turnOf(state, 'r1', testTiers)).toEqual(turn);
});
