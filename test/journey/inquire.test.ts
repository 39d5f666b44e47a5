import { expect, test } from '@jest/globals';
import { no, ok } from '../../lambdas/domain/result.ts';
import { memoryMeter, memoryVault } from '../support/memory.ts';
import { aServer } from '../support/records.ts';
import { offering, openDoor } from './relaying.ts';

const legacy = { modern: false };
const ref = { type: 'ref/prompt', name: 'wiki__greet' };
const argument = { name: 'name', value: 'a' };

test('prompts, resources and references reach their server under its own names, and nothing else goes along', async () => {
  const { result, sent } = openDoor({
    answer: ({ method }) => ({
      messages: [],
      contents: [],
      completion: { values: [] },
      resultType: 'complete',
      method,
    }),
  });
  const extra = { task: { ttl: 1 }, novel: 1 };
  await result('prompts/get', { name: 'wiki__a_b', arguments: { x: '1' }, ...extra });
  await result('prompts/get', { name: 'greet', ...extra }, { set: 'docs' });
  await result('resources/read', { uri: 'xct:wiki:xct:docs:test://a', ...extra });
  await result('resources/read', { uri: 'xct:wiki:test://a', ...extra }, { set: 'wiki' });
  await result('completion/complete', { ref: { ...ref, title: 'T' }, argument, context: { arguments: {} }, ...extra });
  await result('completion/complete', { ref: { type: 'ref/resource', uri: 'xct:docs:test://notes/{id}' }, argument });
  expect(sent.map(({ request, target }) => [new URL(target.url).hostname, request.method, request.params])).toEqual([
    ['wiki.example.com', 'prompts/get', { name: 'a b', arguments: { x: '1' } }],
    ['docs.example.com', 'prompts/get', { name: 'greet' }],
    ['wiki.example.com', 'resources/read', { uri: 'xct:docs:test://a' }],
    ['wiki.example.com', 'resources/read', { uri: 'xct:wiki:test://a' }],
    [
      'wiki.example.com',
      'completion/complete',
      { ref: { type: 'ref/prompt', name: 'greet', title: 'T' }, argument, context: { arguments: {} } },
    ],
    ['docs.example.com', 'completion/complete', { ref: { type: 'ref/resource', uri: 'test://notes/{id}' }, argument }],
  ]);
});

test('only tool calls are accounted for', async () => {
  const { result, lines } = openDoor();
  await result('prompts/get', { name: 'docs__greet' });
  await result('resources/read', { uri: 'xct:docs:a:b' });
  await result('completion/complete', { ref, argument });
  expect(lines).toEqual([]);
  await result('tools/call', { name: 'docs__echo' });
  expect(lines).toMatchObject([{ server: 'docs', tool: 'echo', status: 'done' }]);
});

test('what is not pinned, not offered, or not named right is -32602 and reaches no server', async () => {
  const some = { prompts: true, resources: true, completions: false };
  const { code, sent } = openDoor({
    servers: [offering('docs', { offers: some }), offering('wiki'), aServer({ alias: 'plain' })],
    lost: ['wiki'],
  });
  for (const [method, params] of [
    ...['docs__none', 'plain__greet', 'greet', 'docs_greet', '__greet', 'docs__a b', 'wiki__greet', '', 1].map(
      (name) => ['prompts/get', { name }] as const,
    ),
    ['prompts/get', { name: 'docs__greet', arguments: [] }],
    ...['test://note', 'xct:plain:test://note', 'xct:none:a:b', 'XCT:docs:a:b', 1].map(
      (uri) => ['resources/read', { uri }] as const,
    ),
    ['completion/complete', { ref: { type: 'ref/prompt', name: 'docs__greet' }, argument }],
    ['completion/complete', { ref: { type: 'ref/tool', name: 'docs__greet' }, argument }],
    ['completion/complete', { ref: 'docs__greet', argument }],
    ['completion/complete', { ref, argument: 'a' }],
  ] as const)
    expect([method, params, await code(method, params, legacy)]).toEqual([method, params, -32602]);
  expect(sent).toEqual([]);
});

test('URIs in results carry the prefix at several servers and nowhere else; the rest passes as it came', async () => {
  const link = { type: 'resource_link', uri: 'test://a', name: 'a' };
  const answers: Record<string, object> = {
    'tools/call': { content: [link, { type: 'novel', uri: 'test://a' }], novel: 1 },
    'prompts/get': { messages: [{ role: 'user', content: link }], novel: 1 },
    'resources/read': { contents: [{ uri: 'test://a', text: 't', novel: 1 }], novel: 1 },
  };
  const { result } = openDoor({
    answer: ({ method }) => ({ ...answers[method], resultType: 'complete' }),
    ports: { meter: { ...memoryMeter(), reserve: async () => ok([1]) } },
  });
  const asking = (set?: string) => {
    const many = set === undefined;
    const options = { ...legacy, ...(many ? {} : { set }) };
    return Promise.all([
      result('tools/call', { name: many ? 'docs__echo' : 'echo' }, options),
      result('prompts/get', { name: many ? 'docs__greet' : 'greet' }, options),
      result('resources/read', { uri: many ? 'xct:docs:test://a' : 'test://a' }, options),
    ]);
  };
  const alone = await asking('docs');
  expect(alone).toMatchObject(Object.values(answers));
  const prefixed = JSON.parse(JSON.stringify(alone).replaceAll('test://a', 'xct:docs:test://a'));
  prefixed[0].content[1].uri = 'test://a';
  expect(await asking()).toEqual(prefixed);
});

