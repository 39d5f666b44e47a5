import { expect, test } from '@jest/globals';
import {
  conflict,
  detailsOf,
  forbidden,
  headersOf,
  invalid,
  messageOf,
  notFound,
  statusOf,
  unauthorized,
} from '../../lambdas/domain/refusal.ts';

test('a refusal has the status of its code and one sentence', () => {
  expect([statusOf(notFound('Tool x').refusal), messageOf(notFound('Tool x').refusal)]).toEqual([
    404,
    'Tool x does not exist.',
  ]);
  expect(messageOf({ code: 'not_admin', role: 'operator' })).toBe('This route needs the role operator.');
  expect(messageOf(unauthorized().refusal)).not.toMatch(/checksum|hmac|expired at/i);
});

test('only a 403 and a 409 tell more than their sentence', () => {
  expect(detailsOf(forbidden('no', 'team', 'a rule').refusal)).toEqual({ level: 'team', rule: 'a rule' });
  expect(detailsOf(conflict('stale', { version: 3 }).refusal)).toEqual({ version: 3 });
  expect(detailsOf(conflict('taken').refusal)).toBeUndefined();
  expect(detailsOf(unauthorized().refusal)).toBeUndefined();
});

test('a bad request names its field where one field is at fault', () => {
  expect(invalid('name: too long.', 'name').refusal).toMatchObject({ param: 'name' });
  expect(invalid('not JSON').refusal).not.toHaveProperty('param');
});

test('a refusal by quota or rate says in headers and details when to come back; any other says nothing there', () => {
  const rateLimit = { limit: 100, remaining: 0, resetSeconds: 60 };
  const refusal = { code: 'quota_exceeded', message: 'All used.', retryAfterSeconds: 60, rateLimit } as const;
  expect(headersOf(refusal)).toEqual({
    'retry-after': '60',
    'x-ratelimit-limit': '100',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': '60',
  });
  expect(detailsOf(refusal)).toEqual({ limit: 100, retry_after_seconds: 60 });
  expect(headersOf(notFound('Tool x').refusal)).toEqual({});
});
