import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fickleUpstream } from '../support/fickle.ts';
import { type Json, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { calls, type ScriptedModel, says, scriptedModel, write } from '../support/model.ts';
import { newOrg, type TestOrg, until } from '../support/org.ts';
import { legacyUpstream } from '../support/upstreams/legacy.ts';
import type { RunningUpstream } from '../support/upstreams/record.ts';

let gateway: TestGateway;
let org: TestOrg;
let upstream: RunningUpstream;
let fickle: Awaited<ReturnType<typeof fickleUpstream>>;
let model: ScriptedModel;
let key: string;

beforeAll(async () => {
  [model, upstream, fickle] = await Promise.all([scriptedModel(), legacyUpstream(), fickleUpstream()]);
  gateway = await startTestGateway({ env: model.env });
  org = await newOrg(gateway);
  await org.server('wiki', upstream.url, { cost: { default_usd: 0.01 }, access_groups: ['reading'] });
  await org.server('news', fickle.url);
  const off = await org.server('off', upstream.url);
  key = (await org.key({ object_permission: { mcp_servers: ['wiki', 'news', 'off'] } }))['key'];
  // Another host has to be reviewed anew.
  await org.admin('PATCH', `/v1/mcp/server/${off['id']}`, { version: off['version'], url: fickle.url });
});
afterAll(() => Promise.all([gateway, upstream, fickle, model].map((one) => one.close())));

const user = { role: 'user', content: 'hi' };
const ask = (body: Json, headers: Record<string, string> = {}, as = key) =>
  gateway.send('POST', '/v1/chat/completions', as, { model: 'test', messages: [user], ...body }, headers);
const wiki = (more: Json = {}) => ({ type: 'mcp', server_label: 'wiki', ...more });
const offeredNames = (): string[] =>
  (model.asked.at(-1)?.['tools'] ?? []).map((tool: Json) => tool['function'].name).sort();
const all = ['wiki__add', 'wiki__echo', 'wiki__fail', 'wiki__slow'];
const sent = () => upstream.requests.length + fickle.requests.length;

test('a completion runs the tools and tells what it did and what it cost', async () => {
  model.play(calls([['c1', 'wiki__echo', { message: 'hello' }]]), says('It said hello.'));
  const { status, body, headers } = await ask({ tools: [wiki()], temperature: 0.2, user: 'u' });
  expect([status, headers.get('x-xct-cost-usd')]).toEqual([200, '0.01']);
  expect(body).toMatchObject({
    id: `chatcmpl-${headers.get('x-request-id')}`,
    object: 'chat.completion',
    model: 'test-2026',
    choices: [{ index: 0, message: { role: 'assistant', content: 'It said hello.' }, finish_reason: 'stop' }],
    usage: { total_tokens: 30 },
    xct: {
      rounds: 2,
      cost_usd: 0.01,
      tool_calls: [
        {
          id: 'c1',
          name: 'wiki.echo',
          status: 'done',
          cost_usd: 0.01,
          arguments_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
      ],
    },
  });
  expect(model.asked[0]).toMatchObject({ temperature: 0.2, user: 'u', model: 'test', stream: false });
  expect(model.asked[1]!['messages'].at(-1)).toEqual({ role: 'tool', tool_call_id: 'c1', content: 'hello' });
});

test.each([
  ['a server by its label', () => [wiki()], all],
  ['an access group by its label', () => [wiki({ server_label: 'reading' })], all],
  ['several by their labels', () => [wiki({ server_label: 'wiki,news' })], ['news__run', ...all]],
  ['xct: everything', () => [wiki({ server_label: 'any', server_url: 'xct' })], ['news__run', ...all]],
  ['xct/mcp/{set}', () => [wiki({ server_label: 'any', server_url: 'xct/mcp/news' })], ['news__run']],
  ['LiteLLM’s spelling', () => [wiki({ server_label: 'any', server_url: 'litellm_proxy/mcp/wiki' })], all],
  [
    'this gateway’s own URL',
    () => [wiki({ server_label: 'any', server_url: `${gateway.url}/news/mcp/v1` })],
    ['news__run'],
  ],
  ['allowed_tools', () => [wiki({ allowed_tools: ['echo', 'wiki.add', 'gone'] })], ['wiki__add', 'wiki__echo']],
  [
    'tools as they are listed',
    () => [{ type: 'function', function: { name: 'wiki.echo', description: 'mine', parameters: {} }, xct: {} }],
    ['wiki__echo'],
  ],
  [
    'both, and an own function',
    () => [
      wiki({ allowed_tools: [] }),
      { type: 'function', function: { name: 'news.run' } },
      { type: 'function', function: { name: 'mine' } },
    ],
    ['mine', 'news__run'],
  ],
  ['no tools', () => [], []],
])('tools may be %s', async (_, tools, names) => {
  model.play(says('fine'));
  expect((await ask({ tools: tools() })).status).toBe(200);
  expect(offeredNames()).toEqual(names);
});

test('an approved definition is offered, not the text that the caller gives', async () => {
  model.play(says('fine'));
  await ask({ tools: [{ type: 'function', function: { name: 'wiki.echo', description: 'mine' } }] });
  expect(model.asked[0]!['tools'][0].function.description).toBe('Echoes');
});

test('x-mcp-servers narrows, as a header, as extra_headers in the body, and in an entry', async () => {
  const everything = wiki({ server_label: 'any', server_url: 'xct' });
  model.play(says('fine'));
  for (const [body, headers] of [
    [{}, { 'x-mcp-servers': 'news' }],
    [{ extra_headers: { 'X-MCP-Servers': 'news' } }, {}],
    [{ tools: [{ ...everything, headers: { 'x-mcp-servers': 'news' } }] }, {}],
  ] as const) {
    expect((await ask({ tools: [everything], ...body }, headers)).status).toBe(200);
    expect(offeredNames()).toEqual(['news__run']);
    expect(model.asked.at(-1)).not.toHaveProperty('extra_headers');
  }
  const both = await ask(
    { tools: [everything], extra_headers: { 'x-mcp-servers': 'news' } },
    { 'x-mcp-servers': 'wiki' },
  );
  expect(offeredNames()).toEqual([]);
  expect(both.status).toBe(200);
});

test('AP-13 what is not active, unknown or not granted is refused in chat, and nothing is sent', async () => {
  const other = (await org.key({ object_permission: { mcp_servers: ['news'] } }))['key'];
  const before = sent();
  model.play(says('fine'));
  const named = (name: string) => [{ type: 'function', function: { name } }];
  for (const [tools, as, status, code] of [
    [[wiki({ server_label: 'off' })], key, 400, 'unknown_server'],
    [[wiki({ server_label: 'gone' })], key, 400, 'unknown_server'],
    [[wiki({ server_url: 'https://mcp.example.com/mcp' })], key, 400, 'unknown_server'],
    [[wiki({ server_url: 'xct/mcp/gone' })], key, 400, 'unknown_server'],
    [[wiki()], other, 403, 'forbidden'],
    [named('off.echo'), key, 404, 'not_found'],
    [named('gone.echo'), key, 404, 'not_found'],
    [named('wiki.gone'), key, 404, 'not_found'],
    [named('.echo'), key, 404, 'not_found'],
    [named('wiki.echo'), other, 403, 'forbidden'],
  ] as const) {
    const answer = await ask({ tools }, {}, as);
    expect([answer.status, answer.body['error'].code]).toEqual([status, code]);
  }
  expect([sent(), model.asked.length]).toEqual([before, 0]);
});

test('CL-12 a function of the caller’s with the name of a gateway tool is 400', async () => {
  const answer = await ask({ tools: [wiki(), { type: 'function', function: { name: 'wiki__echo' } }] });
  expect([answer.status, answer.body['error'].param]).toEqual([400, 'tools']);
});

test.each([
  [{ messages: [] }, 'messages'],
  [{ messages: undefined }, 'messages'],
  [{ model: '' }, 'model'],
  [{ tools: [{ type: 'mcp' }] }, 'tools.0.server_label'],
  [{ tools: [{ type: 'function' }] }, 'tools.0.function'],
  [{ xct_max_rounds: 11 }, 'xct_max_rounds'],
  [{ xct_max_tool_calls: 26 }, 'xct_max_tool_calls'],
  [{ xct_approvals: [{ id: 'a' }] }, 'xct_approvals.0.tool_call_id'],
  [{ n: 2, tools: [wiki()] }, 'n'],
])('%j is 400 and names %s', async (given, param) => {
  const { status, body } = await ask(given);
  expect([status, body['error'].param]).toEqual([400, param]);
});

test('an unknown model is 404; prefixes and names with a star are found', async () => {
  model.play(says('fine'));
  expect((await ask({ model: 'gpt-none' })).body['error']).toMatchObject({ code: 'not_found', param: 'model' });
  for (const [name, there] of [
    ['other/big', 'big'],
    ['wild-1', 'wild-1'],
  ] as const) {
    expect((await ask({ model: name })).status).toBe(200);
    expect(model.asked.at(-1)!['model']).toBe(there);
  }
  const list = await gateway.send('GET', '/v1/models', key);
  expect(list.body).toEqual({
    object: 'list',
    data: ['test', 'other/*', 'wild*'].map((id) => ({ id, object: 'model', created: 0, owned_by: 'xct' })),
  });
});

test('what a provider says against a request is 400, its own trouble 502', async () => {
  const failing = (status: number) =>
    model.play((response) => response.writeHead(status).end('{"error":{"message":"why"}}'));
  for (const stream of [false, true]) {
    failing(400);
    expect((await ask({ stream })).body['error']).toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining('why'),
    });
    failing(401);
    expect(await ask({ stream })).toMatchObject({
      status: 502,
      body: { error: { code: 'model_error', type: 'server_error' } },
    });
  }
});

