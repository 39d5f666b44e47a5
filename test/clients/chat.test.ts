import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Agent, OpenAIChatCompletionsModel, Runner, setTracingDisabled } from '@openai/agents';
import { jsonSchema, stepCountIs, streamText, tool } from 'ai';
import OpenAI from 'openai';
import type {
  ChatCompletion,
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionMessageParam,
} from 'openai/resources';
import { fickleUpstream, reply } from '../support/fickle.ts';
import { type Json, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { calls, type ScriptedModel, says, scriptedModel } from '../support/model.ts';
import { newOrg } from '../support/org.ts';
import { legacyUpstream } from '../support/upstreams/legacy.ts';
import type { RunningUpstream } from '../support/upstreams/record.ts';

let gateway: TestGateway;
let upstreams: readonly RunningUpstream[];
let model: ScriptedModel;
let client: OpenAI;
let key: string;

beforeAll(async () => {
  const [played, wiki, news] = await Promise.all([scriptedModel(), legacyUpstream(), fickleUpstream()]);
  news.onCall = (response, { id, params }) =>
    params.arguments.fail
      ? response.writeHead(500).end()
      : reply(response, { id, result: { content: [{ type: 'text', text: 'ran' }] } });
  model = played;
  upstreams = [wiki, news];
  gateway = await startTestGateway({ env: model.env });
  const org = await newOrg(gateway);
  await org.server('wiki', wiki.url);
  await org.server('news', news.url, { timeout_ms: 5_000 });
  key = (await org.key({ object_permission: { mcp_servers: ['*'] } }))['key'];
  client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: key, maxRetries: 0 });
  setTracingDisabled(true);
});
afterAll(() => Promise.all([gateway, model, ...upstreams].map((one) => one.close())));

type Ours = { xct: Json };
const messages: ChatCompletionMessageParam[] = [{ role: 'user', content: 'hi' }];
const wiki = { type: 'mcp', server_label: 'wiki' };
const mine = { type: 'function', function: { name: 'mine', parameters: { type: 'object' } } };

/** One answer of the plain client, streamed or not, as the client itself puts it together. */
async function ask(stream: boolean, given: Json): Promise<ChatCompletion & Ours> {
  const body = { model: 'test', messages, ...given } as unknown as ChatCompletionCreateParamsNonStreaming;
  if (!stream) return (await client.chat.completions.create(body)) as ChatCompletion & Ours;
  const chunks: Json[] = [];
  const streaming = client.chat.completions.stream(body as never).on('chunk', (chunk) => void chunks.push(chunk));
  const completion = await streaming.finalChatCompletion();
  return Object.assign(completion, { xct: chunks.findLast(({ xct }) => xct?.rounds)!['xct'] });
}

for (const stream of [false, true]) {
  const way = stream ? 'streaming' : 'not streaming';

  test(`the official openai client, ${way}: a call, then three rounds`, async () => {
    model.play(calls([['a', 'wiki__echo', { message: 'hello' }]]), says('It said hello.'));
    const one = await ask(stream, { tools: [wiki] });
    expect([one.choices[0]!.message.content, one.choices[0]!.finish_reason]).toEqual(['It said hello.', 'stop']);
    expect(one.xct).toMatchObject({ rounds: 2, tool_calls: [{ name: 'wiki.echo', status: 'done' }] });
    model.play(
      calls([['a', 'wiki__add', { a: 1, b: 2 }]]),
      calls([['b', 'wiki__echo', { message: '3' }]]),
      says('Three.'),
    );
    const three = await ask(stream, { tools: [wiki] });
    expect([three.choices[0]!.message.content, three.xct['rounds']]).toEqual(['Three.', 3]);
  });

  test(`the official openai client, ${way}: five parallel calls with mixed failures`, async () => {
    model.play(
      calls([
        ['a', 'wiki__echo', { message: 'x' }],
        ['b', 'wiki__fail', {}],
        ['c', 'news__run', { fail: true }],
        ['d', 'news__gone', {}],
        ['e', 'wiki__echo', '{"message":'],
      ]),
      says('Some of it.'),
    );
    const { choices, xct } = await ask(stream, { tools: [wiki, { ...wiki, server_label: 'news' }] });
    expect(choices[0]!.message.content).toBe('Some of it.');
    expect(xct['tool_calls'].map(({ id, status }: Json) => [id, status])).toEqual([
      ['a', 'done'],
      ['b', 'tool_error'],
      ['c', 'upstream_refused'],
      ['d', 'unknown_tool'],
      ['e', 'malformed_arguments'],
    ]);
    expect(model.asked[1]!['messages'].slice(-5).map(({ tool_call_id }: Json) => tool_call_id)).toEqual([...'abcde']);
  });

  test(`the official openai client, ${way}: its own function in a mixed round, and the rest when it comes back`, async () => {
    model.play(
      calls([
        ['a', 'wiki__echo', { message: 'x' }],
        ['b', 'mine', { y: 1 }],
      ]),
      says('Both.'),
    );
    const { choices } = await ask(stream, { tools: [wiki, mine] });
    const { message, finish_reason } = choices[0]!;
    expect(finish_reason).toBe('tool_calls');
    expect(message.tool_calls).toMatchObject([{ id: 'b', function: { name: 'mine', arguments: '{"y":1}' } }]);
    const back = [...messages, message, { role: 'tool', tool_call_id: 'b', content: 'own' }];
    const resumed = await ask(stream, { tools: [wiki, mine], messages: back });
    expect(resumed.choices[0]!.message.content).toBe('Both.');
    expect(model.asked[1]!['messages'].slice(-2)).toEqual([
      { role: 'tool', tool_call_id: 'a', content: 'x' },
      { role: 'tool', tool_call_id: 'b', content: 'own' },
    ]);
  });

  test(`the official openai client, ${way}: a call that waits for approval`, async () => {
    model.play(calls([['a', 'wiki__echo', { message: 'x' }]]), says('Done.'));
    const tools = [{ ...wiki, require_approval: 'always' }];
    const { choices } = await ask(stream, { tools });
    expect(choices[0]!.message.tool_calls).toMatchObject([{ id: 'a', function: { name: 'wiki__echo' } }]);
    const xct_approvals = [{ tool_call_id: 'a', approve: true }];
    const resumed = await ask(stream, { tools, messages: [...messages, choices[0]!.message], xct_approvals });
    expect(resumed.choices[0]!.message.content).toBe('Done.');
  });
}

