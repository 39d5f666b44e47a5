import { afterEach, expect, test } from '@jest/globals';
import { httpUpstream } from '../../../lambdas/adapters/upstream/upstream.ts';
import { pin } from '../../../lambdas/domain/snapshot/pin.ts';
import { legacyUpstream } from '../../support/upstreams/legacy.ts';
import { modernUpstream } from '../../support/upstreams/modern.ts';
import { rawUpstream, rpcUpstream } from '../../support/upstreams/raw.ts';
import { messageOf, type Seen } from '../../support/upstreams/record.ts';
import { granted, started, stopAll, targetOf } from './target.ts';

afterEach(stopAll);
const methods = (requests: readonly Seen[]) => requests.map((seen) => messageOf(seen).method);
const starting = { legacy: () => legacyUpstream({ whole: true }), modern: () => modernUpstream({ whole: true }) };
const lists = ['prompts/list', 'resources/list', 'resources/templates/list', 'tools/list'];

for (const era of ['legacy', 'modern'] as const)
  test(`everything that a ${era} server offers is read, and may be pinned`, async () => {
    const server = await started(starting[era]());
    const { snapshot } = granted(await httpUpstream().read(targetOf(server.url)));
    expect(snapshot.prompts).toMatchObject([
      { name: 'greet', description: 'Greets', arguments: [{ name: 'name', required: true }] },
    ]);
    expect(snapshot.resources).toMatchObject([{ uri: 'test://note', name: 'note', mimeType: 'text/plain' }]);
    expect(snapshot.resource_templates).toMatchObject([{ uriTemplate: 'test://notes/{id}', name: 'notes' }]);
    expect(snapshot.completions).toBe(true);
    expect(
      methods(server.requests)
        .filter((method) => method?.endsWith('/list'))
        .sort(),
    ).toEqual(lists);
    expect(granted(pin(snapshot))).toMatchObject({
      refused_tools: [],
      refused_offers: [],
      offers: { prompts: true, resources: true, completions: true },
    });
  });

/** Reads a modern server that declares `capabilities` and answers each list with what `page` makes of method and cursor. */
async function read(capabilities: object | undefined, page: (method: string, cursor: unknown) => object) {
  const server = await started(
    rpcUpstream(({ id, method, params }) => ({
      jsonrpc: '2.0',
      id,
      ...(method === 'server/discover'
        ? { result: { supportedVersions: ['2026-07-28'], capabilities } }
        : page(method, params['cursor'])),
    })),
  );
  return { server, read: await httpUpstream().read(targetOf(server.url)) };
}
const unknown = { error: { code: -32601, message: 'Method not found' } };
const all = { prompts: {}, resources: {} };

test('what a server does not declare is not asked for; tools are, since many forget them', async () => {
  for (const capabilities of [undefined, {}, { logging: {} }]) {
    const { server, read: answer } = await read(capabilities, () => ({ result: { tools: [{ name: 'a' }] } }));
    expect(granted(answer).snapshot).toEqual({ tools: [{ name: 'a' }] });
    expect(methods(server.requests)).toEqual(['server/discover', 'tools/list']);
  }
});

test('a server without tools is one, and a declared kind whose method is unknown is empty', async () => {
  expect(granted((await read(all, () => unknown)).read).snapshot).toEqual({ tools: [], prompts: [], resources: [] });
});

test('pages of all lists are followed side by side', async () => {
  const entry = { 'prompts/list': 'name', 'resources/list': 'uri', 'resources/templates/list': 'uriTemplate' };
  const field = (method: string) => (method.includes('templates') ? 'resourceTemplates' : method.split('/')[0]!);
  const { read: answer } = await read(all, (method, cursor = '0') => ({
    result: {
      [field(method)]: [{ [entry[method as keyof typeof entry] ?? 'name']: `${cursor}` }],
      ...(cursor === '2' ? {} : { nextCursor: String(Number(cursor) + 1) }),
    },
  }));
  const { tools, prompts, resources, resource_templates } = granted(answer).snapshot;
  expect([tools, prompts, resources, resource_templates].map((list) => list?.length)).toEqual([3, 3, 3, 3]);
  expect(resources).toEqual([{ uri: '0' }, { uri: '1' }, { uri: '2' }]);
});

test.each([
  ['prompts/list', 'prompts', (n: number) => ({ name: `${n}` }), 257],
  ['resources/list', 'resources', (n: number) => ({ uri: `a:${n}` }), 1001],
  ['resources/templates/list', 'resourceTemplates', (n: number) => ({ uriTemplate: `a:{b${n}}` }), 1001],
] as const)('TD-12 %s over its cap, in a loop, or of something else is refused', async (method, field, make, most) => {
  const answers = (listed: unknown, nextCursor?: string) => (asked: string) =>
    asked === method ? { result: { [field]: listed, nextCursor } } : unknown;
  const many = Array.from({ length: most }, (_, n) => make(n));
  expect((await read(all, answers(many))).read).toMatchObject({ refusal: { code: 'upstream_too_large' } });
  expect((await read(all, answers(many.slice(1)))).read.ok).toBe(true);
  expect((await read(all, answers([], 'again'))).read).toMatchObject({ refusal: { code: 'upstream_protocol' } });
  for (const listed of [undefined, {}, [1], [{}], [{ name: 1, uri: 1 }]])
    expect((await read(all, answers(listed))).read).toMatchObject({ refusal: { code: 'upstream_protocol' } });
});

test('MP-13 the credential goes with every list, and one that is refused is an error, not an empty list', async () => {
  const server = await started(
    rawUpstream((_request, response, seen) => {
      const { id, method } = messageOf(seen);
      if (method === 'prompts/list') return response.writeHead(401).end();
      const discovered = { supportedVersions: ['2026-07-28'], capabilities: all };
      const result = method === 'server/discover' ? discovered : { tools: [], resources: [], resourceTemplates: [] };
      return response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ jsonrpc: '2.0', id, result }));
    }),
  );
  const answer = await httpUpstream().read(targetOf(server.url, { headers: { authorization: 'Bearer s' } }));
  expect(answer).toMatchObject({ refusal: { code: 'upstream_auth_failed', unauthorized: true } });
  expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(Array(5).fill('Bearer s'));
});
