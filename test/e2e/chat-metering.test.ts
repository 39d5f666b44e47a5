import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { config } from '../../gateway.config.ts';
import { fickleUpstream, reply } from '../support/fickle.ts';
import { type Json, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { calls, type ScriptedModel, says, scriptedModel } from '../support/model.ts';
import { newOrg, type TestOrg } from '../support/org.ts';

/** Three calls a day, behind a valve that lets everything through. */
const tiers = { ...config.tiers, enterprise: { ...config.tiers['enterprise'], calls_per_day: 3, rpm: 600 } };
let gateway: TestGateway;
let fickle: Awaited<ReturnType<typeof fickleUpstream>>;
let model: ScriptedModel;

beforeAll(async () => {
  [model, fickle] = await Promise.all([scriptedModel(), fickleUpstream()]);
  fickle.onCall = (response, { id, params }) => {
    if (params.arguments.n === 'broken') return response.writeHead(500).end();
    if (params.arguments.n === 'slow') return undefined;
    return reply(response, { id, result: { content: [{ type: 'text', text: 'ran' }] } });
  };
  gateway = await startTestGateway({ env: { ...model.env, TIERS: JSON.stringify(tiers) } });
});
afterAll(() => Promise.all([gateway, fickle, model].map((one) => one.close())));

/** An org with the server `news`, whose tool costs ten cents and has half a second. */
async function anOrg(): Promise<TestOrg> {
  const org = await newOrg(gateway);
  await org.server('news', fickle.url, { cost: { default_usd: 0.1 }, timeout_ms: 500 });
  return org;
}
const granted = async (org: TestOrg, fields: Json = {}): Promise<string> =>
  (await org.key({ object_permission: { mcp_servers: ['news'] }, ...fields }))['key'];
const ask = (key: string, body: Json = {}, headers: Record<string, string> = {}) =>
  gateway.send(
    'POST',
    '/v1/chat/completions',
    key,
    {
      model: 'test',
      messages: [{ role: 'user', content: 'hi' }],
      tools: [{ type: 'mcp', server_label: 'news' }],
      ...body,
    },
    headers,
  );
const run = (id: string, n: unknown = id) => [id, 'news__run', { n }] as const;
const statuses = ({ body }: { body: Json }): string[] => body['xct'].tool_calls.map(({ status }: Json) => status);
/** The rows of the ledger that count; one that a limit refused is released. */
const counted = async (org: TestOrg): Promise<Json[]> =>
  (await org.admin('GET', '/v1/usage/ledger'))['data'].filter(({ state }: Json) => state !== 'RELEASED');

test('CL-07 of five parallel calls, ok, 500, timeout, denied and over the quota, three are in the ledger', async () => {
  const org = await anOrg();
  const params = { n: { enum: ['ok', 'broken', 'slow', 'more'] } };
  const key = await granted(org, { object_permission: { mcp_tool_permissions: { news: [{ name: 'run', params }] } } });
  model.play(calls(['ok', 'broken', 'slow', 'denied', 'more'].map((n) => run(n))), says('Some of it.'));
  const answer = await ask(key);
  const told = model.asked[1]!['messages'].filter(({ role }: Json) => role === 'tool');
  expect(told.map(({ tool_call_id }: Json) => tool_call_id)).toEqual(['ok', 'broken', 'slow', 'denied', 'more']);
  expect(statuses(answer)[3]).toBe('forbidden');
  expect(statuses(answer).filter((status) => status === 'quota_exceeded')).toHaveLength(1);
  expect(answer.body['xct'].stopped).toBe('quota');
  const rows = await counted(org);
  expect(rows).toHaveLength(3);
  expect(new Set(rows.map(({ door, request_id }) => `${door} ${request_id}`))).toEqual(
    new Set([`chat ${answer.headers.get('x-request-id')}`]),
  );
});

test('CL-13 a quota that runs out ends with the answer so far; 429 where nothing was produced', async () => {
  const org = await anOrg();
  const key = await granted(org);
  model.play(calls([run('a')]), calls([run('b'), run('c')]), calls([run('d')]), says('That is all I found.'));
  const answer = await ask(key);
  expect(answer.body).toMatchObject({
    choices: [{ message: { content: 'That is all I found.' } }],
    xct: { stopped: 'quota', note: expect.stringContaining('quota'), cost_usd: 0.3, rounds: 3 },
  });
  expect(statuses(answer)).toEqual(['done', 'done', 'done', 'quota_exceeded']);
  model.play(calls([run('e')]));
  const refused = await ask(key);
  expect([refused.status, refused.body['error'].code]).toEqual([429, 'quota_exceeded']);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  const streamed = await ask(key, { stream: true });
  expect(streamed.text).toMatch(/data: \{"error":\{.*"code":"quota_exceeded"/);
  expect(await counted(org)).toHaveLength(3);
});

test('CL-13 a budget that runs out stops the tools; 402 where nothing was produced', async () => {
  const key = await granted(await anOrg(), { max_budget_usd: 0.15 });
  model.play(calls([run('a')], { content: 'I look. ' }), calls([run('b')]));
  const answer = await ask(key);
  expect(answer.body).toMatchObject({
    choices: [{ message: { content: 'I look. ' }, finish_reason: 'stop' }],
    xct: { stopped: 'budget', cost_usd: 0.1 },
  });
  model.play(calls([run('c')]));
  expect(await ask(key)).toMatchObject({ status: 402, body: { error: { code: 'budget_exceeded' } } });
});

test('a repeated request with an idempotency key runs and charges its calls once', async () => {
  const org = await anOrg();
  const key = await granted(org);
  const headers = { 'idempotency-key': 'once' };
  const before = fickle.requests.length;
  for (const cost_usd of [0.2, 0]) {
    model.play(calls([run('a', 1), run('b', 1)]), says('Twice.'));
    const { body } = await ask(key, {}, headers);
    expect(body).toMatchObject({ choices: [{ message: { content: 'Twice.' } }], xct: { cost_usd } });
  }
  expect(await counted(org)).toHaveLength(2);
  expect(fickle.requests.slice(before).filter(({ body }) => body.includes('tools/call'))).toHaveLength(2);
});
