import { expect, test } from '@jest/globals';
import type { Json } from '../support/gateway.ts';
import { calls, says } from '../support/model.ts';
import { openChat } from './chatting.ts';

const user = { role: 'user', content: 'hi' };
const wiki = { type: 'mcp', server_label: 'wiki' };
const mine = { type: 'function', function: { name: 'mine' } };
const own = (id: string, content = 'my result') => ({ role: 'tool', tool_call_id: id, content });
const named = (message: Json): string[] => (message['tool_calls'] ?? []).map((call: Json) => call['function'].name);
/** Messages as a conversation reads: role and id, or the ids of the calls. */
const outline = (body: Json | undefined): string[] =>
  body!['messages'].map(({ role, tool_call_id, tool_calls }: Json) =>
    [role, tool_call_id ?? tool_calls?.map(({ id }: Json) => id).join('+')].filter(Boolean).join(' '),
  );

for (const stream of [false, true]) {
  const way = stream ? 'streamed' : 'whole';

  test(`${way}: of a mixed round the caller gets its own call, and nothing runs twice when it comes back`, async () => {
    const chat = openChat({
      script: [
        calls([['a', 'wiki__echo', { n: 1 }]], { content: 'I look.' }),
        calls([
          ['b', 'wiki__add', {}],
          ['c', 'mine', { x: 1 }],
          ['d', 'wiki__echo', { n: 2 }],
        ]),
        says('All of it.'),
      ],
    });
    const first = await chat.ask({ stream, tools: [wiki, mine] });
    expect([named(first.message), first.body['choices'][0].finish_reason]).toEqual([['mine'], 'tool_calls']);
    expect(first.body['xct']).toMatchObject({ rounds: 2, tool_calls: [{ id: 'a' }, { id: 'b' }, { id: 'd' }] });
    expect(chat.sent).toHaveLength(3);

    const resumed = await chat.ask({ stream, tools: [wiki, mine], messages: [user, first.message, own('c')] });
    expect(resumed.message['content']).toBe('All of it.');
    expect(chat.sent).toHaveLength(3);
    expect(outline(chat.asked[2])).toEqual([
      'user',
      'assistant a',
      'tool a',
      'assistant b+c+d',
      'tool b',
      'tool c',
      'tool d',
    ]);
    expect(chat.asked[2]!['messages'].at(-2).content).toBe('my result');
    expect(JSON.stringify(chat.asked[2])).not.toContain('xct');
    expect(resumed.body['xct']).toMatchObject({ rounds: 1, tool_calls: [], cost_usd: 0 });
  });

  test(`${way}: a call that needs approval waits, and runs once it is approved`, async () => {
    const chat = openChat({ script: [calls([['a', 'wiki__echo', { n: 1 }]]), says('Done.')] });
    const tools = [{ ...wiki, require_approval: 'always' }];
    const first = await chat.ask({ stream, tools });
    expect([named(first.message), first.body['choices'][0].finish_reason]).toEqual([['wiki__echo'], 'tool_calls']);
    expect(first.message['xct_state']).toBeUndefined();
    expect(first.body['xct'].tool_calls).toMatchObject([{ id: 'a', name: 'wiki.echo', status: 'approval_required' }]);
    expect(chat.sent).toEqual([]);

    const messages = [user, first.message];
    const xct_approvals = [{ tool_call_id: 'a', approve: true }];
    const resumed = await chat.ask({ stream, tools, messages, xct_approvals });
    expect(resumed.message['content']).toBe('Done.');
    expect(chat.sent).toHaveLength(1);
    expect(outline(chat.asked[1])).toEqual(['user', 'assistant a', 'tool a']);
    expect(chat.asked[1]!['messages'].at(-1).content).toBe('ran echo');

    const next = await chat.ask({ stream, tools, messages: [...messages, resumed.message, user] });
    expect(next.message['content']).toBe('Done.');
    expect(outline(chat.asked[2])).toEqual(['user', 'assistant', 'user']);
  });
}

