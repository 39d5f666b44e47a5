import { expect, test } from '@jest/globals';
import { readChunks } from '../../../lambdas/domain/chat/chunks.ts';
import { readTurn } from '../../../lambdas/domain/chat/turn.ts';
import { addUsage } from '../../../lambdas/domain/chat/usage.ts';
import { aCall } from '../../support/chat.ts';
import type { Json } from '../../support/gateway.ts';

const completion = (message: unknown, finish_reason: unknown = 'stop'): Json => ({
  choices: [{ index: 0, message, finish_reason }],
});
const calling = (...tool_calls: unknown[]) => completion({ role: 'assistant', tool_calls }, 'tool_calls');
const call = (id: unknown, fn: unknown = { name: 'f', arguments: '{}' }) => ({ id, type: 'function', function: fn });

test('a completion is read with its calls, their arguments as text', () => {
  const turn = readTurn(
    calling(
      call('a'),
      call('b', { name: 'f' }),
      call('c', { name: 'f', arguments: ' ' }),
      call('d', { name: 'f', arguments: { x: 1 } }),
      { id: 'e', custom: { name: 'g', input: 'x' } },
      { id: 'h' },
    ),
  );
  expect(turn.ok && turn.value.calls.map(({ id, name, arguments: args }) => [id, name, args])).toEqual([
    ['a', 'f', '{}'],
    ['b', 'f', '{}'],
    ['c', 'f', '{}'],
    ['d', 'f', '{"x":1}'],
    ['e', 'g', '{}'],
    ['h', '', '{}'],
  ]);
});

test.each([
  [{}, 'it has no message'],
  [{ choices: [] }, 'it has no message'],
  [completion('text'), 'it has no message'],
  [completion({ content: 'x' }, null), 'it ended before it was finished'],
  [completion({ content: 'x' }, ''), 'it ended before it was finished'],
  [calling(call('')), 'a tool call has no id'],
  [calling(call(undefined)), 'a tool call has no id'],
  [calling('x'), 'a tool call has no id'],
  [calling(call('a'), call('a')), 'two tool calls have one id'],
])('CL-10 %j is no answer of a model: %s', (given, why) => {
  expect(readTurn(given)).toEqual({ ok: false, refusal: why });
});

test('an answer that ends at a limit is cut: its calls may not be whole', () => {
  const cut = (reason: string) => {
    const turn = readTurn(completion({ content: 'x' }, reason));
    return turn.ok && turn.value.isCut;
  };
  expect(['length', 'content_filter', 'stop', 'tool_calls'].map(cut)).toEqual([true, true, false, false]);
});

/** Chunks with one choice each. */
const chunks = (...deltas: readonly Json[]): Json[] =>
  deltas.map((delta) => ({ id: 'x', choices: [{ index: 0, delta }] }));
const finish = { id: 'x', choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] };
const part = (index: number | undefined, given: Json): Json => ({
  tool_calls: [{ ...(index === undefined ? {} : { index }), ...given }],
});

test('chunks come together to one message, whatever they were cut into', () => {
  const reading = readChunks(() => false);
  const kept = [
    ...chunks(
      { role: 'assistant', content: '' },
      { content: 'Let ' },
      { content: 'me', refusal: null },
      { reasoning_content: 'a' },
      { reasoning_content: 'b', extra: 1 },
      part(0, { id: 'c1', type: 'function', function: { name: 'f', arguments: '' }, extra_content: { s: 1 } }),
      part(0, { function: { arguments: '{"x"' } }),
      part(1, { id: 'c2', function: { name: 'g' } }),
      part(0, { id: '', function: { name: '', arguments: ':1}' } }),
      part(1, { function: { arguments: '{}' } }),
    ),
    finish,
    { id: 'x', usage: { total_tokens: 3 }, choices: [] },
  ]
    .map((chunk) => reading.take(chunk) as Json)
    .filter(Boolean);
  expect(kept.map(({ choices }: Json) => choices[0].delta)).toEqual([
    { content: 'Let ' },
    { content: 'me', refusal: null },
    { reasoning_content: 'a' },
    { reasoning_content: 'b', extra: 1 },
  ]);
  expect(reading.turn()).toMatchObject({
    ok: true,
    value: {
      finish: 'tool_calls',
      message: {
        role: 'assistant',
        content: 'Let me',
        reasoning_content: 'ab',
        extra: 1,
        tool_calls: [
          { id: 'c1', type: 'function', function: { name: 'f', arguments: '{"x":1}' }, extra_content: { s: 1 } },
          { id: 'c2', function: { name: 'g', arguments: '{}' } },
        ],
      },
      completion: { id: 'x', object: 'chat.completion', usage: { total_tokens: 3 } },
    },
  });
});

