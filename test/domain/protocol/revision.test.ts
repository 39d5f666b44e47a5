import { expect, test } from '@jest/globals';
import type { Message } from '../../../lambdas/domain/protocol/jsonrpc.ts';
import { eraOf, negotiate, readRevision } from '../../../lambdas/domain/protocol/revision.ts';

const version = 'io.modelcontextprotocol/protocolVersion';
const capabilities = 'io.modelcontextprotocol/clientCapabilities';
const envelope = { [version]: '2026-07-28', [capabilities]: {} };

const request = (method: string, params: Record<string, unknown> = {}): Message => ({
  kind: 'request',
  id: 1,
  method,
  params,
});
const modern = (method: string, params: Record<string, unknown> = {}) =>
  request(method, { ...params, _meta: envelope });
const notice = (params: Record<string, unknown> = {}): Message => ({
  kind: 'notification',
  method: 'notifications/x',
  params,
});
const headers =
  (values: Record<string, string> = {}) =>
  (name: string) =>
    values[name];
const call = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 'echo' };
const read = (message: Message, values: Record<string, string> = {}) => readRevision(message, headers(values));
const codeOf = (message: Message, values: Record<string, string> = {}) => {
  const result = read(message, values);
  return result.ok ? result.value : [result.refusal.status, result.refusal.error.code];
};
const modernEra = { era: 'modern', version: '2026-07-28' };
const legacyEra = (version: string) => ({ era: 'legacy', version });

test('initialize is answered in the revision asked for, or in our newest legacy one', () => {
  for (const served of ['2025-03-26', '2025-06-18', '2025-11-25']) expect(negotiate(served)).toBe(served);
  for (const other of ['2024-11-05', '2026-07-28', '2099-01-01', 5, undefined])
    expect(negotiate(other)).toBe('2025-11-25');
  expect(codeOf(request('initialize', { protocolVersion: '2025-06-18' }))).toEqual(legacyEra('2025-06-18'));
  expect(codeOf(request('initialize'), { 'mcp-protocol-version': '2024-11-05' })).toEqual(legacyEra('2025-11-25'));
});

test('initialize does not go with a modern header', () => {
  expect(codeOf(request('initialize'), { 'mcp-protocol-version': '2026-07-28' })).toEqual([400, -32020]);
});

test('initialize with a modern envelope is a modern request', () => {
  expect(eraOf(modern('initialize'), headers())).toBe('modern');
  expect(eraOf(request('initialize', { _meta: { [version]: 5 } }), headers())).toBe('legacy');
  expect(eraOf(request('initialize', { _meta: { [version]: '2025-11-25' } }), headers())).toBe('legacy');
});

test('a message without envelope and header is of the oldest legacy revision', () => {
  expect(codeOf(request('tools/list'))).toEqual(legacyEra('2025-03-26'));
  expect(codeOf(notice())).toEqual(legacyEra('2025-03-26'));
  expect(codeOf({ kind: 'response' })).toEqual(legacyEra('2025-03-26'));
});

test('a legacy header is taken as it is, an unknown one is refused with the revisions served', () => {
  expect(codeOf(request('tools/list'), { 'mcp-protocol-version': ' 2025-06-18 ' })).toEqual(legacyEra('2025-06-18'));
  for (const unknown of ['2024-11-05', '2025-01-01', 'latest']) {
    expect(read(request('tools/list'), { 'mcp-protocol-version': unknown })).toMatchObject({
      ok: false,
      refusal: {
        status: 400,
        error: {
          code: -32000,
          data: { supported: ['2026-07-28', '2025-11-25', '2025-06-18', '2025-03-26'], requested: unknown },
        },
      },
    });
  }
});

test('a modern call with its headers is served', () => {
  expect(codeOf(modern('tools/call', { name: 'echo' }), call)).toEqual(modernEra);
  expect(codeOf(modern('tools/list'), { ...call, 'mcp-method': 'tools/list' })).toEqual(modernEra);
  expect(codeOf(modern('toString'), { ...call, 'mcp-method': 'toString' })).toEqual(modernEra);
  expect(codeOf(modern('tools/call', { name: 5 }), call)).toEqual(modernEra);
});

test('a name that no header can hold is compared after decoding', () => {
  const encoded = { ...call, 'mcp-name': '=?base64?ZcOpbg==?=' };
  expect(codeOf(modern('tools/call', { name: 'eén' }), encoded)).toEqual(modernEra);
  for (const bad of ['=?base64?ZcOpbg?=', '=?base64?/w==?=', '=?base64?!?=']) {
    expect(codeOf(modern('tools/call', { name: 'eén' }), { ...call, 'mcp-name': bad })).toEqual([400, -32020]);
  }
});

test.each([
  ['mcp-protocol-version', '2025-11-25'],
  ['mcp-method', 'tools/list'],
  ['mcp-name', 'other'],
])('a modern call whose %s is missing or another is a header mismatch', (name, other) => {
  const { [name as keyof typeof call]: _, ...without } = call;
  expect(codeOf(modern('tools/call', { name: 'echo' }), without)).toEqual([400, -32020]);
  expect(codeOf(modern('tools/call', { name: 'echo' }), { ...call, [name]: other })).toEqual([400, -32020]);
});

test('an incomplete envelope is invalid params', () => {
  const { [capabilities]: _, ...half } = envelope;
  expect(codeOf(request('tools/list', { _meta: half }), call)).toEqual([400, -32602]);
  expect(codeOf(request('tools/list', { _meta: { ...envelope, [version]: 5 } }), call)).toEqual([400, -32602]);
  expect(codeOf(request('tools/list', { _meta: { [capabilities]: {} } }), call)).toEqual([400, -32602]);
  expect(codeOf(request('tools/list'), call)).toEqual([400, -32602]);
});

test('a revision that is not served is named with those that are', () => {
  const future = request('tools/list', { _meta: { ...envelope, [version]: '2099-01-01' } });
  expect(read(future, { 'mcp-protocol-version': '2099-01-01' })).toMatchObject({
    ok: false,
    refusal: { status: 400, error: { code: -32022, data: { supported: ['2026-07-28'], requested: '2099-01-01' } } },
  });
});

test('a modern notification needs no envelope and no headers, but those it has must agree', () => {
  expect(codeOf(notice(), { 'mcp-protocol-version': '2026-07-28' })).toEqual(modernEra);
  expect(codeOf(notice({ _meta: { [version]: '2026-07-28' } }))).toEqual(modernEra);
  expect(codeOf(notice(), call)).toEqual([400, -32020]);
  expect(codeOf(notice({ _meta: { [version]: '2026-07-28' } }), { 'mcp-protocol-version': '2025-11-25' })).toEqual([
    400, -32020,
  ]);
  expect(codeOf(notice({ _meta: { [version]: 1 } }))).toEqual([400, -32602]);
});

test('a modern endpoint asks nothing, so a response is refused', () => {
  expect(codeOf({ kind: 'response' }, { 'mcp-protocol-version': '2026-07-28' })).toEqual([400, -32600]);
});
