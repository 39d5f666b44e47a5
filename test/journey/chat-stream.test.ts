import { expect, jest, test } from '@jest/globals';
import type { Json } from '../support/gateway.ts';
import { calls, chunksOf, says } from '../support/model.ts';
import { openChat } from './chatting.ts';

const wiki = { type: 'mcp', server_label: 'wiki' };
const mine = { type: 'function', function: { name: 'mine' } };
const deltas = (chunks: readonly Json[]): Json[] =>
  chunks.flatMap(({ choices }) => choices ?? []).map(({ delta }) => delta);

test('a stream has one heading, one role, one finish, one end; what is ours is announced and kept back', async () => {
  const chat = openChat({
    script: [
      calls([['a', 'wiki__echo', { n: 1 }]], { content: 'I look. ' }),
      calls([
        ['b', 'wiki__add', {}],
        ['c', 'mine', { x: 1 }],
        ['d', 'mine', {}],
      ]),
    ],
  });
  const { chunks, text } = await chat.ask({
    stream: true,
    tools: [wiki, mine],
    stream_options: { include_usage: true },
  });
  expect(new Set(chunks.map(({ id, object }) => `${id} ${object}`))).toEqual(
    new Set(['chatcmpl-req-1 chat.completion.chunk']),
  );
  expect(text.match(/\[DONE\]/g)).toHaveLength(1);
  expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
  expect(deltas(chunks).filter((delta) => 'role' in delta)).toEqual([{ role: 'assistant', content: '' }]);
  expect(chunks[0]!['choices'][0].delta).toHaveProperty('role');
  const finishes = chunks.flatMap(({ choices }) => choices).filter(({ finish_reason }: Json) => finish_reason);
  expect(finishes).toMatchObject([{ finish_reason: 'tool_calls', delta: { xct_state: expect.any(String) } }]);
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 30 } });
  expect(deltas(chunks).flatMap(({ tool_calls = [] }) => tool_calls)).toMatchObject([
    { index: 0, id: 'c', function: { name: 'mine' } },
    { index: 0, function: { arguments: '{"x' } },
    { index: 0, function: { arguments: '":1}' } },
    { index: 1, id: 'd', function: { name: 'mine' } },
    { index: 1 },
    { index: 1 },
  ]);
  expect(JSON.stringify(deltas(chunks))).not.toContain('wiki__');
  const events = chunks.flatMap(({ xct }) => (xct?.event ? [xct] : []));
  expect(events).toMatchObject([
    { event: 'tool_call.started', id: 'a', name: 'wiki.echo' },
    { event: 'tool_call.completed', id: 'a', name: 'wiki.echo', status: 'done', cost_usd: 0.01 },
    { event: 'tool_call.started', id: 'b' },
    { event: 'tool_call.completed', id: 'b' },
  ]);
  expect(text).not.toContain('ran echo');
});

test('usage is told where it was asked for and nowhere else', async () => {
  const { chunks } = await openChat({ script: [says('x')] }).ask({ stream: true });
  expect(chunks.filter((chunk) => 'usage' in chunk)).toEqual([]);
});

test('CL-08 a stream that ends in the middle of tool arguments runs no tool and is an error', async () => {
  const chunks = chunksOf(calls([['a', 'wiki__echo', { n: 1 }]], { content: 'I look.' })).slice(0, -2);
  const chat = openChat({ script: [{ chunks }] });
  const answer = await chat.ask({ stream: true });
  expect(answer.chunks.at(-1)).toMatchObject({ error: { code: 'model_error' } });
  expect(answer.text).not.toContain('[DONE]');
  expect(chat.sent).toEqual([]);
  const silent = await openChat({ script: [{ chunks: chunks.slice(4) }] }).ask({ stream: true });
  expect(silent.refusal).toMatchObject({ code: 'model_error' });
});

test('a fault when the stream has begun is its last event', async () => {
  const chat = openChat({
    script: [
      calls([
        ['a', 'wiki__echo', {}],
        ['b', 'mine', {}],
      ]),
    ],
    ports: { seal: { seal: () => Promise.reject(new Error('no seal')), open: async () => undefined } },
  });
  const { chunks } = await chat.ask({ stream: true, tools: [wiki, mine] });
  expect(chunks.at(-1)).toMatchObject({ error: { code: 'unavailable' } });
  expect(chat.faults).toEqual([new Error('no seal')]);
});

test('several choices of a model without our tools pass as they come', async () => {
  const chunk = (index: number, delta: Json, finish_reason: string | null = null) => ({
    choices: [{ index, delta, finish_reason }],
  });
  const chunks = [chunk(0, { content: 'a' }), chunk(1, { content: 'b' }), chunk(1, {}, 'stop'), chunk(0, {}, 'stop')];
  const answer = await openChat({ script: [{ chunks }] }).ask({ stream: true, n: 2, tools: [] });
  const seen = answer.chunks
    .flatMap(({ choices }) => choices)
    .map(({ index, delta, finish_reason }: Json) => [index, delta.content, finish_reason]);
  expect(seen).toEqual([
    [0, '', null],
    [0, 'a', null],
    [1, 'b', null],
    [1, undefined, 'stop'],
    [0, undefined, 'stop'],
  ]);
});

test('a model that is slow to begin keeps the stream alive with pings', async () => {
  jest.useFakeTimers();
  const slow = Promise.withResolvers<undefined>();
  const model = {
    setting: 'test',
    complete: () => Promise.reject(new Error('not here')),
    stream: async (_body: unknown, _patience: unknown, onChunk: (chunk: Json) => void) => {
      await slow.promise;
      for (const chunk of chunksOf(says('late'))) onChunk(chunk);
      return { ok: true as const, value: undefined };
    },
  };
  const chat = openChat({ ports: { models: { names: [], find: () => model } } });
  const asking = chat.ask({ stream: true });
  await jest.advanceTimersByTimeAsync(46_000);
  slow.resolve(undefined);
  const { text, message } = await asking;
  jest.useRealTimers();
  expect(text.match(/^: ping$/gm)).toHaveLength(3);
  expect(message['content']).toBe('late');
});

test('a caller who leaves ends the tool that runs for it, and the model is not asked again', async () => {
  const began = Promise.withResolvers<void>();
  const chat = openChat({
    script: [calls([['a', 'wiki__echo', {}]])],
    ports: {
      upstream: {
        read: () => Promise.reject(new Error('not here')),
        ask: async ({ signal }) => {
          began.resolve();
          await new Promise<void>((resolve) => signal?.addEventListener('abort', resolve));
          return { ok: false, refusal: { code: 'upstream_timeout', message: 'It was left.' } };
        },
      },
    },
  });
  const answer = await chat.open({ stream: true });
  if (!answer.ok || !('stream' in answer.value)) throw new Error('not a stream');
  let text = '';
  const running = answer.value.stream.run((piece) => {
    text += piece;
  });
  await began.promise;
  answer.value.stream.leave();
  await running;
  expect(chat.asked).toHaveLength(1);
  expect(text).toContain('"status":"upstream_timeout"');
  expect(text).not.toContain('[DONE]');
});
