import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { providedModel } from '../../local/demo/model.ts';
import { keepSecret } from '../../local/secret.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type ScriptedModel, says, scriptedModel } from '../support/model.ts';

let gateway: TestGateway;
let model: ScriptedModel;

beforeAll(async () => {
  model = await scriptedModel();
  const { setting } = providedModel({ OPENAI_API_KEY: 'sk-mine', OPENAI_BASE_URL: model.url })!;
  gateway = await startTestGateway({ env: { MODELS: JSON.stringify([setting]) } });
});
afterAll(() => Promise.all([gateway.close(), model.close()]));

test('without a key and a URL there is no provider; a key alone is OpenAI’s, a URL alone needs none', () => {
  expect(providedModel({})).toBeUndefined();
  expect(providedModel({ OPENAI_API_KEY: 'sk-mine', OPENAI_MODEL: 'gpt-4o' })).toMatchObject({
    name: 'gpt-4o',
    setting: { model: '*', base_url: 'https://api.openai.com/v1', secret_id: 'xct/local/model' },
    apiKey: 'sk-mine',
  });
  const local = providedModel({ OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1' });
  expect(local?.setting).toEqual({ model: '*', base_url: 'http://127.0.0.1:11434/v1' });
});

test('the key of a provider goes through Secrets Manager to it, and nowhere else', async () => {
  for (const api_key of ['sk-old', 'sk-mine']) await keepSecret(gateway, 'xct/local/model', { api_key });
  model.play(says('hello'));
  const body = { model: 'any-name', messages: [{ role: 'user', content: 'hi' }] };
  const answer = await gateway.send('POST', '/v1/chat/completions', gateway.operatorKey, body);
  expect(answer.body['choices'][0].message.content).toBe('hello');
  expect(model.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer sk-mine']);
  expect([answer.text, ...gateway.lines].join()).not.toContain('sk-mine');
});

test('a model whose secret is not there is the operator’s fault: 500, and a line in the logs', async () => {
  const other = await startTestGateway({
    env: { MODELS: JSON.stringify([{ model: 'x', base_url: model.url, secret_id: 'xct/none' }]) },
  });
  for (const stream of [false, true]) {
    const body = { model: 'x', messages: [{ role: 'user', content: 'hi' }], stream };
    expect((await other.send('POST', '/v1/chat/completions', other.operatorKey, body)).status).toBe(500);
  }
  expect(other.lines.filter((line) => line.includes('"message":"fault"'))).not.toEqual([]);
  await other.close();
});