test('a call that is not approved is told to the model and never made', async () => {
  const chat = openChat({ script: [calls([['a', 'wiki__echo', {}]]), says('Then not.')] });
  const tools = [{ ...wiki, require_approval: { always: { tool_names: ['echo'] } } }];
  const first = await chat.ask({ tools });
  const xct_approvals = [{ tool_call_id: 'a', approve: false }];
  const resumed = await chat.ask({ tools, messages: [user, first.message], xct_approvals });
  expect(resumed.body['xct'].tool_calls).toMatchObject([{ status: 'rejected' }]);
  expect(chat.asked[1]!['messages'].at(-1).content).toMatch(/did not approve/);
  expect(chat.sent).toEqual([]);
});

test('a call that waits and has no decision is 400, and so is an own call without its result', async () => {
  const chat = openChat({
    script: [
      calls([
        ['a', 'wiki__echo', {}],
        ['b', 'mine', {}],
        ['c', 'wiki__add', {}],
      ]),
    ],
  });
  const tools = [{ ...wiki, require_approval: { always: { tool_names: ['echo'] } } }, mine];
  const { message } = await chat.ask({ tools });
  expect(named(message)).toEqual(['wiki__echo', 'mine']);
  const undecided = await chat.ask({ tools, messages: [user, message, own('b')] });
  expect(undecided.refusal).toMatchObject({ code: 'invalid_request', param: 'xct_approvals' });
  const xct_approvals = [{ tool_call_id: 'a', approve: true }];
  const unanswered = await chat.ask({ tools, messages: [user, message], xct_approvals });
  expect(unanswered.refusal).toMatchObject({ code: 'invalid_request', param: 'messages' });
  expect(chat.sent).toHaveLength(1);
});

test('what was approved holds for that round alone, whatever ids the model gives later', async () => {
  const chat = openChat({ script: (_body, n) => calls([['call_0', 'wiki__echo', { n }]]) });
  const tools = [{ ...wiki, require_approval: 'always' }];
  const first = await chat.ask({ tools });
  const xct_approvals = [{ tool_call_id: 'call_0', approve: true }];
  const second = await chat.ask({ tools, messages: [user, first.message], xct_approvals });
  expect(chat.sent.map(({ params }) => params['arguments'])).toEqual([{ n: 0 }]);
  expect(second.body['xct'].tool_calls.map(({ status }: Json) => status)).toEqual(['done', 'approval_required']);

  const third = await chat.ask({ tools, messages: [user, first.message, second.message], xct_approvals });
  expect(chat.sent.map(({ params }) => params['arguments'])).toEqual([{ n: 0 }, { n: 1 }]);
  expect(outline(chat.asked[2])).toEqual([
    'user',
    'assistant call_0',
    'tool call_0',
    'assistant call_0',
    'tool call_0',
  ]);
  expect(third.message['xct_state']).toEqual(expect.any(String));
});

test('rounds of the caller’s own before a pause stay where they are in its history', async () => {
  const chat = openChat({
    script: [
      calls([['a', 'mine', {}]]),
      calls([
        ['b', 'wiki__echo', {}],
        ['c', 'mine', {}],
      ]),
      calls([['d', 'mine', {}]]),
      says('Done.'),
    ],
  });
  const tools = [wiki, mine];
  const messages: Json[] = [user];
  for (const id of ['a', 'c', 'd']) {
    const { message } = await chat.ask({ tools, messages });
    messages.push(message, own(id));
  }
  expect((await chat.ask({ tools, messages })).message['content']).toBe('Done.');
  expect(outline(chat.asked[3])).toEqual([
    'user',
    'assistant a',
    'tool a',
    'assistant b+c',
    'tool b',
    'tool c',
    'assistant d',
    'tool d',
  ]);
  expect(messages.map((message) => 'xct_state' in message)).toEqual([false, false, false, true, false, true, false]);
  expect(chat.sent).toHaveLength(1);
});

