import { afterEach, expect, test } from '@jest/globals';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import { marshal, openTable, unmarshal } from '../../../lambdas/adapters/dynamo/table.ts';

afterEach(() => {
  delete process.env['TABLE_NAME'];
});

test('a function without a table name does not start', () => {
  expect(() => openTable()).toThrow('TABLE_NAME is not set.');
});

test('a store that hangs is given up: a second to connect, three to answer, three attempts', async () => {
  process.env['TABLE_NAME'] = 'some-table';
  const { name, client } = openTable();
  const handler = client.config.requestHandler as NodeHttpHandler;
  // The handler learns its settings with its first request.
  const request = client.config.requestHandler.handle({ protocol: 'http:', hostname: '127.0.0.1', port: 1 } as never);
  await expect(request).rejects.toThrow();
  expect(name).toBe('some-table');
  expect(await client.config.maxAttempts()).toBe(3);
  expect(handler.httpHandlerConfigs()).toMatchObject({
    connectionTimeout: 1_000,
    requestTimeout: 3_000,
    throwOnRequestTimeout: true,
  });
});

test('an item comes back as it was, without what is undefined', () => {
  const item = { pk: 'a', version: 1, holders: new Set(['x']), chunk: new Uint8Array([0, 255]) };
  expect(unmarshal(marshal({ ...item, deleted_at: undefined }))).toEqual(item);
});
