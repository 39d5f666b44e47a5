import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parseJson } from '../../../lambdas/domain/protocol/json.ts';
import { passingMeta } from '../../../lambdas/domain/protocol/meta.ts';
import * as results from '../../../lambdas/domain/protocol/results.ts';

const { callResult, discoverResult, emptyResult, initializeResult, listResult, serverInfo } = results;
const { questionResult, readResult, relayedResult, restResult } = results;
const answeredBy = { 'io.modelcontextprotocol/serverInfo': serverInfo };

test('the version the gateway names is the one of package.json', () => {
  const { name, version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  expect(serverInfo).toMatchObject({ name, version });
});

test('initialize and discover promise the capabilities given', () => {
  const capabilities = { tools: {}, prompts: {} };
  expect(initializeResult('2025-06-18', capabilities)).toEqual({
    protocolVersion: '2025-06-18',
    capabilities,
    serverInfo,
  });
  expect(initializeResult('2025-06-18', capabilities, 'Read me.')).toHaveProperty('instructions', 'Read me.');
  expect(discoverResult({ tools: {} })).toEqual({
    resultType: 'complete',
    supportedVersions: ['2026-07-28'],
    capabilities: { tools: {} },
    ttlMs: 60_000,
    cacheScope: 'private',
    _meta: answeredBy,
  });
  expect(emptyResult).toEqual({});
});

test('MP-19 a list is private and lives a minute in the modern era, and is plain before', () => {
  expect(listResult('legacy', {})).toEqual({});
  expect(listResult('modern', { nextCursor: 'next', partial: [] })).toEqual({
    nextCursor: 'next',
    ttlMs: 60_000,
    cacheScope: 'private',
    resultType: 'complete',
    _meta: answeredBy,
  });
});

test('servers whose entries could not be read are named in a list', () => {
  const partial = ['github'];
  expect(listResult('legacy', { partial })).toEqual({ _meta: { 'xct/partial': partial } });
  expect(listResult('modern', { partial })['_meta']).toEqual({
    'xct/partial': partial,
    ...answeredBy,
  });
});

test('a call result passes through without the name of the upstream', () => {
  const content = [{ type: 'novel', x: 1 }];
  const upstream = {
    content,
    isError: true,
    resultType: 'complete',
    _meta: { trace: 1, 'xct/level': 'key', 'io.modelcontextprotocol/serverInfo': {} },
  };
  expect(callResult('legacy', upstream)).toEqual({ content, isError: true, _meta: { trace: 1 } });
  expect(callResult('modern', upstream, { level: 'team' })).toEqual({
    content,
    isError: true,
    resultType: 'complete',
    _meta: { trace: 1, 'xct/level': 'team', ...answeredBy },
  });
});

test('MP-18 a result without resultType and content is a complete, empty one', () => {
  expect(callResult('modern', {})).toEqual({ content: [], resultType: 'complete', _meta: answeredBy });
});

test('structured content that is no object is also text, and an object for legacy clients', () => {
  const text = [{ type: 'text', text: '[1,2]' }];
  expect(callResult('legacy', { structuredContent: [1, 2] })).toEqual({
    content: text,
    structuredContent: { result: [1, 2] },
  });
  expect(callResult('modern', { structuredContent: [1, 2], content: ['odd'] })).toMatchObject({
    content: ['odd', ...text],
    structuredContent: [1, 2],
  });
  const said = [{ type: 'text', text: 'already' }];
  expect(callResult('legacy', { structuredContent: null, content: said })).toEqual({
    content: said,
    structuredContent: { result: null },
  });
  expect(callResult('legacy', { structuredContent: { a: 1 }, content: [] })).toEqual({
    structuredContent: { a: 1 },
    content: [],
  });
});

test('MP-19 what was read is kept by nobody else, and no longer than a minute or than the server allows', () => {
  const contents = [{ uri: 'test://a', text: 'a' }];
  const ttlOf = (ttlMs: unknown) => readResult('modern', { contents, ttlMs, cacheScope: 'public' });
  expect(ttlOf(5)).toEqual({
    contents,
    ttlMs: 5,
    cacheScope: 'private',
    resultType: 'complete',
    _meta: answeredBy,
  });
  expect(ttlOf(3_600_000)['ttlMs']).toBe(60_000);
  for (const none of [undefined, -1, 0.5, 'x']) expect(ttlOf(none)['ttlMs']).toBe(0);
  expect(readResult('legacy', { contents, ttlMs: 5, cacheScope: 'public', resultType: 'complete' })).toEqual({
    contents,
  });
});

test('a relayed result keeps its unknown fields and numbers', () => {
  const parsed = parseJson('12345678901234567890');
  const big = parsed.ok && parsed.value;
  expect(relayedResult('legacy', { messages: [], novel: big, _meta: { 'xct/cost': 1 } })).toEqual({
    messages: [],
    novel: big,
  });
});

const question = {
  resultType: 'input_required',
  inputRequests: {
    who: { method: 'elicitation/create', params: { message: 'Who?', url: 'https://a.example' } },
    odd: { method: 'roots/list' },
  },
  requestState: 'inner',
  novel: 1,
};

test('MP-17 questions reach a modern client with our state in the place of the server’s', () => {
  const { requestState: _, ...rest } = question;
  expect(questionResult(question, 'sealed')).toEqual({ ...rest, requestState: 'sealed', _meta: answeredBy });
  expect(questionResult(question, undefined)).not.toHaveProperty('requestState');
});

test('questions to a client that cannot be asked are a failed call that says so', () => {
  const text = expect.stringMatching(/input.*It asks: Who\? https:\/\/a\.example$/);
  expect(callResult('legacy', question, { level: 'key' })).toEqual({
    content: [{ type: 'text', text }],
    isError: true,
    _meta: { 'xct/level': 'key' },
  });
  expect(restResult(question)).toEqual({ content: [{ type: 'text', text }], isError: true });
  for (const inputRequests of [undefined, { odd: 1 }])
    expect(restResult({ resultType: 'input_required', inputRequests })).toMatchObject({
      content: [{ text: expect.stringMatching(/later\.$/) }],
    });
});

test('the REST doors show a result as it is, with isError', () => {
  expect(restResult({ content: [], structuredContent: [1], resultType: 'complete' })).toEqual({
    content: [],
    structuredContent: [1],
    isError: false,
  });
  expect(restResult({ content: [], isError: true })).toEqual({ content: [], isError: true });
});

test('MP-24 reserved keys and ours do not pass the gateway', () => {
  expect(
    passingMeta({ traceparent: 't', progressToken: 1, 'io.modelcontextprotocol/x': 1, 'xct/idempotencyKey': 'k' }),
  ).toEqual({
    traceparent: 't',
    progressToken: 1,
  });
  for (const none of [undefined, null, 'x', [1]]) expect(passingMeta(none)).toEqual({});
});
