import { afterEach, expect, test } from '@jest/globals';
import { httpUpstream } from '../../../lambdas/adapters/upstream/upstream.ts';
import type { Notification, UpstreamRequest } from '../../../lambdas/ports/upstream.ts';
import { legacyUpstream } from '../../support/upstreams/legacy.ts';
import { modernUpstream } from '../../support/upstreams/modern.ts';
import { askedState } from '../../support/upstreams/modern-whole.ts';
import { messageOf } from '../../support/upstreams/record.ts';
import { greeting, noted, rich } from '../../support/upstreams/whole.ts';
import { callTool, granted, said, started, stopAll, targetOf } from './target.ts';

afterEach(stopAll);
const starting = { legacy: () => legacyUpstream({ whole: true }), modern: () => modernUpstream({ whole: true }) };
const versions = { legacy: '2025-11-25', modern: '2026-07-28' };
const complete = { resultType: 'complete' };

/** A whole server of an era, and a way to ask it. */
async function whole(era: keyof typeof starting) {
  const server = await started(starting[era]());
  const upstream = httpUpstream();
  const target = targetOf(server.url, { protocolVersion: versions[era] });
  const ask = (
    method: UpstreamRequest['method'],
    params: UpstreamRequest['params'],
    extras: Partial<UpstreamRequest> = {},
  ) => upstream.ask(target, { method, params, ...extras });
  return { server, upstream, target, ask };
}

for (const era of ['legacy', 'modern'] as const) {
  test(`all kinds of content and structured content come from a ${era} server as it gave them`, async () => {
    const { ask } = await whole(era);
    const result = granted(await ask('tools/call', { name: 'rich', arguments: {} }));
    expect(result).toEqual({ ...complete, ...rich });
  });

  test(`prompts, resources and completions are asked of a ${era} server`, async () => {
    const { ask, server } = await whole(era);
    const params = { name: 'greet', arguments: { name: 'Ada' } };
    expect(granted(await ask('prompts/get', params))).toMatchObject({ ...complete, ...greeting('Ada') });
    for (const uri of ['test://note', 'test://notes/7'])
      expect(granted(await ask('resources/read', { uri }))).toMatchObject({ ...complete, ...noted(uri) });
    for (const [ref, argument] of [
      [
        { type: 'ref/prompt', name: 'greet' },
        { name: 'name', value: 'a' },
      ],
      [
        { type: 'ref/resource', uri: 'test://notes/{id}' },
        { name: 'id', value: 'a' },
      ],
    ])
      expect(granted(await ask('completion/complete', { ref, argument }))).toMatchObject({
        ...complete,
        completion: { values: ['ada', 'alan'] },
      });
    if (era === 'modern')
      expect(server.requests.map(({ headers }) => headers['mcp-name'])).toEqual([
        'greet',
        'test://note',
        'test://notes/7',
        undefined,
        undefined,
      ]);
  });

  test(`a ${era} server's own error comes with its code and text, a missing resource as -32602`, async () => {
    const { ask } = await whole(era);
    for (const [method, params] of [
      ['prompts/get', { name: 'none' }],
      ['resources/read', { uri: 'test://none' }],
      ['completion/complete', { ref: { type: 'ref/prompt', name: 'none' }, argument: { name: 'x', value: '' } }],
    ] as const) {
      const answer = await ask(method, params);
      expect(answer).toMatchObject({ ok: false, refusal: { rpc: { code: -32602, message: expect.any(String) } } });
    }
  });

  for (const progressToken of ['token', 12])
    test(`progress of a ${era} server comes before the result under the caller's token ${progressToken}`, async () => {
      const { ask, server } = await whole(era);
      const heard: Notification[] = [];
      const onNotification = (notification: Notification) => void heard.push(notification);
      const params = { name: 'steps', arguments: {} };
      expect(granted(await ask('tools/call', params, { meta: { progressToken }, onNotification }))).toEqual(
        said('stepped'),
      );
      const progress = [1, 2, 3].map((step) => ({
        method: 'notifications/progress',
        params: { progressToken, progress: step, total: 3 },
      }));
      expect(heard.slice(0, 3)).toEqual(progress);
      expect(messageOf(server.requests.at(-1)!).params?.['_meta']).toMatchObject({ progressToken });
      if (era === 'legacy')
        expect(heard.slice(3)).toEqual([
          { method: 'notifications/message', params: { level: 'info', data: 'stepped' } },
        ]);
    });
}

test('a legacy server that asks its client in the middle of a call gets its ping answered, the rest refused, and goes on', async () => {
  const { ask, server } = await whole('legacy');
  expect(granted(await ask('tools/call', { name: 'ask', arguments: {} }))).toEqual(said('pong -32601'));
  const sessions = server.requests.slice(1).map(({ headers }) => headers['mcp-session-id']);
  expect(new Set(sessions).size).toBe(1);
});

test('nothing is declared to a legacy server, whatever the client can', async () => {
  const { ask, server } = await whole('legacy');
  await ask('tools/call', { name: 'rich', arguments: {} }, { clientCapabilities: { elicitation: {}, sampling: {} } });
  expect(messageOf(server.requests[0]!).params?.['capabilities']).toEqual({});
  expect(server.requests.map(({ body }) => body).join()).not.toContain('elicitation');
});

test('MP-17 a question of a modern server comes back as it is, and the state reaches it byte for byte', async () => {
  const { ask, server } = await whole('modern');
  const clientCapabilities = { elicitation: { form: {} } };
  const params = { name: 'ask', arguments: {} };
  const question = granted(await ask('tools/call', params, { clientCapabilities }));
  expect(question).toMatchObject({
    resultType: 'input_required',
    inputRequests: { who: { method: 'elicitation/create', params: { message: 'Who?' } } },
    requestState: askedState,
  });
  const inputResponses = { who: { action: 'accept', content: { name: 'Ada' } } };
  const { requestState } = question;
  const answer = await ask('tools/call', { ...params, inputResponses, requestState }, { clientCapabilities });
  expect(granted(answer)).toEqual(said(`Ada ${askedState}`));
  const envelopes = server.requests.map((seen) => messageOf(seen).params?.['_meta']);
  for (const envelope of envelopes)
    expect(envelope).toMatchObject({ 'io.modelcontextprotocol/clientCapabilities': clientCapabilities });
});

test('without capabilities of its client a modern server is told that there are none', async () => {
  const { upstream, target, server } = await whole('modern');
  granted(await callTool(upstream, target, { name: 'rich', arguments: {} }));
  expect(messageOf(server.requests[0]!).params?.['_meta']).toMatchObject({
    'io.modelcontextprotocol/clientCapabilities': {},
  });
});

test('a modern server that misses a capability of the client says so to the client', async () => {
  const { ask } = await whole('modern');
  expect(await ask('tools/call', { name: 'ask', arguments: {} })).toMatchObject({
    ok: false,
    refusal: { rpc: { code: -32021 } },
  });
});
