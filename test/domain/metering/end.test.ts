import { expect, test } from '@jest/globals';
import { endOf } from '../../../lambdas/domain/metering/end.ts';
import { idempotencyMeta, readIdempotencyKey } from '../../../lambdas/domain/metering/idempotency.ts';
import { isCounted } from '../../../lambdas/domain/metering/ledger.ts';
import { tierOf } from '../../../lambdas/domain/metering/tier.ts';
import { no, ok } from '../../../lambdas/domain/result.ts';

test.each([
  ['a result is done', ok({ content: [] }), 'DONE', 'done'],
  ['a tool that failed is done', ok({ isError: true }), 'DONE', 'tool_error'],
  ['a question is done', ok({ resultType: 'input_required' }), 'DONE', 'input_required'],
  [
    'what was not sent is released',
    no({ code: 'upstream_refused', sent: false as const }),
    'RELEASED',
    'upstream_refused',
  ],
  [
    'what was answered has failed',
    no({ code: 'upstream_denied', answered: true as const }),
    'FAILED',
    'upstream_denied',
  ],
  ['what was sent into silence is unknown', no({ code: 'upstream_timeout' }), 'UNKNOWN', 'upstream_timeout'],
])('%s', (_, answer, state, status) => {
  expect(endOf(answer, 7)).toEqual({ state, status, duration_ms: 7 });
});

test('everything counts but what was released', () => {
  expect((['RESERVED', 'DONE', 'FAILED', 'UNKNOWN', 'RELEASED'] as const).map(isCounted)).toEqual([
    true,
    true,
    true,
    true,
    false,
  ]);
});

test('an org of a tier that the settings no longer have gets the default one; settings without tiers admit nobody', () => {
  const free = { calls_per_day: 100, servers: 3, keys: 20, rpm: 600, burst: 100, retention_days: 90 };
  const gold = { ...free, calls_per_day: 5 };
  const tiers = { byName: { free, gold }, default: 'free' };
  expect(tierOf(tiers, 'gold')).toBe(gold);
  expect(tierOf(tiers, 'silver')).toBe(free);
  expect(() => tierOf({ byName: {}, default: 'free' }, 'gold')).toThrow('no tier');
});

test('an idempotency key is 1 to 255 visible ASCII characters', () => {
  expect(readIdempotencyKey(undefined, idempotencyMeta)).toEqual(ok(undefined));
  expect(readIdempotencyKey('a-1', idempotencyMeta)).toEqual(ok('a-1'));
  for (const bad of ['', ' ', 'a b', 'ü', 'x'.repeat(256), 7, null])
    expect(readIdempotencyKey(bad, 'Idempotency-Key')).toMatchObject({
      ok: false,
      refusal: { code: 'invalid_request', param: 'Idempotency-Key' },
    });
});
