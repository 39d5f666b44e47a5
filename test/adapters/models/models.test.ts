import { afterEach, expect, test } from '@jest/globals';
import { completionsUrl, nameAtProvider, settingOf, shownName } from '../../../lambdas/adapters/models/settings.ts';
import type { Json } from '../../support/gateway.ts';
import { says, write } from '../../support/model.ts';
import { rawUpstream } from '../../support/upstreams/raw.ts';
import type { Answer, RunningUpstream } from '../../support/upstreams/record.ts';

process.env['LOOPBACK_UPSTREAMS'] = 'allow';
const { httpModels } = await import('../../../lambdas/adapters/models/models.ts');

const at = (model: string) => ({ model, base_url: 'https://api.example.com/v1' });
const settings = ['gpt-4o', 'gpt-*', 'gpt-4o-*', 'openai/', 'openai/gpt-4o', '*'].map(at);

test.each([
  ['gpt-4o', 'gpt-4o', 'gpt-4o'],
  ['gpt-4o-mini', 'gpt-4o-*', 'gpt-4o-mini'],
  ['gpt-5', 'gpt-*', 'gpt-5'],
  ['openai/gpt-5', 'openai/', 'gpt-5'],
  ['openai/gpt-4o', 'openai/gpt-4o', 'openai/gpt-4o'],
  ['claude', '*', 'claude'],
  ['openai/', '*', 'openai/'],
  ['gpt-4o-*', 'gpt-4o-*', 'gpt-4o-*'],
])('the model %s is found under %s and called %s there', (asked, setting, name) => {
  const found = settingOf(settings, asked)!;
  expect([found.model, nameAtProvider(found, asked)]).toEqual([setting, name]);
});

test('a model under no setting is none', () => {
  expect(settingOf([at('gpt-4o'), at('openai/')], 'gpt-5')).toBeUndefined();
  expect([at('openai/'), at('gpt-*'), at('x')].map(shownName)).toEqual(['openai/*', 'gpt-*', 'x']);
});

test.each([
  ['https://api.example.com/v1', 'https://api.example.com/v1/chat/completions'],
  ['https://api.example.com/v1/', 'https://api.example.com/v1/chat/completions'],
  ['https://api.example.com', 'https://api.example.com/chat/completions'],
  ['https://a.example.com/openai?api-version=1', 'https://a.example.com/openai/chat/completions?api-version=1'],
])('under %s completions are at %s', (base_url, url) => expect(completionsUrl({ model: 'x', base_url })).toBe(url));

const running: RunningUpstream[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
});

/** A model behind a provider that answers so; `x` is asked for with the key "the-key-of-it". */
async function modelOf(answer: Answer) {
  const upstream = await rawUpstream(answer);
  running.push(upstream);
  const base_url = upstream.url.replace(/\/mcp$/, '/v1');
  process.env['MODELS'] = JSON.stringify([{ model: 'to/', base_url, secret_id: 'models/x' }]);
  const model = httpModels(async (id) => `the-key-of-${id}`).find('to/x')!;
  const patience = { timeoutMs: 5_000, signal: new AbortController().signal };
  const chunks: Json[] = [];
  return {
    upstream,
    chunks,
    complete: (given: Partial<typeof patience> = {}) => model.complete({ messages: [] }, { ...patience, ...given }),
    stream: () => model.stream({ messages: [] }, patience, (chunk) => void chunks.push(chunk)),
  };
}
const answering =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (_request, response) =>
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
const failing = (status: number, times: number, headers: Record<string, string> = {}): Answer => {
  let count = 0;
  return (request, response, seen) =>
    count++ < times
      ? answering(status, {}, headers)(request, response, seen)
      : write(response, JSON.parse(seen.body), says('at last'));
};

test('a request has the provider’s name of the model and the key as bearer, and the answer comes whole', async () => {
  const { complete, upstream } = await modelOf((_request, response, { body }) =>
    write(response, JSON.parse(body), says('hi')),
  );
  expect(await complete()).toMatchObject({ ok: true, value: { choices: [{ message: { content: 'hi' } }] } });
  const [{ path, headers, body }] = upstream.requests as [RunningUpstream['requests'][0]];
  expect([path, headers.authorization]).toEqual(['/v1/chat/completions', 'Bearer the-key-of-models/x']);
  expect(JSON.parse(body)).toEqual({ messages: [], model: 'x', stream: false });
});

test('a setting without a secret sends no key', async () => {
  const { upstream } = await modelOf((_request, response, { body }) => write(response, JSON.parse(body), says('hi')));
  process.env['MODELS'] = JSON.stringify([{ model: 'x', base_url: upstream.url }]);
  const { signal } = new AbortController();
  await httpModels(() => Promise.reject(new Error('not asked for')))
    .find('x')!
    .complete({}, { timeoutMs: 1_000, signal });
  expect(upstream.requests[0]?.headers).not.toHaveProperty('authorization');
});

