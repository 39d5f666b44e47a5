import { expect, test } from '@jest/globals';
import { type ErrorCode, statusByCode } from '../../../contract/codes.ts';
import { parseFault, rpcFault, unknownMethod } from '../../../lambdas/domain/protocol/errors.ts';
import type { Refusal } from '../../../lambdas/domain/refusal.ts';

const faultOf = (code: ErrorCode) => rpcFault({ code, message: 'm' } as Refusal, 'req-1');

test.each(['not_found', 'unknown_server', 'forbidden', 'tool_definition_changed', 'invalid_request'] as const)(
  'TD-01 %s is -32602 inside an HTTP 200',
  (code) => {
    expect(faultOf(code)).toMatchObject({
      status: 200,
      error: { code: -32602, message: 'm', data: { code, request_id: 'req-1' } },
    });
  },
);

test('an upstream that fails is an error inside an HTTP 200', () => {
  for (const code of Object.keys(statusByCode) as ErrorCode[]) {
    if (code.startsWith('upstream_')) expect(faultOf(code)).toMatchObject({ status: 200, error: { code: -32000 } });
  }
});

test('authentication, rate and outage keep their HTTP status', () => {
  for (const code of [
    'unauthorized',
    'not_admin',
    'quota_exceeded',
    'rate_limited',
    'unavailable',
    'too_large',
  ] as const) {
    expect(faultOf(code)).toMatchObject({ status: statusByCode[code], error: { code: -32000, data: { code } } });
  }
  expect(faultOf('internal_error')).toMatchObject({ status: 500, error: { code: -32603 } });
  expect(faultOf('header_mismatch')).toMatchObject({ status: 400, error: { code: -32020 } });
});

test('the public facts of a refusal are in data.details', () => {
  const refusal: Refusal = { code: 'forbidden', message: 'm', level: 'team', rule: 'r' };
  expect(rpcFault(refusal, 'r').error.data).toEqual({
    code: 'forbidden',
    request_id: 'r',
    details: { level: 'team', rule: 'r' },
  });
  expect(rpcFault({ code: 'unauthorized' }, 'r').error.data).toEqual({ code: 'unauthorized', request_id: 'r' });
});

test('an upstream’s own error passes as it is; an undeclared capability is a 400 for who could have declared it', () => {
  const refused = (code: number) => ({
    code: 'upstream_protocol' as const,
    message: 'm',
    rpc: { code, message: 'theirs', data: { uri: 'test://a' } },
  });
  const error = { code: -32602, message: 'theirs', data: { uri: 'test://a' } };
  expect(rpcFault(refused(-32602), 'r')).toEqual({ status: 200, error });
  expect(rpcFault(refused(-32602), 'r', 'legacy')).toEqual({ status: 200, error });
  expect(rpcFault(refused(-32021), 'r')).toEqual({ status: 400, error: { ...error, code: -32021 } });
  expect(rpcFault(refused(-32021), 'r', 'legacy')).toMatchObject({
    status: 200,
    error: { code: -32000, message: 'm' },
  });
});

test('a body that cannot be read is a parse error with the reason', () => {
  expect(parseFault('a duplicate key')).toEqual({
    status: 400,
    error: { code: -32700, message: 'The body cannot be read: a duplicate key.' },
  });
});

test('an unknown method is a 404 in the modern era only', () => {
  expect(unknownMethod('modern')).toMatchObject({ status: 404, error: { code: -32601 } });
  expect(unknownMethod('legacy')).toMatchObject({ status: 200, error: { code: -32601 } });
});

test('a refusal by quota or rate travels under the headers that say when to come back', () => {
  const rateLimit = { limit: 2, remaining: 0, resetSeconds: 9 };
  const refusal = { code: 'rate_limited', message: 'm', retryAfterSeconds: 9, rateLimit } as const;
  expect(rpcFault(refusal, 'r')).toMatchObject({
    status: 429,
    headers: { 'retry-after': '9', 'x-ratelimit-limit': '2' },
  });
});
