import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { ToolDefinition } from '../../../lambdas/domain/definition.ts';
import { passingMeta } from '../../../lambdas/domain/protocol/meta.ts';
import * as results from '../../../lambdas/domain/protocol/results.ts';

const { callResult, discoverResult, initializeResult, pingResult, serverInfo, toolsResult, toolView } = results;
const answeredBy = { 'io.modelcontextprotocol/serverInfo': serverInfo };

test('the version the gateway names is the one of package.json', () => {
  const { name, version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  expect(serverInfo).toMatchObject({ name, version });
});

test('initialize and discover promise tools, no change notices and no subscriptions', () => {
  expect(initializeResult('2025-06-18')).toEqual({
    protocolVersion: '2025-06-18',
    capabilities: { tools: {} },
    serverInfo,
  });
  expect(initializeResult('2025-06-18', 'Read me.')).toHaveProperty('instructions', 'Read me.');
  expect(discoverResult()).toEqual({
    resultType: 'complete',
    supportedVersions: ['2026-07-28'],
    capabilities: { tools: {} },
    ttlMs: 60_000,
    cacheScope: 'private',
    _meta: answeredBy,
  });
  expect(pingResult).toEqual({});
});

test('MP-19 a list is private and lives a minute in the modern era, and is plain before', () => {
  const tools = [{ name: 'echo', inputSchema: {} }];
  expect(toolsResult('legacy', tools)).toEqual({ tools });
  expect(toolsResult('modern', tools, 'next')).toEqual({
    tools,
    nextCursor: 'next',
    ttlMs: 60_000,
    cacheScope: 'private',
    resultType: 'complete',
    _meta: answeredBy,
  });
});

const definition: ToolDefinition = {
  name: 'own.name',
  title: 'Title',
  description: 'Text',
  inputSchema: { type: 'object', properties: { a: { type: 'string', 'x-mcp-header': 'A' } } },
  outputSchema: { type: 'array' },
  annotations: { readOnlyHint: true },
  icons: [{ src: 'data:,' }],
  execution: { taskSupport: 'required' },
  _meta: { 'ui/resource': 'x', ...answeredBy },
};

test('a tool is shown under its exposed name with the fields of MCP and without header annotations', () => {
  expect(toolView('modern', 'exposed', definition)).toEqual({
    name: 'exposed',
    title: 'Title',
    description: 'Text',
    inputSchema: { type: 'object', properties: { a: { type: 'string' } } },
    outputSchema: { type: 'array' },
    annotations: { readOnlyHint: true },
    icons: [{ src: 'data:,' }],
    _meta: { 'ui/resource': 'x' },
  });
  const bare: ToolDefinition = { name: 'a', inputSchema: { type: 'object' } };
  expect(toolView('legacy', 'a', bare)).toEqual(bare);
});

test('a legacy client sees an output schema only where it is an object schema', () => {
  expect(toolView('legacy', 'a', definition)).not.toHaveProperty('outputSchema');
  const outputSchema = { type: 'object' };
  expect(toolView('legacy', 'a', { ...definition, outputSchema })).toHaveProperty('outputSchema', outputSchema);
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

test('structured content that is no object becomes text, and stays beside it in the modern era', () => {
  const text = [{ type: 'text', text: '[1,2]' }];
  expect(callResult('legacy', { structuredContent: [1, 2] })).toEqual({ content: text });
  expect(callResult('modern', { structuredContent: [1, 2], content: ['odd'] })).toMatchObject({
    content: ['odd', ...text],
    structuredContent: [1, 2],
  });
  const said = [{ type: 'text', text: 'already' }];
  expect(callResult('legacy', { structuredContent: null, content: said })).toEqual({ content: said });
  expect(callResult('legacy', { structuredContent: { a: 1 }, content: [] })).toEqual({
    structuredContent: { a: 1 },
    content: [],
  });
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
