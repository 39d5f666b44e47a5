import { expect, test } from '@jest/globals';
import type { ToolDefinition } from '../../../lambdas/domain/definition.ts';
import { promptView, resourceView, templateView, toolText } from '../../../lambdas/domain/protocol/views.ts';

const toolView = (...of: Parameters<typeof toolText>) => JSON.parse(toolText(...of));

const _meta = { 'ui/resource': 'x', 'xct/level': 'key', 'io.modelcontextprotocol/serverInfo': {} };
const definition: ToolDefinition = {
  name: 'own.name',
  title: 'Title',
  description: 'Text',
  inputSchema: { type: 'object', properties: { a: { type: 'string', 'x-mcp-header': 'A' } } },
  outputSchema: { type: 'array' },
  annotations: { readOnlyHint: true },
  icons: [{ src: 'data:,' }],
  execution: { taskSupport: 'required' },
  novel: { a: 1 },
  _meta,
};

test('a tool is shown under its exposed name as it is, without header annotations and what speaks of tasks', () => {
  expect(toolView('modern', 'exposed', definition)).toEqual({
    name: 'exposed',
    title: 'Title',
    description: 'Text',
    inputSchema: { type: 'object', properties: { a: { type: 'string' } } },
    outputSchema: { type: 'array' },
    annotations: { readOnlyHint: true },
    icons: [{ src: 'data:,' }],
    novel: { a: 1 },
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

test('prompts, resources and templates are shown as they are, under the name or URI they have at the door', () => {
  const rest = { title: 'T', arguments: [{ name: 'a' }], novel: 1, _meta };
  const shown = { ...rest, _meta: { 'ui/resource': 'x' } };
  expect(promptView('x__greet', { name: 'greet', ...rest })).toEqual({ name: 'x__greet', ...shown });
  expect(resourceView('xct:x:a:b', { uri: 'a:b', name: 'n', ...rest })).toEqual({
    uri: 'xct:x:a:b',
    name: 'n',
    ...shown,
  });
  expect(templateView('xct:x:a:{b}', { uriTemplate: 'a:{b}', name: 'n' })).toEqual({
    uriTemplate: 'xct:x:a:{b}',
    name: 'n',
  });
});