test('the five lines: listed tools, extra_headers in the body as this client sends them, LiteLLM’s spelling', async () => {
  const listed = (await gateway.send('GET', '/v1/mcp/tools', key)).body['data'];
  model.play(says('fine'));
  await ask(false, { tools: listed, extra_headers: { 'x-mcp-servers': 'wiki,news' } });
  expect(model.asked[0]!['tools']).toHaveLength(5);
  await client.chat.completions.create(
    {
      model: 'test',
      messages,
      tools: [{ type: 'mcp', server_label: 'any', server_url: 'litellm_proxy/mcp/wiki' } as never],
    },
    { headers: { 'x-mcp-servers': 'wiki' } },
  );
  expect(model.asked[1]!['tools']).toHaveLength(4);
});

test('the official openai client understands refusals before a stream and errors inside of it', async () => {
  const asked = {
    model: 'test',
    messages,
    tools: [{ type: 'mcp', server_label: 'gone' } as never],
    stream: true as const,
  };
  await expect(client.chat.completions.create(asked)).rejects.toMatchObject({ status: 400, code: 'unknown_server' });
  model.play((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end('data: {"choices":[{"index":0,"delta":{"content":"so far"}}]}\n\n');
  });
  const stream = await client.chat.completions.create({ ...asked, tools: [] });
  let text = '';
  const reading = (async () => {
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
  })();
  await expect(reading).rejects.toMatchObject({ code: 'model_error' });
  expect(text).toBe('so far');
});

test('the official openai client lists the models', async () => {
  expect((await client.models.list()).data.map(({ id }) => id)).toEqual(['test', 'other/*', 'wild*']);
});

test('an answer reaches a client while the model is still at work', async () => {
  let release = (): void => {};
  model.play((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: {"choices":[{"index":0,"delta":{"content":"first"}}]}\n\n');
    release = () =>
      void response.end(
        'data: {"choices":[{"index":0,"delta":{"content":" last"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
      );
  });
  const stream = await client.chat.completions.create({ model: 'test', messages, stream: true });
  const seen: string[] = [];
  for await (const chunk of stream) {
    const said = chunk.choices[0]?.delta.content;
    if (said) seen.push(said);
    if (said === 'first') release();
  }
  expect(seen).toEqual(['first', ' last']);
});

/** The gateway as a provider of Vercel's AI SDK; what the SDK has no word for goes in by changing the body. */
const provider = (tools: readonly Json[]) =>
  createOpenAICompatible({
    name: 'xct',
    baseURL: `${gateway.url}/v1`,
    apiKey: key,
    transformRequestBody: (body: Json) => ({ ...body, tools: [...(body['tools'] ?? []), ...tools] }),
  });

test('Vercel’s AI SDK streams an answer that used a tool', async () => {
  model.play(calls([['a', 'wiki__echo', { message: 'hello' }]]), says('It said hello.'));
  const { textStream, finishReason } = streamText({ model: provider([wiki])('test'), prompt: 'hi' });
  let text = '';
  for await (const part of textStream) text += part;
  expect([text, await finishReason]).toEqual(['It said hello.', 'stop']);
  expect(model.asked[1]!['messages'].at(-1)).toMatchObject({ role: 'tool', content: 'hello' });
});

test('Vercel’s AI SDK runs its own tools beside the gateway’s', async () => {
  model.play(calls([['a', 'wiki__echo', { message: 'x' }]]), calls([['b', 'mine', { y: 1 }]]), says('Both.'));
  const own = tool({ inputSchema: jsonSchema<Json>({ type: 'object' }), execute: async ({ y }) => `own ${y}` });
  const { textStream } = streamText({
    model: provider([wiki])('test'),
    prompt: 'hi',
    tools: { mine: own },
    stopWhen: stepCountIs(3),
  });
  let text = '';
  for await (const part of textStream) text += part;
  expect(text).toBe('Both.');
  expect(model.asked.at(-1)!['messages'].at(-1)).toMatchObject({ role: 'tool', tool_call_id: 'b', content: 'own 1' });
});

test.each([false, true])('@openai/agents, streaming: %s, answers with the gateway’s tools', async (stream) => {
  model.play(calls([['a', 'wiki__echo', { message: 'hello' }]]), says('It said hello.'));
  const agent = new Agent({
    name: 'tester',
    model: new OpenAIChatCompletionsModel(client as never, 'test'),
    modelSettings: { providerData: { tools: [wiki] } },
  });
  const runner = new Runner();
  if (!stream) {
    expect((await runner.run(agent, 'hi')).finalOutput).toBe('It said hello.');
  } else {
    const streamed = await runner.run(agent, 'hi', { stream: true });
    let text = '';
    for await (const part of streamed.toTextStream() as unknown as AsyncIterable<string>) text += part;
    expect(text).toBe('It said hello.');
  }
  expect(model.asked[1]!['messages'].at(-1)).toMatchObject({ role: 'tool', content: 'hello' });
});