test('MP-05 a chat body may have 4 MB and no more', async () => {
  model.play(says('fine'));
  const long = (bytes: number) => ask({ messages: [{ role: 'user', content: 'x'.repeat(bytes) }] });
  expect((await long(4 * 1024 * 1024 - 200)).status).toBe(200);
  expect((await long(4 * 1024 * 1024 + 1)).status).toBe(413);
});

test('CA-13 the model is offered exactly what the caller’s list shows', async () => {
  model.play(says('fine'));
  for (const object_permission of [
    { mcp_servers: ['wiki'] },
    { mcp_servers: ['news'], mcp_tool_permissions: { wiki: ['add'] } },
    { mcp_access_groups: ['reading'] },
    { mcp_servers: ['*'] },
  ]) {
    const { key: as } = await org.key({ object_permission });
    const listed = await gateway.send('GET', '/v1/mcp/tools', as);
    await ask({ tools: [wiki({ server_label: 'any', server_url: 'xct' })] }, {}, as);
    expect(offeredNames()).toEqual(
      listed.body['data'].map((tool: Json) => tool['function'].name.replace('.', '__')).sort(),
    );
  }
});

test('CL-14 a key that is revoked between two rounds calls nothing more', async () => {
  const made = await org.key({ object_permission: { mcp_servers: ['wiki'] } });
  let before = 0;
  model.play(calls([['c1', 'wiki__echo', { message: 'x' }]]), async (response, body) => {
    await org.admin('DELETE', `/v1/keys/${made['id']}`);
    await until(
      () => gateway.send('GET', '/v1/models', made['key']),
      ({ status }) => status === 401,
    );
    // What decides is kept for five seconds at most.
    await sleep(5_000);
    before = upstream.requests.length;
    write(response, body, calls([['c2', 'wiki__echo', { message: 'y' }]]));
  });
  const answer = await ask({ tools: [wiki()] }, {}, made['key']);
  expect([answer.status, answer.body['error'].code]).toEqual([401, 'unauthorized']);
  expect(upstream.requests).toHaveLength(before);
}, 40_000);
