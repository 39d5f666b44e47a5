import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type Json, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { calls, type ScriptedModel, says, scriptedModel } from '../support/model.ts';
import { newOrg, type TestOrg } from '../support/org.ts';
import { legacyUpstream } from '../support/upstreams/legacy.ts';
import type { RunningUpstream } from '../support/upstreams/record.ts';

let gateway: TestGateway;
let org: TestOrg;
let upstream: RunningUpstream;
let model: ScriptedModel;
let key: string;

beforeAll(async () => {
  [model, upstream] = await Promise.all([scriptedModel(), legacyUpstream()]);
  gateway = await startTestGateway({ env: model.env });
  org = await newOrg(gateway);
  await org.server('wiki', upstream.url, { cost: { default_usd: 0.01 } });
  key = (await org.key({ object_permission: { mcp_servers: ['*'] } }))['key'];
});
afterAll(() => Promise.all([gateway.close(), upstream.close(), model.close()]));

const ask = (body: Json, headers: Record<string, string> = {}) =>
  gateway.send(
    'POST',
    '/v1/chat/completions',
    key,
    { model: 'test', messages: [{ role: 'user', content: 'hi' }], ...body },
    headers,
  );
const mcp = (more: Json = {}) => ({ type: 'mcp', server_label: 'wiki', ...more });

test('x', async () => {
  model.play(calls([['c1', 'wiki__echo', { message: 'hello' }]]), says('It said hello.'));
  const answer = await ask({ tools: [mcp()] });
  console.log(answer.text, JSON.stringify(model.asked[1], null, 1));
  model.play(calls([['c1', 'wiki__echo', { message: 'hello' }]]), says('It said hello.'));
  console.log((await ask({ tools: [mcp()], stream: true, stream_options: { include_usage: true } })).text);
});