test('the caller’s own calls are handed on as they come, counted anew; ours are kept back', () => {
  const reading = readChunks((name) => name === 'mine');
  const kept = [
    ...chunks(
      part(0, { id: 'c1', function: { name: 'ours', arguments: '{' } }),
      part(1, { id: 'c2', function: { arguments: '' } }),
      part(1, { function: { name: 'mine', arguments: '{"a":' } }),
      part(1, { function: { arguments: '1}' } }),
      part(2, { id: 'c3', custom: { name: 'mine', input: 'x' } }),
      part(2, { custom: { input: 'y' } }),
    ),
    finish,
  ]
    .map((chunk) => reading.take(chunk) as Json)
    .filter(Boolean);
  expect(kept.map(({ choices }: Json) => [choices[0].delta.tool_calls, choices[0].finish_reason])).toEqual([
    [[{ index: 0, id: 'c2', function: { name: 'mine', arguments: '{"a":' } }], null],
    [[{ index: 0, function: { arguments: '1}' } }], null],
    [[{ index: 1, id: 'c3', custom: { name: 'mine', input: 'x' } }], null],
    [[{ index: 1, custom: { input: 'y' } }], null],
  ]);
  const turn = reading.turn();
  expect(turn.ok && turn.value.calls.map(({ name }) => name)).toEqual(['ours', 'mine', 'mine']);
});

test('an object where the arguments should be text is kept as it is, and no usage is none', () => {
  const reading = readChunks(() => true);
  reading.take(chunks(part(0, { id: 'a', function: { name: 'f', arguments: { x: 1 } } }))[0]!);
  reading.take(finish);
  const turn = reading.turn();
  expect(turn).toMatchObject({ value: { calls: [{ arguments: '{"x":1}' }] } });
  expect(turn).not.toHaveProperty('value.completion.usage');
});

test('a provider that gives calls no index is understood by their ids', () => {
  const reading = readChunks(() => true);
  for (const chunk of chunks(
    part(undefined, { id: 'a', function: { name: 'f', arguments: '{' } }),
    part(undefined, { function: { arguments: '}' } }),
    part(undefined, { id: 'b', function: { name: 'g', arguments: '{}' } }),
  ))
    reading.take(chunk);
  reading.take(finish);
  const turn = reading.turn();
  expect(turn.ok && turn.value.calls.map(({ id, arguments: args }) => [id, args])).toEqual([
    ['a', '{}'],
    ['b', '{}'],
  ]);
});

test('chunks without a choice, a delta or a known form do no harm; other choices pass as they are', () => {
  const reading = readChunks(() => true);
  expect(reading.take({ choices: 'x' })).toBeUndefined();
  expect(reading.take({ choices: [{ delta: { tool_calls: 'x', content: '' } }, 7] })).toBeUndefined();
  expect(reading.take({ choices: [{ index: 0, delta: 'x' }] })).toBeUndefined();
  expect(reading.take(chunks(part(0, { function: 'x' }))[0]!)).toBeUndefined();
  const second = { index: 1, delta: { content: 'b' }, finish_reason: 'stop' };
  expect(reading.take({ id: 'y', choices: [second] })).toEqual({ id: 'y', choices: [second] });
});

test('a stream of text alone is a message without calls', () => {
  const reading = readChunks(() => true);
  reading.take({ id: 'x', choices: [{ delta: { content: 'a' }, finish_reason: 'stop' }] });
  const turn = reading.turn();
  expect(turn).toMatchObject({ ok: true, value: { message: { content: 'a' }, calls: [], finish: 'stop' } });
  expect(turn).not.toHaveProperty('value.message.tool_calls');
});

test('CL-08 a stream that breaks off, or never begins, is no answer', () => {
  const reading = readChunks(() => true);
  for (const chunk of chunks(part(0, { id: 'a', function: { name: 'f', arguments: '{"x":' } }))) reading.take(chunk);
  for (const one of [reading, readChunks(() => true)])
    expect(one.turn()).toEqual({ ok: false, refusal: 'it ended before it was finished' });
});

test('token counts of all rounds are added, in every detail', () => {
  const one = { total_tokens: 3, details: { cached: 1 }, tier: 'a', cost: null };
  const two = { total_tokens: 4, details: { cached: 2, audio: 1 }, tier: 'b' };
  expect([one, undefined, two].reduce(addUsage, undefined as Json | undefined)).toEqual({
    total_tokens: 7,
    details: { cached: 3, audio: 1 },
    tier: 'a',
    cost: null,
  });
  expect(addUsage(undefined, null)).toBeUndefined();
});

test('a call as these tests write it is what is read back', () => {
  const { raw, ...read } = aCall('a', 'wiki__echo', { x: 1 });
  const turn = readTurn(calling(raw));
  expect(turn.ok && turn.value.calls).toEqual([{ ...read, raw }]);
});