test('MP-15 a state that was changed, is another key’s, or is sixteen minutes old is refused, and nothing runs', async () => {
  const chat = openChat({
    script: [
      calls([
        ['a', 'wiki__echo', {}],
        ['b', 'mine', {}],
      ]),
    ],
  });
  const tools = [wiki, mine];
  const { message } = await chat.ask({ tools });
  const resume = (xct_state: unknown, keyId?: string) =>
    chat.ask({ tools, messages: [user, { ...message, xct_state }, own('b')] }, keyId ? { keyId } : {});
  const state: string = message['xct_state'];
  const flipped = `${state.slice(0, 9)}${state[9] === 'A' ? 'B' : 'A'}${state.slice(10)}`;
  for (const bad of [flipped, '', 'x', null, 7, {}])
    expect((await resume(bad)).refusal).toMatchObject({ code: 'invalid_request', param: 'xct_state' });
  expect((await resume(state, 'Key000000002')).refusal).toMatchObject({ param: 'xct_state' });
  chat.time.now += 16 * 60_000;
  expect((await resume(state)).refusal).toMatchObject({ param: 'xct_state' });
  expect([chat.sent.length, chat.asked.length]).toEqual([1, 1]);
});

test('a state that is over is no matter: an old conversation goes on', async () => {
  const chat = openChat({
    script: [
      calls([
        ['a', 'wiki__echo', {}],
        ['b', 'mine', {}],
      ]),
      says('Done.'),
    ],
  });
  const tools = [wiki, mine];
  const { message } = await chat.ask({ tools });
  chat.time.now += 60 * 60_000;
  const messages = [user, message, own('b'), { role: 'assistant', content: 'Done.' }, user];
  expect((await chat.ask({ tools, messages })).refusal).toBeUndefined();
  expect(outline(chat.asked[1])).toEqual(['user', 'assistant b', 'tool b', 'assistant', 'user']);
});

test('results in a state are cut so that it stays under a megabyte', async () => {
  const text = 'x'.repeat(250_000);
  const chat = openChat({
    script: [
      calls([...[1, 2, 3, 4, 5].map((n) => [`c${n}`, 'wiki__echo', { n }] as const), ['m', 'mine', {}]]),
      says('Done.'),
    ],
    answer: () => ({ content: [{ type: 'text', text }] }),
  });
  const { message } = await chat.ask({ tools: [wiki, mine] });
  expect(message['xct_state'].length).toBeLessThan(1024 * 1024);
  await chat.ask({ tools: [wiki, mine], messages: [user, message, own('m')] });
  expect(
    chat.asked[1]!['messages'].filter(({ content }: Json) => /cut here by the gateway/.test(content)),
  ).toHaveLength(5);
});

test('without tools of the gateway the caller’s own rounds pass as they are', async () => {
  const chat = openChat({
    script: [
      calls([
        ['a', 'mine', {}],
        ['b', 'other', {}],
      ]),
    ],
  });
  const asked = {
    messages: [user, { role: 'assistant', content: null, tool_calls: [{ id: 'x', function: { name: 'mine' } }] }],
    tools: [mine],
  };
  const { message, body } = await chat.ask(asked);
  expect(named(message)).toEqual(['mine', 'other']);
  expect(message['xct_state']).toBeUndefined();
  expect(body['xct']).toEqual({ rounds: 1, tool_calls: [], cost_usd: 0 });
  expect(chat.asked[0]).toMatchObject(asked);
});

test('a caller that ran a gateway tool by itself is believed', async () => {
  const chat = openChat({ script: [says('Done.')] });
  const message = { role: 'assistant', ...calls([['a', 'wiki__echo', {}]]) };
  await chat.ask({ messages: [user, message, own('a')] });
  expect(outline(chat.asked[0])).toEqual(['user', 'assistant a', 'tool a']);
  expect(chat.sent).toEqual([]);
});
