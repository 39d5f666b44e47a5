import { expect, test } from '@jest/globals';
import type { UpstreamRequest } from '../../lambdas/ports/upstream.ts';
import { openDoor } from './relaying.ts';

const inner = 'state "1" \\u00e9 ü \ud83d\ude00 12345678901234567890';
const inputRequests = { who: { method: 'elicitation/create', params: { message: 'Who?' } } };
const question = { resultType: 'input_required', inputRequests, requestState: inner };
const inputResponses = { who: { action: 'accept', content: { name: 'Ada' } } };
/** Asks first, answers a continuation. */
const asking = ({ params }: UpstreamRequest) =>
  params['inputResponses'] === undefined
    ? question
    : { resultType: 'complete', content: [], messages: [], contents: [] };
const targets = [
  ['tools/call', { name: 'docs__echo', arguments: { a: 1 } }],
  ['prompts/get', { name: 'docs__greet' }],
  ['resources/read', { uri: 'xct:docs:test://note' }],
] as const;

for (const [method, params] of targets)
  test(`MP-17 a question in answer to ${method} is relayed, its state sealed and given back byte for byte`, async () => {
    const { result, sent, lines } = openDoor({ answer: asking });
    const first = await result(method, params);
    expect(first).toMatchObject({ resultType: 'input_required', inputRequests });
    expect(first['requestState']).not.toContain('state');
    const second = await result(method, { ...params, inputResponses, requestState: first['requestState'] });
    expect(second['resultType']).toBe('complete');
    expect(sent[1]?.request.params).toMatchObject({ inputResponses, requestState: inner });
    expect(sent[0]?.request.params).not.toHaveProperty('requestState');
    expect(lines.map(({ status }) => status)).toEqual(method === 'tools/call' ? ['input_required', 'done'] : []);
  });

test('MP-15 MP-17 a state that was changed, or is of another key, server, method or name, is refused before anything is sent', async () => {
  const { result, code, sent } = openDoor({ answer: asking });
  const { requestState } = await result('tools/call', { name: 'docs__echo' });
  sent.length = 0;
  const answer = (method: string, params: object, keyId?: string) =>
    code(method, { ...params, inputResponses, requestState }, keyId === undefined ? {} : { keyId });
  expect(await answer('tools/call', { name: 'docs__echo' }, 'Key000000002')).toBe(-32602);
  expect(await answer('tools/call', { name: 'docs__add' })).toBe(-32602);
  expect(await answer('tools/call', { name: 'wiki__echo' })).toBe(-32602);
  expect(await answer('prompts/get', { name: 'docs__greet' })).toBe(-32602);
  expect(await answer('resources/read', { uri: 'xct:docs:echo' })).toBe(-32602);
  for (const bad of [`${requestState}x`, requestState.slice(1), inner, '', 1, null, {}])
    expect(await code('tools/call', { name: 'docs__echo', inputResponses, requestState: bad })).toBe(-32602);
  expect(sent).toEqual([]);
});

test('MP-15 a state is good for 15 minutes, and on every URL of its server', async () => {
  const { result, code, time } = openDoor({ answer: asking });
  const { requestState } = await result('tools/call', { name: 'docs__echo' });
  const continuation = { inputResponses, requestState };
  time.now += 15 * 60_000 - 1;
  expect(await code('tools/call', { name: 'echo', ...continuation }, { set: 'docs' })).toBe('complete');
  time.now += 1;
  expect(await code('tools/call', { name: 'docs__echo', ...continuation })).toBe(-32602);
});

test('a question without a state: the prompt has none, the metered call one of ours that the upstream never sees', async () => {
  const { requestState: _, ...stateless } = question;
  const { result, sent } = openDoor({
    answer: ({ params }) => (params['inputResponses'] ? { content: [] } : stateless),
  });
  expect(await result('prompts/get', { name: 'docs__greet' })).not.toHaveProperty('requestState');
  const { requestState } = await result('tools/call', { name: 'docs__echo' });
  await result('tools/call', { name: 'docs__echo', inputResponses, requestState });
  expect(sent[2]?.request.params).toEqual({ name: 'echo', arguments: {}, inputResponses });
});

test('what a modern client can be asked for goes along, and nothing of a legacy one', async () => {
  const { result, sent } = openDoor();
  const meta = { 'io.modelcontextprotocol/clientCapabilities': { elicitation: { form: {} } } };
  const known = { 'io.modelcontextprotocol/logLevel': 'info', 'io.modelcontextprotocol/x': 1, traceparent: 't' };
  await result('tools/call', { name: 'docs__echo', _meta: { ...meta, ...known } });
  const legacy = { name: 'docs__echo', _meta: { progressToken: 1 }, inputResponses, requestState: 'x' };
  await result('tools/call', legacy, { modern: false });
  expect(sent.map(({ request }) => [request.clientCapabilities, request.meta, Object.keys(request.params)])).toEqual([
    [
      { elicitation: { form: {} } },
      { 'io.modelcontextprotocol/logLevel': 'info', traceparent: 't' },
      ['name', 'arguments'],
    ],
    [undefined, { progressToken: 1 }, ['name', 'arguments']],
  ]);
});

test('a legacy client hears of a question as a failed call, or as an error of a prompt or resource', async () => {
  const { result, ask } = openDoor({ answer: asking });
  expect(await result('tools/call', { name: 'docs__echo' }, { modern: false })).toMatchObject({
    isError: true,
    content: [{ type: 'text', text: expect.stringContaining('Who?') }],
  });
  for (const [method, params] of targets.slice(1))
    expect(await ask(method, params, { modern: false })).toMatchObject({
      status: 200,
      body: { error: { code: -32000, message: expect.stringContaining('Who?') } },
    });
});
