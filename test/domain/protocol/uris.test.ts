import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { exposeUris } from '../../../lambdas/domain/protocol/contents.ts';
import { exposeUri, splitUri } from '../../../lambdas/domain/protocol/uris.ts';

const alias = fc.stringMatching(/^[a-z0-9]{1,6}(-[a-z0-9]{1,6}){0,2}$/);

test('an exposed URI gives back exactly its alias and URI, whatever the URI holds', () => {
  fc.assert(
    fc.property(alias, fc.string({ unit: 'binary' }), (of, uri) => {
      expect(splitUri(exposeUri({ alias: of, uri }))).toEqual({ alias: of, uri });
    }),
    { seed: 7, numRuns: 500 },
  );
  for (const uri of ['', 'xct:other:file:///a', 'a\nb\r\n', 'test://{id}{?q*}', 'urn:ü:\u{1f600}'])
    expect(splitUri(exposeUri({ alias: 'a', uri }))).toEqual({ alias: 'a', uri });
});

test('what was not exposed here is not taken apart', () => {
  for (const uri of ['', 'xct', 'xct:', 'xct:a', 'xct::a', 'XCT:a:b', ' xct:a:b', 'file:///xct:a:b'])
    expect(splitUri(uri)).toBeUndefined();
});

const expose = (uri: string) => exposeUri({ alias: 'a', uri });

test('links and embedded resources of a tool result are exposed, every other block is the same object', () => {
  const odd = [{ type: 'text', text: 'x', uri: 'u' }, { type: 'novel', uri: 'u' }, 'text', null, { uri: 'u' }];
  const result = {
    content: [
      { type: 'resource_link', uri: 'u', name: 'n', novel: 1 },
      { type: 'resource', resource: { uri: 'u', text: 't', novel: 1 }, annotations: {} },
      { type: 'resource' },
      { type: 'resource_link', uri: 1 },
      ...odd,
    ],
    structuredContent: { uri: 'u' },
  };
  const exposed = exposeUris('tools/call', result, expose);
  expect(exposed).toEqual({
    content: [
      { type: 'resource_link', uri: 'xct:a:u', name: 'n', novel: 1 },
      { type: 'resource', resource: { uri: 'xct:a:u', text: 't', novel: 1 }, annotations: {} },
      { type: 'resource' },
      { type: 'resource_link', uri: 1 },
      ...odd,
    ],
    structuredContent: { uri: 'u' },
  });
  expect((exposed['content'] as unknown[]).slice(4)).toEqual(odd);
});

test('prompt messages and read contents are exposed; other methods and odd shapes pass', () => {
  const link = { type: 'resource_link', uri: 'u' };
  expect(exposeUris('prompts/get', { messages: [{ role: 'user', content: link }, 'odd'] }, expose)).toEqual({
    messages: [{ role: 'user', content: { ...link, uri: 'xct:a:u' } }, 'odd'],
  });
  expect(exposeUris('resources/read', { contents: [{ uri: 'u', blob: 'AA==' }, 1] }, expose)).toEqual({
    contents: [{ uri: 'xct:a:u', blob: 'AA==' }, 1],
  });
  for (const [method, result] of [
    ['completion/complete', { completion: { values: ['u'] } }],
    ['tools/call', { resultType: 'input_required' }],
  ] as const)
    expect(exposeUris(method, result, expose)).toBe(result);
});