test('an upstream’s own error passes with code, text and data; one of the protocol is ours', async () => {
  const rpc = { code: -32602, message: 'Resource not found', data: { uri: 'test://a' } };
  const refusal = { code: 'upstream_protocol' as const, message: 'The server answered badly.' };
  const passing = openDoor({ answer: () => Promise.resolve(no({ ...refusal, rpc })) });
  expect(await passing.ask('resources/read', { uri: 'test://a' }, { set: 'docs' })).toEqual({
    status: 200,
    body: { jsonrpc: '2.0', id: 7, error: rpc },
  });
  const other = openDoor({ answer: () => Promise.resolve(no(refusal)) });
  expect(await other.ask('prompts/get', { name: 'docs__greet' })).toMatchObject({
    status: 200,
    body: { error: { code: -32000, data: { code: 'upstream_protocol' } } },
  });
});

test('MP-13 every method sends the credential, and one read anew where the upstream no longer takes it', async () => {
  const vault = memoryVault();
  const server = offering('docs', { auth_type: 'bearer_token', has_credential: true });
  const stored = (secret: string) => vault.stored.set(server.id, { origin: 'https://docs.example.com', secret });
  const renewed = <T>(of: T): T => {
    stored('new');
    return of;
  };
  const refusal = { code: 'upstream_auth_failed' as const, message: 'No.', unauthorized: true as const };
  const { ask, sent } = openDoor({
    servers: [server],
    ports: { vault: { ...vault, read: async (of, options) => vault.read(options?.fresh ? renewed(of) : of) } },
    answer: (_, { headers }) =>
      headers['authorization'] === 'Bearer new'
        ? { messages: [], contents: [], content: [] }
        : Promise.resolve(no(refusal)),
  });
  for (const [method, params] of [
    ['tools/call', { name: 'docs__echo' }],
    ['prompts/get', { name: 'docs__greet' }],
    ['resources/read', { uri: 'xct:docs:a:b' }],
    ['completion/complete', { ref: { type: 'ref/prompt', name: 'docs__greet' }, argument }],
  ] as const) {
    stored('old');
    sent.length = 0;
    expect(await ask(method, params)).toMatchObject({ body: { result: {} } });
    expect(sent.map(({ target }) => target.headers['authorization'])).toEqual(['Bearer old', 'Bearer new']);
  }
});

test('MP-13 a server that refuses the credential is an error, whatever was asked', async () => {
  const refusal = { code: 'upstream_auth_failed' as const, message: 'No.', unauthorized: true as const };
  const { ask } = openDoor({ answer: () => Promise.resolve(no(refusal)) });
  for (const [method, params] of [
    ['prompts/get', { name: 'docs__greet' }],
    ['resources/read', { uri: 'xct:docs:a:b' }],
    ['completion/complete', { ref, argument }],
  ] as const)
    expect(await ask(method, params)).toMatchObject({ body: { error: { data: { code: 'upstream_auth_failed' } } } });
});

test('MP-16 methods of subscriptions and tasks are unknown in the modern era', async () => {
  const { ask, result, code } = openDoor();
  for (const method of ['subscriptions/listen', 'resources/subscribe', 'tasks/get', 'tasks/cancel', 'logging/setLevel'])
    expect(await ask(method, { uri: 'xct:docs:a:b' })).toMatchObject({
      status: 404,
      body: { error: { code: -32601 } },
    });
  expect(await code('tasks/get', {}, legacy)).toBe(-32601);
  expect(await result('logging/setLevel', { level: 'info' }, legacy)).toEqual({});
  expect(await result('resources/subscribe', { uri: 'xct:docs:a:b' }, legacy)).toEqual({});
  expect(await code('resources/unsubscribe', { uri: 'xct:none:a:b' }, legacy)).toBe(-32602);
});

test('a server may take as long as it says, up to what the door allows', async () => {
  const servers = [offering('docs', { timeout_ms: 900_000 }), offering('wiki', { timeout_ms: 100 }), offering('zero')];
  const { result, sent } = openDoor({ servers });
  for (const alias of ['docs', 'wiki', 'zero']) await result('tools/call', { name: `${alias}__echo` });
  expect(sent.map(({ target }) => target.timeoutMs)).toEqual([890_000, 100, 25_000]);
});
