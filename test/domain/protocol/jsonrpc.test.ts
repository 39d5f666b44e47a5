import { expect, test } from '@jest/globals';
import { errorMessage, readMessage, resultMessage } from '../../../lambdas/domain/protocol/jsonrpc.ts';
import { withItems, writeJson } from '../../../lambdas/domain/protocol/text.ts';

test('a request, a notification and a response are told apart', () => {
  expect(readMessage({ jsonrpc: '2.0', id: 7, method: 'ping' })).toEqual({
    ok: true,
    value: { kind: 'request', id: 7, method: 'ping', params: {} },
  });
  expect(readMessage({ jsonrpc: '2.0', method: 'notifications/x', params: { a: 1 } })).toEqual({
    ok: true,
    value: { kind: 'notification', method: 'notifications/x', params: { a: 1 } },
  });
  for (const end of [{ result: {} }, { error: { code: 1, message: 'x' } }]) {
    expect(readMessage({ jsonrpc: '2.0', id: 'a', ...end })).toEqual({ ok: true, value: { kind: 'response' } });
  }
});

test.each([
  [[], null],
  [[{ jsonrpc: '2.0', id: 1, method: 'ping' }], null],
  ['text', null],
  [null, null],
  [{ id: 1, method: 'ping' }, 1],
  [{ jsonrpc: '1.0', id: 'a', method: 'ping' }, 'a'],
  [{ jsonrpc: '2.0', id: 1 }, 1],
  [{ jsonrpc: '2.0', id: 1, method: 5 }, 1],
  [{ jsonrpc: '2.0', id: 1, method: 'ping', params: [1] }, 1],
  [{ jsonrpc: '2.0', id: null, method: 'ping' }, null],
  [{ jsonrpc: '2.0', id: 1.5, method: 'ping' }, null],
  [{ jsonrpc: '2.0', id: { a: 1 }, method: 'ping' }, null],
])('what is not one JSON-RPC 2.0 message is an invalid request: %j', (body, id) => {
  const read = readMessage(body);
  expect(read).toMatchObject({ ok: false, refusal: { status: 400, id, error: { code: -32600 } } });
});

test('answers carry the id of their request', () => {
  expect(resultMessage('a', { x: 1 })).toEqual({ jsonrpc: '2.0', id: 'a', result: { x: 1 } });
  const written = resultMessage('"', withItems({}, 'tools', ['{"a":1}']));
  expect(JSON.parse(writeJson(written))).toEqual({ jsonrpc: '2.0', id: '"', result: { tools: [{ a: 1 }] } });
  expect(errorMessage(null, { code: -32600, message: 'm' })).toEqual({
    jsonrpc: '2.0',
    id: null,
    error: { code: -32600, message: 'm' },
  });
});
