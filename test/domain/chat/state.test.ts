import { expect, test } from '@jest/globals';
import { chunkOf, dataEvent, headed, reportOf } from '../../../lambdas/domain/chat/answer.ts';
import { modelBody } from '../../../lambdas/domain/chat/body.ts';
import { bytesIn } from '../../../lambdas/domain/chat/cut.ts';
import { closedMessages, readHistory } from '../../../lambdas/domain/chat/history.ts';
import { chatBinding, fitMessages, readState } from '../../../lambdas/domain/chat/state.ts';
import { contentOf } from '../../../lambdas/domain/chat/turn.ts';
import type { Json } from '../../support/gateway.ts';

const user = { role: 'user', content: 'hi' };
const tool = (id: string, content = 'r') => ({ role: 'tool', tool_call_id: id, content });
const said = (content: string | null, ...ids: string[]): Json => ({
  role: 'assistant',
  content,
  ...(ids.length === 0 ? {} : { tool_calls: ids.map((id) => ({ id })) }),
});

test('a history is cut behind its last user message; the open message is the last of the assistant', () => {
  const one = said(null, 'a');
  expect(readHistory([user])).toEqual({ before: [user], since: [], open: undefined });
  expect(readHistory([user, one, tool('a')])).toEqual({ before: [user], since: [one, tool('a')], open: 0 });
  expect(readHistory([user, one, tool('a'), said('b')]).open).toBe(2);
  expect(readHistory([one, user])).toMatchObject({ before: [one, user], open: undefined });
  expect(readHistory([tool('a')])).toMatchObject({ before: [], open: undefined });
});

test('calls that nobody answered are dropped from what is over, and so are messages that said nothing else', () => {
  const state = { ...said('I ask.', 'a', 'b'), xct_state: 'sealed' };
  expect(
    closedMessages([user, state, tool('b'), said(null, 'c'), said('d', 'e'), user, said('f'), said(null, 'g')]),
  ).toEqual([user, said('I ask.', 'b'), tool('b'), said('d'), user, said('f')]);
  expect(closedMessages([{ role: 'assistant', tool_calls: [null] }])).toEqual([]);
});

test('the work on a history grows with its length: two hundred thousand messages come to an end', () => {
  const long = Array.from({ length: 100_000 }, () => [said(null, 'a'), tool('a')]).flat();
  expect(closedMessages(long)).toHaveLength(200_000);
});

test('a state is cut where it is too long, results alike, with a mark; short ones stay whole', () => {
  const messages = [said(null, 'a', 'b'), tool('a', 'x'.repeat(5_000)), tool('b', '"\n'.repeat(5_000))];
  expect(fitMessages(messages)).toBe(messages);
  const fitting = fitMessages(messages, 4_000);
  expect(bytesIn(JSON.stringify(fitting))).toBeLessThanOrEqual(4_000);
  expect(fitting[0]).toEqual(messages[0]);
  for (const message of fitting.slice(1)) expect(contentOf(message)).toContain('[cut here by the gateway');
  const endless = [said('x'.repeat(5_000))];
  expect(fitMessages(endless, 4_000)).toEqual(endless);
});

test('MP-15 a state is good until it expires, for its principal alone', () => {
  const state = { expires: 1_000, after: 0, messages: [] };
  expect(readState(state, 999)).toEqual(state);
  expect([readState(state, 1_000), readState(undefined, 0), readState('x', 0), readState({}, 0)]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  const caller = { key_id: 'a', org_id: 'o', role: 'member', tier: 'free', lineage: [] } as const;
  expect(chatBinding(caller)).not.toBe(chatBinding({ ...caller, key_id: 'b' }));
  expect(chatBinding(caller)).not.toBe(chatBinding({ ...caller, org_id: 'p' }));
});

const body = (more: Json = {}) => ({ model: 'm', messages: [user], ...more }) as Parameters<typeof modelBody>[0];
const round = (more: Json = {}) => ({ messages: [user], tools: [], choice: undefined, ...more });

test('every field of the caller’s goes to the model but ours', () => {
  const given = body({ temperature: 0.5, seed: 7, xct_max_rounds: 3, xct_new: 1, extra_headers: {}, tools: [1] });
  expect(modelBody(given, round())).toEqual({ model: 'm', messages: [user], temperature: 0.5, seed: 7 });
  expect(modelBody(body({ parallel_tool_calls: false, tool_choice: 'auto' }), round())).toEqual(body());
  expect(modelBody(body({ parallel_tool_calls: false }), round({ tools: [{ a: 1 }], choice: 'auto' }))).toEqual(
    body({ parallel_tool_calls: false, tools: [{ a: 1 }], tool_choice: 'auto' }),
  );
  expect(modelBody(body(), round({ tools: [{ a: 1 }] }))).toEqual(body({ tools: [{ a: 1 }] }));
});

test('a stream is asked for its usage, the caller’s other options stay', () => {
  const options = (given: Json) => modelBody(body({ stream: true, ...given }), round())['stream_options'];
  expect(options({})).toEqual({ include_usage: true });
  expect(options({ stream_options: { include_obfuscation: false } })).toEqual({
    include_obfuscation: false,
    include_usage: true,
  });
});

const heading = { id: 'chatcmpl-1', created: 1, model: 'asked' };

test('all chunks of an answer have one heading, with the name that the model gives itself', () => {
  expect(headed(heading, { id: 'x', created: 9, model: 'real', a: 1 })).toEqual({ ...heading, model: 'real', a: 1 });
  expect(headed(heading, { model: '' })).toEqual(heading);
  expect(chunkOf({ a: 1 })).toMatchObject({ choices: [{ delta: { a: 1 }, finish_reason: null }] });
  expect(headed(heading, chunkOf({}, 'stop', { xct: 1 }))).toEqual({
    ...heading,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta: {}, finish_reason: 'stop' }],
    xct: 1,
  });
  expect(dataEvent({ a: 'b\nc' })).toBe('data: {"a":"b\\nc"}\n\n');
});

test('a report tells the cost in dollars, and why the tools were taken away', () => {
  expect(reportOf(2, [], 10_000, undefined)).toEqual({ rounds: 2, tool_calls: [], cost_usd: 0.01 });
  expect(reportOf(2, [], 0, 'quota')).toMatchObject({ stopped: 'quota', note: expect.stringContaining('quota') });
});
