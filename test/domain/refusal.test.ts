import { expect, test } from '@jest/globals';
import {
  conflict,
  detailsOf,
  forbidden,
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