test('chunks are handed on as they come, up to the end of the stream', async () => {
  const { stream, chunks } = await modelOf((_request, response, { body }) =>
    write(response, JSON.parse(body), says('hi')),
  );
  expect(await stream()).toEqual({ ok: true, value: undefined });
  expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe('hi');
});

test.each([429, 500, 503])('CL-19 a provider’s %d is tried again before the first byte', async (status) => {
  for (const way of ['complete', 'stream'] as const) {
    const model = await modelOf(failing(status, 1));
    expect(await model[way]()).toMatchObject({ ok: true });
    expect(model.upstream.requests).toHaveLength(2);
  }
});

test('CL-19 after three attempts it is an error; a long pause that the provider wants is not waited for', async () => {
  const down = await modelOf(failing(500, 9));
  expect(await down.complete()).toMatchObject({ refusal: { code: 'model_error', message: 'The model answered 500' } });
  expect(down.upstream.requests).toHaveLength(3);
  const busy = await modelOf(failing(429, 9, { 'retry-after': '60' }));
  expect(await busy.complete()).toMatchObject({ refusal: { code: 'model_error' } });
  expect(busy.upstream.requests).toHaveLength(1);
});

test('the pause that a provider asks for is kept', async () => {
  for (const [headers, least] of [
    [{ 'retry-after-ms': '20' }, 15],
    [{ 'retry-after': '1' }, 950],
  ] as const) {
    const { complete } = await modelOf(failing(429, 1, headers));
    const begun = performance.now();
    expect(await complete()).toMatchObject({ ok: true });
    expect(performance.now() - begun).toBeGreaterThanOrEqual(least);
  }
});

test('CL-19 a stream that breaks after its first byte is not tried again', async () => {
  const { stream, upstream, chunks } = await modelOf((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: {"choices":[]}\n\n', () => response.destroy());
  });
  expect(await stream()).toMatchObject({ refusal: { code: 'model_error' } });
  expect([upstream.requests.length, chunks.length]).toEqual([1, 1]);
});

test('CL-19 a provider that does not answer in time is 504, and a caller who leaves ends it at once', async () => {
  const { complete, upstream } = await modelOf(() => {});
  expect(await complete({ timeoutMs: 50 })).toMatchObject({ refusal: { code: 'upstream_timeout' } });
  const gone = new AbortController();
  setTimeout(() => gone.abort(), 50);
  expect(await complete({ signal: gone.signal })).toMatchObject({ refusal: { code: 'upstream_timeout' } });
  expect(upstream.requests).toHaveLength(2);
});

test('a provider that is not there is tried again, then an error without its address', async () => {
  const { complete, upstream } = await modelOf(() => {});
  await upstream.close();
  const answer = await complete();
  expect(answer).toMatchObject({ refusal: { code: 'model_error' } });
  expect(JSON.stringify(answer)).not.toContain('127.0.0.1');
});

test.each([
  [400, { error: { message: 'too long' } }, 'invalid_request', 'The model refused the request: too long'],
  [422, [{ error: { message: 'too long' } }], 'invalid_request', 'The model refused the request: too long'],
  [401, { error: 'no such key' }, 'model_error', 'The model answered 401: no such key'],
  [404, { message: 'no such model' }, 'model_error', 'The model answered 404: no such model'],
  [403, '<html>', 'model_error', 'The model answered 403'],
  [302, '', 'model_error', 'The model cannot be reached (upstream_redirect).'],
])('a provider’s %d %j is %s: %s', async (status, body, code, message) => {
  const { complete, upstream } = await modelOf(answering(status, body, { location: '/' }));
  expect(await complete()).toMatchObject({ ok: false, refusal: { code, message } });
  expect(upstream.requests).toHaveLength(1);
});

test('LK-02 a provider that echoes the key does not bring it to the caller', async () => {
  const echoed = { error: { message: 'bad key the-key-of-models/x, sk-aaaaaaaaaaaaaaaaaaaaaaaa' } };
  const { complete } = await modelOf(answering(401, echoed));
  expect(await complete()).toMatchObject({
    refusal: { message: 'The model answered 401: bad key [secret], [secret]' },
  });
  const broken = await modelOf((_request, response) =>
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`data: ${JSON.stringify(echoed)}\n\n`),
  );
  expect(await broken.stream()).toMatchObject({
    refusal: { code: 'model_error', message: 'The model broke off: bad key [secret], [secret]' },
  });
});

test.each(['not json', '[]', '{"a":1,"a":2}'])('an answer that is %s is model_error', async (text) => {
  expect(await (await modelOf(answering(200, text))).complete()).toMatchObject({ refusal: { code: 'model_error' } });
  const events = await modelOf(answering(200, `data: ${text}\n\n`, { 'content-type': 'text/event-stream' }));
  expect(await events.stream()).toMatchObject({ refusal: { code: 'model_error' } });
});
