import { expect, test } from '@jest/globals';
import { calls, says } from '../support/model.ts';
import { openChat } from './chatting.ts';

const echo = (id: string, n: unknown = 1) => [id, 'wiki__echo', { n }] as const;
const times = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));
const rateLimit = { limit: 1, remaining: 0, resetSeconds: 60 };
const limited = (code: string) =>
  ({ refuse: { code, message: 'Used up.', retryAfterSeconds: 60, rateLimit } }) as never;

test('CL-13 a quota that was used up before is 429 where nothing was produced', async () => {
  const chat = openChat({ script: [calls([echo('a')])], answer: () => limited('quota_exceeded') });
  expect((await chat.ask()).refusal).toMatchObject({ code: 'quota_exceeded', retryAfterSeconds: 60 });
  expect((await chat.ask({ stream: true })).chunks.at(-1)).toMatchObject({ error: { code: 'quota_exceeded' } });
  const spoken = openChat({
    script: [calls([echo('a')], { content: 'I look.' })],
    answer: () => limited('budget_exceeded'),
  });
  expect(await spoken.ask()).toMatchObject({ message: { content: 'I look.' }, body: { xct: { stopped: 'budget' } } });
});

test.each([
  ['CL-10 two calls with one id', calls([echo('a'), echo('a')])],
  ['CL-10 a call without an id', calls([echo('')])],
  ['an answer without an end', { content: 'x', finish_reason: '' }],
])('%s is 502 model_error and runs nothing', async (_, reply) => {
  const chat = openChat({ script: [reply] });
  expect((await chat.ask()).refusal).toMatchObject({ code: 'model_error' });
  expect(chat.sent).toEqual([]);
});

test('a choice that forces a call holds for the first round', async () => {
  const chat = openChat({ script: [calls([echo('a')]), says('Done.')] });
  await chat.ask({ tool_choice: { type: 'function', function: { name: 'wiki.echo' } } });
  expect(chat.asked.map(({ tool_choice }) => tool_choice)).toEqual([
    { type: 'function', function: { name: 'wiki__echo' } },
    'auto',
  ]);
  expect(
    (await chat.ask({ tool_choice: { type: 'function', function: { name: 'wiki.gone' } } })).refusal,
  ).toMatchObject({
    param: 'tool_choice',
  });
});

test('with parallel_tool_calls false the calls of a message run one after the other', async () => {
  let now = 0;
  const chat = openChat({
    script: [calls(times(3, (n) => echo(`c${n}`, n))), says('Done.')],
    answer: async () => {
      expect(++now).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      now--;
      return { content: [] };
    },
  });
  await chat.ask({ parallel_tool_calls: false });
  expect(chat.asked[0]).toHaveProperty('parallel_tool_calls', false);
  expect(chat.sent).toHaveLength(3);
});

test('a tool gets what is left of the time of the whole', async () => {
  const timeouts: number[] = [];
  const chat = openChat({
    script: (_body, n) => (n === 2 ? says('Done.') : calls([echo(`c${n}`, n)])),
    ports: {
      upstream: {
        read: () => Promise.reject(new Error('not here')),
        ask: async ({ timeoutMs }) => {
          timeouts.push(timeoutMs);
          chat.time.now += 50_000;
          return { ok: true, value: { content: [] } };
        },
      },
    },
  });
  await chat.ask();
  expect(timeouts).toEqual([25_000, 10_000]);
});
