import { expect, test } from '@jest/globals';
import { findEvent } from '../../../lambdas/adapters/egress/events.ts';

const bytes = new TextEncoder();
/** Finds the first event that holds `want` in a stream cut into `pieces`. */
async function find(pieces: readonly (string | Uint8Array)[], want = 'x') {
  const left = pieces.map((piece) => (typeof piece === 'string' ? bytes.encode(piece) : piece));
  const next = async () => ({ ok: true as const, value: left.shift() });
  const body = {
    status: 200,
    headers: {},
    next,
    close: () => {},
    text: async () => ({ ok: true as const, value: '' }),
  };
  return findEvent(body, (data) => (data.includes(want) ? data : undefined));
}

test('all three line breaks, comments, other fields and several data lines are read', async () => {
  expect(await find([': ping\r\n\r\nid: 1\r\nevent: message\r\ndata: a\r\ndata:x\r\n\r\n'])).toEqual({
    ok: true,
    value: 'a\nx',
  });
  expect(await find(['data: x\n\n'])).toEqual({ ok: true, value: 'x' });
  expect(await find(['data: x\r\rdata: y\r\r'], 'x')).toEqual({ ok: true, value: 'x' });
});

test('a stream may be cut anywhere, in a line break and in a character', async () => {
  const whole = bytes.encode('event: message\r\ndata: {"x":"ü€"}\r\n\r\n');
  for (let at = 1; at < whole.length; at++)
    expect(await find([whole.slice(0, at), whole.slice(at)])).toEqual({ ok: true, value: '{"x":"ü€"}' });
  expect(await find([...whole].map((byte) => Uint8Array.of(byte)))).toEqual({ ok: true, value: '{"x":"ü€"}' });
});

test('other event types and an event that never ends are not found', async () => {
  expect(await find(['event: error\ndata: x\n\n'])).toEqual({ ok: true, value: undefined });
  expect(await find(['data: x\n'])).toEqual({ ok: true, value: undefined });
});
