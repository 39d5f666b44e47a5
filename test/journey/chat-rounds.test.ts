import { expect, test } from '@jest/globals';
import { unauthorized } from '../../lambdas/domain/refusal.ts';
import { WorldGone } from '../../lambdas/domain/world.ts';
import type { Json } from '../support/gateway.ts';
import { calls, says, usage } from '../support/model.ts';
import { aServer, aWorld } from '../support/records.ts';
import { openChat } from './chatting.ts';

const echo = (id: string, n: unknown = 1) => [id, 'wiki__echo', { n }] as const;
const times = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));
const toolMessages = (body: Json | undefined): Json[] => body!['messages'].filter(({ role }: Json) => role === 'tool');
const upstreamRefusal = (code: 'upstream_refused' | 'upstream_timeout' | 'upstream_too_large') => ({
  refuse: { code, message: `It is ${code}.` } as const,
});
const limited = (code: string) =>
  ({
    refuse: {
      code,
      message: 'Used up.',
      retryAfterSeconds: 60,
      rateLimit: { limit: 1, remaining: 0, resetSeconds: 60 },
    },
  }) as never;

for (const stream of [false, true]) {
  const way = stream ? 'streamed' : 'whole';

  test(`${way}: three rounds end with the model’s answer, its usage and cost summed`, async () => {
    const chat = openChat({ script: [calls([echo('a', 1)]), calls([echo('b', 2)]), says('It is 2.')] });
    const { body, message } = await chat.ask({ stream, stream_options: { include_usage: true } });
    expect(message['content']).toBe('It is 2.');
    expect(body['choices'][0].finish_reason).toBe('stop');
    expect(body['xct']).toMatchObject({ rounds: 3, cost_usd: 0.02 });
    expect(body['usage']).toEqual({
      prompt_tokens: 3 * usage.prompt_tokens,
      completion_tokens: 3 * usage.completion_tokens,
      total_tokens: 3 * usage.total_tokens,
      prompt_tokens_details: { cached_tokens: 3 },
    });
    expect(chat.asked[2]!['messages'].map(({ role }: Json) => role)).toEqual([
      'user',
      'assistant',
      'tool',
      'assistant',
      'tool',
    ]);
    expect(chat.lines).toMatchObject([
      { door: 'chat', tool: 'echo', server: 'wiki', status: 'done', granted_by: 'key' },
      { door: 'chat' },
    ]);
    expect(chat.modelLines).toHaveLength(3);
    expect(chat.modelLines[0]).toMatchObject({
      setting: 'test',
      key_id: 'Key000000001',
      'gen_ai.request.model': 'test',
      'gen_ai.response.model': 'real',
      'gen_ai.usage.input_tokens': 10,
      'gen_ai.usage.output_tokens': 5,
    });
  });

  test(`${way}: CL-02 the same call a third time stops the tools with a note`, async () => {
    const chat = openChat({
      script: (body, n) => (body['tool_choice'] === 'none' ? says('Enough.') : calls([echo(`c${n}`)])),
    });
    const { body, message } = await chat.ask({ stream });
    expect(chat.sent).toHaveLength(2);
    expect(body['xct']).toMatchObject({ rounds: 3, stopped: 'repeated_call', note: expect.any(String) });
    expect(body['xct'].tool_calls.map(({ status }: Json) => status)).toEqual(['done', 'done', 'repeated_call']);
    expect(message['content']).toBe('Enough.');
  });

  test(`${way}: CL-03 of fifty calls in one message twenty-five run, five at once, and each has one tool message`, async () => {
    let now = 0;
    let most = 0;
    const chat = openChat({
      script: (body) => (body['tool_choice'] === 'none' ? says('Enough.') : calls(times(50, (n) => echo(`c${n}`, n)))),
      answer: async () => {
        most = Math.max(most, ++now);
        await new Promise((resolve) => setImmediate(resolve));
        now--;
        return { content: [] };
      },
    });
    const { body } = await chat.ask({ stream });
    expect([chat.sent.length, most, chat.lines.length]).toEqual([25, 5, 25]);
    expect(toolMessages(chat.asked[1]).map(({ tool_call_id }) => tool_call_id)).toEqual(times(50, (n) => `c${n}`));
    expect(body['xct'].stopped).toBe('max_tool_calls');
    expect(chat.asked).toHaveLength(2);
  });

  test(`${way}: a model that never stops ends after ten rounds with one last answer`, async () => {
    const chat = openChat({
      script: (body, n) => (body['tool_choice'] === 'none' ? says('At last.') : calls([echo(`c${n}`, n)])),
    });
    const { body, message } = await chat.ask({ stream });
    expect([chat.asked.length, chat.sent.length]).toEqual([11, 10]);
    expect(body['xct']).toMatchObject({ rounds: 10, stopped: 'max_rounds' });
    expect(message['content']).toBe('At last.');
    expect(body['choices'][0].finish_reason).toBe('stop');
    const fewer = await chat.ask({ stream, xct_max_rounds: 1 });
    expect(fewer.body['xct']).toMatchObject({ rounds: 1, stopped: 'max_rounds' });
  });

  test(`${way}: a limit after the model has said something ends with that and asks it nothing more`, async () => {
    const chat = openChat({ script: (_body, n) => calls([echo(`c${n}`, n)], { content: `Step ${n}.` }) });
    const { body, message } = await chat.ask({ stream, xct_max_rounds: 2 });
    expect(chat.asked).toHaveLength(2);
    expect(message['content']).toBe(stream ? 'Step 0.Step 1.' : 'Step 0.\n\nStep 1.');
    expect(body).toMatchObject({ choices: [{ finish_reason: 'stop' }], xct: { stopped: 'max_rounds' } });
    expect(message['tool_calls']).toBeUndefined();
  });

  test(`${way}: a model that goes on calling when it may not has its calls withheld`, async () => {
    const chat = openChat({ script: (_body, n) => calls([echo(`c${n}`, n)]) });
    const { body, message } = await chat.ask({ stream, xct_max_rounds: 1 });
    expect([chat.asked.length, chat.sent.length]).toEqual([2, 1]);
    expect(message['tool_calls']).toBeUndefined();
    expect(body['choices'][0].finish_reason).toBe('stop');
  });

  test(`${way}: an answer that was cut at its length runs no tool`, async () => {
    const chat = openChat({ script: [calls([echo('a')], { content: 'I will', finish_reason: 'length' })] });
    const { body, message } = await chat.ask({ stream });
    expect(chat.sent).toEqual([]);
    expect([message['content'], body['choices'][0].finish_reason]).toEqual(['I will', 'length']);
    expect(message['tool_calls']).toBeUndefined();
  });

  test(`${way}: CL-07 five parallel calls with mixed fates keep ids and order, and three are in the books`, async () => {
    const fates: Record<string, () => Json> = {
      ok: () => ({ content: [{ type: 'text', text: 'fine' }] }),
      broken: () => upstreamRefusal('upstream_refused'),
      slow: () => upstreamRefusal('upstream_timeout'),
    };
    const restricted = {
      mcp_tool_permissions: { srv_wiki: [{ name: 'echo', params: { n: { enum: ['ok', 'broken', 'slow'] } } }] },
    };
    const chat = openChat({
      key: { object_permission: restricted } as never,
      script: [
        calls([...['ok', 'broken', 'slow', 'denied'].map((n) => echo(n, n)), ['gone', 'wiki__gone', {}]]),
        says('Done.'),
      ],
      answer: ({ params }) => fates[(params['arguments'] as Json)['n']]!(),
    });
    const { body } = await chat.ask({ stream });
    expect(toolMessages(chat.asked[1])).toEqual([
      { role: 'tool', tool_call_id: 'ok', content: 'fine' },
      { role: 'tool', tool_call_id: 'broken', content: 'Error: It is upstream_refused.' },
      { role: 'tool', tool_call_id: 'slow', content: 'Error: It is upstream_timeout.' },
      { role: 'tool', tool_call_id: 'denied', content: expect.stringMatching(/^Error: Argument n .*restricted/) },
      { role: 'tool', tool_call_id: 'gone', content: 'Error: unknown tool wiki__gone' },
    ]);
    expect(chat.lines.map(({ status }) => status)).toEqual(['done', 'upstream_refused', 'upstream_timeout']);
    expect(body['xct'].tool_calls.map(({ status }: Json) => status)).toEqual([
      'done',
      'upstream_refused',
      'upstream_timeout',
      'forbidden',
      'unknown_tool',
    ]);
  });

  test.each([
    ['quota_exceeded', 'quota'],
    ['rate_limited', 'quota'],
    ['budget_exceeded', 'budget'],
  ])(`${way}: CL-13 %s in round 2 ends with the answer so far and stopped: %s`, async (code, stopped) => {
    let served = 0;
    const chat = openChat({
      script: (body, n) => (body['tool_choice'] === 'none' ? says('That is all I found.') : calls([echo(`c${n}`, n)])),
      answer: () => (served++ === 0 ? { content: [] } : limited(code)),
    });
    const { body, message, refusal } = await chat.ask({ stream });
    expect(refusal).toBeUndefined();
    expect(body['xct']).toMatchObject({ rounds: 2, stopped, note: expect.any(String) });
    expect(message['content']).toBe('That is all I found.');
    expect(toolMessages(chat.asked[2]).at(-1)).toMatchObject({ content: 'Error: Used up.' });
  });

  test(`${way}: CL-14 a key that is revoked in round 2 calls nothing more`, async () => {
    let gone = false;
    const servers = [aServer({ alias: 'wiki' })];
    const key = { object_permission: { mcp_servers: ['*'] } };
    const chat = openChat({
      script: (_body, n) => {
        gone = n === 1;
        return calls([echo(`c${n}`, n)]);
      },
      ports: {
        worlds: {
          load: async () => {
            if (gone) throw new WorldGone();
            return aWorld({ servers, key });
          },
        },
      },
    });
    const { refusal, chunks } = await chat.ask({ stream });
    expect(stream ? chunks.at(-1) : { error: refusal }).toEqual({ error: unauthorized().refusal });
    expect([chat.sent.length, chat.asked.length]).toEqual([1, 2]);
  });

  test(`${way}: a store that does not answer refuses that call, and the round goes on`, async () => {
    const chat = openChat({
      script: [calls([echo('a', 1), ['b', 'wiki__add', {}]]), says('Half of it.')],
      answer: ({ params }) => {
        if (params['name'] === 'echo') throw new Error('no answer');
        return { content: [] };
      },
    });
    const { body } = await chat.ask({ stream });
    expect(body['xct'].tool_calls.map(({ status }: Json) => status)).toEqual(['unavailable', 'done']);
    expect(chat.faults).toEqual([new Error('no answer')]);
  });

  test(`${way}: malformed arguments and tools that nobody has are told to the model, which can do better`, async () => {
    const chat = openChat({
      script: [
        calls([
          ['a', 'wiki__echo', '{"n":'],
          ['b', 'news__echo', {}],
        ]),
        calls([echo('c')]),
        says('Better.'),
      ],
    });
    const { message } = await chat.ask({ stream });
    expect(message['content']).toBe('Better.');
    expect(toolMessages(chat.asked[1]).map(({ content }) => content)).toEqual([
      'Error: the arguments are not a JSON object: not valid JSON.',
      'Error: unknown tool news__echo',
    ]);
    expect(chat.sent).toHaveLength(1);
  });

  test(`${way}: a model’s refusal before anything was said is the answer’s`, async () => {
    const chat = openChat({ script: [{ refuse: { code: 'model_error', message: 'It broke.' } }] });
    const { refusal } = await chat.ask({ stream });
    expect(refusal).toEqual({ code: 'model_error', message: 'It broke.' });
    expect(chat.modelLines).toMatchObject([{ 'error.type': 'model_error' }]);
  });
}
