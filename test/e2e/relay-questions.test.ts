import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { legacyRequest, modernRequest, restCall } from '../support/doors.ts';
import { type Answered, type Json, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { newOrg, type TestOrg } from '../support/org.ts';
import { modernUpstream } from '../support/upstreams/modern.ts';
import { askedState } from '../support/upstreams/modern-whole.ts';
import { messageOf, type RunningUpstream } from '../support/upstreams/record.ts';

let gateway: TestGateway;
let org: TestOrg;
let upstream: RunningUpstream;
let key: string;

beforeAll(async () => {
  [gateway, upstream] = await Promise.all([startTestGateway(), modernUpstream({ whole: true })]);
  org = await newOrg(gateway);
  await org.server('new', upstream.url);
  key = (await org.key({ object_permission: { mcp_servers: ['*'] } }))['key'];
});
afterAll(() => Promise.all([gateway.close(), upstream.close()]));

const _meta = { 'io.modelcontextprotocol/clientCapabilities': { elicitation: { form: {} } } };
const inputResponses = { who: { action: 'accept', content: { name: 'Ada' } } };
const call = (params: Json = {}, as = key, path = '/mcp'): Promise<Answered> =>
  modernRequest(gateway, { key: as, path }, 'tools/call', {
    name: path === '/mcp' ? 'new__ask' : 'ask',
    arguments: {},
    _meta,
    ...params,
  });

test('MP-17 a question reaches a modern client, and its answer the server, with the inner state byte for byte', async () => {
  const { result } = (await call()).body as Json;
  expect(result).toMatchObject({
    resultType: 'input_required',
    inputRequests: { who: { method: 'elicitation/create' } },
  });
  expect(result.requestState).not.toContain('state');
  const answer = await call({ inputResponses, requestState: result.requestState }, key, '/new/mcp');
  expect(answer.body['result'].content).toEqual([{ type: 'text', text: `Ada ${askedState}` }]);
  expect(messageOf(upstream.requests.at(-1)!).params).toMatchObject({ inputResponses, requestState: askedState });
});

test('MP-15 a state changed by a bit, or shown by another key, is -32602 and the server hears nothing', async () => {
  const { requestState } = (await call()).body['result'];
  const other = (await org.key({ object_permission: { mcp_servers: ['*'] } }))['key'];
  const before = upstream.requests.length;
  const last = requestState.at(-1) === 'A' ? 'B' : 'A';
  for (const [state, as] of [
    [requestState.slice(0, -1) + last, key],
    [`${requestState}-TAMPERED`, key],
    [askedState, key],
    [requestState, other],
  ]) {
    const answer = await call({ inputResponses, requestState: state }, as);
    expect([answer.status, answer.body['error'].code]).toEqual([200, -32602]);
  }
  expect(upstream.requests.length).toBe(before);
});

test('a capability the client did not declare is HTTP 400 with -32021 and what is missing', async () => {
  const answer = await call({ _meta: {} });
  expect([answer.status, answer.body['error'].code]).toEqual([400, -32021]);
  expect(answer.body['error'].data.requiredCapabilities).toHaveProperty('elicitation');
});

test('a client that cannot be asked gets an error it can read, never a question', async () => {
  const legacy = await legacyRequest(gateway, { key }, 'tools/call', { name: 'new__ask', arguments: {} });
  const rest = await restCall(gateway, { key }, 'new.ask');
  expect([legacy.status, legacy.text.includes('input_required')]).toEqual([200, false]);
  expect(legacy.body['error'] ?? legacy.body['result']).toBeDefined();
  expect(rest.text).not.toContain('input_required');
});

test('the official v2 client answers a question through the gateway', async () => {
  const client = new Client(
    { name: 't', version: '1' },
    { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode: 'auto' } },
  );
  client.setRequestHandler('elicitation/create', async () => ({ action: 'accept', content: { name: 'Grace' } }));
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${gateway.url}/mcp`), {
      requestInit: { headers: { authorization: `Bearer ${key}` } },
    }),
  );
  const { content } = await client.callTool({ name: 'new__ask', arguments: {} });
  expect(content).toEqual([{ type: 'text', text: `Grace ${askedState}` }]);
  await client.close();
});
