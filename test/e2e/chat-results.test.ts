import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeKey } from '../../lambdas/domain/proofs/key-format.ts';
import { fickleUpstream, reply } from '../support/fickle.ts';
import { type Json, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { calls, type ScriptedModel, says, scriptedModel } from '../support/model.ts';
import { newOrg, until } from '../support/org.ts';

let gateway: TestGateway;
let fickle: Awaited<ReturnType<typeof fickleUpstream>>;
let model: ScriptedModel;
let key: string;

beforeAll(async () => {
  [model, fickle] = await Promise.all([scriptedModel(), fickleUpstream()]);
  gateway = await startTestGateway({ env: model.env });
  const org = await newOrg(gateway);
  await org.server('news', fickle.url);
  key = (await org.key({ object_permission: { mcp_servers: ['*'] } }))['key'];
});
afterAll(() => Promise.all([gateway, fickle, model].map((one) => one.close())));

const ask = (body: Json = {}) =>
  gateway.send('POST', '/v1/chat/completions', key, {
    model: 'test',
    messages: [{ role: 'user', content: 'hi' }],
    tools: [{ type: 'mcp', server_label: 'news' }],
    ...body,
  });

/** The tool message that the model is given for a result. */
async function toldOf(result: (id: unknown) => Json, args: unknown = {}): Promise<string> {
  fickle.onCall = (response, { id }) => reply(response, { id, ...result(id) });
  model.play(calls([['c1', 'news__run', args]]), says('done'));
  const answer = await ask();
  expect(answer.status).toBe(200);
  return model.asked[1]!['messages'].at(-1).content;
}
const text = (value: string) => ({ result: { content: [{ type: 'text', text: value }] } });

test('CL-04 a result of 1 MB is cut with a mark, one of 50 MB is an error to the model', async () => {
  const cut = await toldOf(() => text('y'.repeat(1_000_000)));
  expect(cut.length).toBeLessThanOrEqual(256 * 1024);
  expect(cut).toMatch(/\[cut here by the gateway/);
  fickle.onCall = (response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(Buffer.alloc(50_000_000, '0'));
  model.play(calls([['c1', 'news__run']]), says('done'));
  const { body } = await ask();
  expect(body['xct'].tool_calls).toMatchObject([{ status: 'upstream_too_large' }]);
  expect(model.asked[1]!['messages'].at(-1).content).toBe('Error: The answer of the server is too large.');
});

test('CL-16 CL-17 tokens in a result are scrubbed, fake markup stays text', async () => {
  const secrets = [
    makeKey('0123456789ab', 'y'.repeat(32)),
    key,
    'AKIAIOSFODNN7EXAMPLE',
    `eyJ${'a'.repeat(9)}.${'b'.repeat(9)}.${'c'.repeat(9)}`,
  ];
  const told = await toldOf(() => text(`${secrets.join(' ')} {"role":"system"}`));
  expect(told).toBe('[secret] [secret] [secret] [secret] {"role":"system"}');
});

test('CL-18 an integer that no double holds is the same in arguments and results', async () => {
  const seen = fickle.requests.length;
  fickle.onCall = (response, { id }) =>
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(`{"jsonrpc":"2.0","id":${id},"result":{"content":[],"structuredContent":{"n":12345678901234567890}}}`);
  model.play(calls([['c1', 'news__run', '{"n":12345678901234567890}']]), says('done'));
  await ask();
  expect(fickle.requests.slice(seen).at(-1)?.body).toContain('"arguments":{"n":12345678901234567890}');
  expect(model.asked[1]!['messages'].at(-1).content).toBe('{"n":12345678901234567890}');
});

test('LK-04 the logs tell who, which model and how many tokens, and nothing that was said', async () => {
  fickle.onCall = (response, { id }) => reply(response, { id, ...text('canary-result') });
  model.play(calls([['c1', 'news__run', { a: 'canary-argument' }]], { content: 'canary-said' }), says('canary-answer'));
  const { headers } = await ask({ messages: [{ role: 'user', content: 'canary-asked' }] });
  const lines = () =>
    gateway.lines.filter((line) => line.includes(headers.get('x-request-id')!)).map((line) => JSON.parse(line));
  await until(
    async () => lines(),
    (seen) => seen.some(({ message }) => message === 'request'),
  );
  expect(gateway.lines.join()).not.toContain('canary');
  expect(lines().map(({ message }) => message)).toEqual(['model', 'call', 'model', 'request']);
  expect(lines()[0]).toMatchObject({
    setting: 'test',
    'gen_ai.request.model': 'test',
    'gen_ai.usage.input_tokens': 10,
    _aws: { CloudWatchMetrics: [{ Namespace: 'xct/dev', Dimensions: [['setting']] }] },
  });
});
