import { expect, test } from '@jest/globals';
import { aServer, aToolset } from '../support/records.ts';
import { offering, openDoor } from './relaying.ts';

const legacy = { modern: false };
const lists = ['tools', 'prompts', 'resources', 'resources/templates'].map((kind) => `${kind}/list`);

test('lists of several servers come by alias, under prefixed names and URIs; of one server as they are', async () => {
  const { result } = openDoor();
  const names = async (method: string, field: string, key: string, set?: string) =>
    (await result(method, {}, set === undefined ? {} : { set }))[field].map((entry: any) => entry[key]);
  expect(await names('prompts/list', 'prompts', 'name')).toEqual([
    'docs__greet',
    'docs__a_b',
    'wiki__greet',
    'wiki__a_b',
  ]);
  expect(await names('resources/list', 'resources', 'uri')).toEqual(['xct:docs:test://note', 'xct:wiki:test://note']);
  expect(await names('resources/templates/list', 'resourceTemplates', 'uriTemplate', 'docs,wiki')).toEqual([
    'xct:docs:test://notes/{id}',
    'xct:wiki:test://notes/{id}',
  ]);
  expect(await names('prompts/list', 'prompts', 'name', 'wiki')).toEqual(['greet', 'a_b']);
  expect(await names('resources/list', 'resources', 'uri', 'wiki')).toEqual(['test://note']);
});

test('MP-19 every list is private and lives a minute toward modern clients, and is plain toward legacy ones', async () => {
  const { result } = openDoor();
  for (const method of lists) {
    expect(await result(method)).toMatchObject({ ttlMs: 60_000, cacheScope: 'private', resultType: 'complete' });
    expect(Object.keys(await result(method, {}, legacy))).toHaveLength(1);
  }
});

test('a server whose snapshot cannot be found costs its own entries and is named; a store that fails, fails the list', async () => {
  const lost = openDoor({ lost: ['docs'] });
  for (const method of lists) {
    const found = await lost.result(method, {}, legacy);
    expect(JSON.stringify(found)).not.toContain('docs__');
    expect(JSON.stringify(found)).toContain('wiki');
    expect(found['_meta']).toEqual({ 'xct/partial': ['docs'] });
  }
  const snapshots = { get: () => Promise.reject(new Error('down')), put: async () => {} };
  const down = openDoor({ ports: { snapshots } });
  for (const method of lists) await expect(down.ask(method)).rejects.toThrow('down');
});

test('MP-15 pages join to the whole list; a cursor is of one kind of list and one key', async () => {
  const prompts = Array.from({ length: 1_001 }, (_, at) => ({ name: `p${at}` }));
  const { result, code, snapshots } = openDoor({ servers: [offering('docs')] });
  snapshots.stored.set('default/hash-of-docs', { tools: [], prompts, resources: [] });
  const first = await result('prompts/list');
  const second = await result('prompts/list', { cursor: first['nextCursor'] });
  const names = [...first['prompts'], ...second['prompts']].map(({ name }: { name: string }) => name);
  expect(names).toEqual(prompts.map(({ name }) => `docs__${name}`));
  expect(second).not.toHaveProperty('nextCursor');
  const cursor: string = first['nextCursor'];
  expect(await code('resources/list', { cursor })).toBe(-32602);
  expect(await code('prompts/list', { cursor }, { keyId: 'Key000000002' })).toBe(-32602);
  for (const bad of [`${cursor}x`, '', 7]) expect(await code('prompts/list', { cursor: bad })).toBe(-32602);
});

test('capabilities are what the servers of the scope offer, and what is not declared is an unknown method', async () => {
  const only = { prompts: false, resources: true, completions: false };
  const { result, ask } = openDoor({ servers: [offering('docs', { offers: only }), aServer({ alias: 'plain' })] });
  expect((await result('server/discover'))['capabilities']).toEqual({ tools: {}, resources: {} });
  expect((await result('initialize', {}, legacy))['capabilities']).toEqual({ tools: {}, resources: {} });
  expect((await result('server/discover', {}, { set: 'plain' }))['capabilities']).toEqual({ tools: {} });
  for (const method of ['prompts/list', 'prompts/get', 'completion/complete']) {
    expect(await ask(method)).toMatchObject({ status: 404, body: { error: { code: -32601 } } });
    expect(await ask(method, {}, legacy)).toMatchObject({ status: 200, body: { error: { code: -32601 } } });
  }
  expect(await ask('resources/list', {}, { set: 'plain' })).toMatchObject({ status: 404 });
});

test('a grant of only some tools shows the tools alone, and a toolset in the URL leaves the rest out', async () => {
  const tools = [{ server: 'srv_docs', tool: 'echo' }];
  const toolsets = [aToolset({ tools })];
  const some = openDoor({ key: { object_permission: { mcp_tool_permissions: { srv_docs: ['echo'] } } } });
  const bundled = openDoor({ toolsets });
  expect((await some.result('server/discover'))['capabilities']).toEqual({ tools: {} });
  expect((await some.result('tools/list'))['tools']).toHaveLength(1);
  expect(await some.code('resources/read', { uri: 'xct:docs:test://note' })).toBe(-32601);
  expect((await bundled.result('server/discover', {}, { set: 'daily' }))['capabilities']).toEqual({ tools: {} });
  expect((await bundled.result('server/discover', {}, { set: 'daily,docs' }))['capabilities']).toHaveProperty(
    'prompts',
  );
});
