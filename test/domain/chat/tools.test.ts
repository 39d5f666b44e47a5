import { expect, test } from '@jest/globals';
import { ChatBody, type ToolEntry } from '../../../contract/chat.ts';
import { laterChoice, namedChoice } from '../../../lambdas/domain/chat/choice.ts';
import { readEntries } from '../../../lambdas/domain/chat/entries.ts';
import { isAllowed, needsApproval } from '../../../lambdas/domain/chat/filter.ts';
import { withEntryHeaders, withExtraHeaders } from '../../../lambdas/domain/chat/headers.ts';
import { makeOffers } from '../../../lambdas/domain/chat/offer.ts';
import { aFunction, aListed, anOffer, theOffers } from '../../support/chat.ts';
import type { Json } from '../../support/gateway.ts';

const hosts = ['gateway.example.com', '127.0.0.1:4000'];
const mcp = (more: Json = {}): ToolEntry => ({ type: 'mcp', server_label: 'wiki', ...more }) as ToolEntry;
/** The names that an entry stands for; the refusal's code where it is refused. */
const namesOf = (more: Json): unknown => {
  const read = readEntries([mcp(more)], hosts);
  return read.ok ? read.value.sets[0]?.names : read.refusal.code;
};

test.each([
  [{}, 'wiki'],
  [{ server_url: null }, 'wiki'],
  [{ server_url: 'xct' }, undefined],
  [{ server_url: 'xct/mcp' }, undefined],
  [{ server_url: 'xct/mcp/github,linear' }, 'github,linear'],
  [{ server_url: 'litellm_proxy' }, undefined],
  [{ server_url: 'litellm_proxy/mcp/github' }, 'github'],
  [{ server_url: 'https://gateway.example.com/mcp' }, undefined],
  [{ server_url: 'https://gateway.example.com/github/mcp' }, 'github'],
  [{ server_url: 'https://gateway.example.com/github,linear/mcp/v1/' }, 'github,linear'],
  [{ server_url: 'http://127.0.0.1:4000/github/mcp' }, 'github'],
  [{ server_url: 'http://127.0.0.1:4001/github/mcp' }, 'unknown_server'],
  [{ server_url: 'https://mcp.example.com/mcp' }, 'unknown_server'],
  [{ server_url: 'https://gateway.example.com/v1/models' }, 'unknown_server'],
  [{ server_url: 'xcts' }, 'unknown_server'],
  [{ server_url: '' }, 'unknown_server'],
])('an MCP entry with %j names %j', (more, names) => expect(namesOf(more)).toBe(names));

test('functions with a dot in the name are gateway tools, all other entries the caller’s own, without our field', () => {
  const custom = { type: 'custom', custom: { name: 'a.b' } };
  const tools = [aFunction('wiki.echo', { xct: {} }), aFunction('mine', { xct: { a: 1 } }), custom];
  expect(readEntries(tools, hosts)).toEqual({
    ok: true,
    value: {
      sets: [],
      named: [{ name: 'wiki.echo', param: 'tools.0.function.name' }],
      own: [aFunction('mine'), custom],
    },
  });
});

test.each([
  [undefined, true],
  [null, true],
  [['echo'], true],
  [['wiki.echo'], true],
  [['wiki__echo'], true],
  [['add'], false],
  [[], false],
  [{}, true],
  [{ tool_names: ['echo'] }, true],
  [{ tool_names: ['echo'], read_only: true }, false],
  [{ read_only: false }, true],
])('allowed_tools %j leaves a tool without a hint in: %j', (allowed_tools, isIn) => {
  expect(isAllowed(mcp({ allowed_tools }) as never, aListed())).toBe(isIn);
});

test('a tool whose hint says that it only reads is let in as such', () => {
  const reading = aListed('echo', { readOnlyHint: true });
  expect(isAllowed(mcp({ allowed_tools: { read_only: true } }) as never, reading)).toBe(true);
  expect(isAllowed(mcp({ allowed_tools: { read_only: false } }) as never, reading)).toBe(false);
});

test.each([
  [undefined, false],
  [null, false],
  ['never', false],
  ['always', true],
  [{}, false],
  [{ always: { tool_names: ['echo'] } }, true],
  [{ always: { tool_names: ['add'] } }, false],
  [{ never: { tool_names: ['echo'] } }, false],
  [{ never: { tool_names: ['add'] } }, true],
  [{ always: { tool_names: ['echo'] }, never: { tool_names: ['echo'] } }, true],
  [{ always: { tool_names: ['add'] }, never: { tool_names: ['add'] } }, true],
])('require_approval %j asks about echo: %j', (require_approval, asks) => {
  expect(needsApproval(mcp({ require_approval }) as never, aListed())).toBe(asks);
});

test('a tool is offered once: by its first entry, with approval where any entry asks for it', () => {
  const offers = theOffers([anOffer(), anOffer({ source: 1, approval: true }), anOffer({ tool: 'add' })]);
  expect([...offers.of.keys()]).toEqual(['wiki__add', 'wiki__echo']);
  expect(offers.of.get('wiki__echo')).toMatchObject({ source: 0, approval: true });
  expect(offers.nameOf('wiki.echo')).toBe('wiki__echo');
  expect(offers.nameOf('wiki.gone')).toBeUndefined();
});

test('names fit every model, come back by an exact map, and never clash (TD-07)', () => {
  const long = 'x'.repeat(90);
  const tools = [long, `${long}y`, 'a.b', 'a_b', 'a/b'].map((tool) => anOffer({ tool }));
  const { of } = theOffers([...tools, anOffer({ alias: 'wiki-a', tool: 'b' })]);
  expect(of.size).toBe(6);
  for (const [name, { tool }] of of) {
    expect(name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    expect(tools.some((one) => one.tool === tool) || tool === 'b').toBe(true);
  }
});

test('CL-12 a function of the caller’s with the name of a gateway tool is refused', () => {
  expect(makeOffers([anOffer()], [aFunction('wiki__echo')])).toMatchObject({
    ok: false,
    refusal: { code: 'invalid_request', param: 'tools' },
  });
  expect(makeOffers([anOffer()], [{ type: 'custom', custom: { name: 'wiki__echo' } }]).ok).toBe(false);
  expect(makeOffers([anOffer()], [{ type: 'web_search' }]).ok).toBe(true);
});

test('the model gets the pinned description and schema, without header annotations', () => {
  const inputSchema = { type: 'object', properties: { r: { type: 'string', 'x-mcp-header': 'Region' } } };
  const described = anOffer({ definition: { name: 'echo', description: 'Echoes', inputSchema } });
  expect(theOffers([described], []).tools).toEqual([
    {
      type: 'function',
      function: {
        name: 'wiki__echo',
        description: 'Echoes',
        parameters: { type: 'object', properties: { r: { type: 'string' } } },
      },
    },
  ]);
  expect(theOffers([anOffer()], []).tools).toMatchObject([{ function: { description: '' } }]);
});

const nameOf = (full: string) => theOffers().nameOf(full);
const forced = (name: string) => ({ type: 'function', function: { name } });

test('tool_choice names a gateway tool as the list does, and the model hears its own name for it', () => {
  const allowed = (tools: Json[]) => ({ type: 'allowed_tools', allowed_tools: { mode: 'required', tools } });
  expect(namedChoice(forced('wiki.echo'), nameOf)).toEqual({ ok: true, value: forced('wiki__echo') });
  expect(namedChoice(allowed([forced('wiki.echo'), forced('mine')]), nameOf)).toEqual({
    ok: true,
    value: allowed([forced('wiki__echo'), forced('mine')]),
  });
  for (const choice of [undefined, 'auto', 'none', forced('mine'), { type: 'allowed_tools' }])
    expect(namedChoice(choice, nameOf)).toEqual({ ok: true, value: choice });
  for (const choice of [forced('wiki.gone'), allowed([forced('wiki.gone')])])
    expect(namedChoice(choice, nameOf)).toMatchObject({ ok: false, refusal: { param: 'tool_choice' } });
});

test('a choice that forces a call holds for the first round only', () => {
  expect(['required', 'none', 'auto', undefined, forced('mine')].map(laterChoice)).toEqual([
    'auto',
    'none',
    'auto',
    undefined,
    'auto',
  ]);
  expect(laterChoice({ type: 'allowed_tools', allowed_tools: { mode: 'required', tools: [] } })).toEqual({
    type: 'allowed_tools',
    allowed_tools: { mode: 'auto', tools: [] },
  });
});

test('of extra_headers only x-mcp-* count, and one that contradicts a header stands beside it', () => {
  const headers = { 'x-mcp-servers': ['wiki'], 'x-mcp-a': ['1'] };
  const extra = { 'X-MCP-Servers': 'github', 'x-mcp-a': '1', Authorization: 'Bearer x', 'x-mcp-b': '2' };
  expect(withExtraHeaders(headers, extra)).toEqual({
    'x-mcp-servers': ['wiki', 'github'],
    'x-mcp-a': ['1'],
    'x-mcp-b': ['2'],
  });
  expect(withEntryHeaders(headers, { 'X-MCP-A': '2' })).toEqual({ 'x-mcp-servers': ['wiki'], 'x-mcp-a': ['2'] });
});

test('the request’s schema takes every form of tools and refuses a broken one', () => {
  const body = (tools: unknown) => ({ model: 'm', messages: [{ role: 'user', content: 'x' }], tools });
  for (const tools of [null, [], [mcp()], [aFunction('a.b')], [{ type: 'custom', custom: { name: 'x' } }]])
    expect(ChatBody.safeParse(body(tools)).success).toBe(true);
  for (const tools of [[{ type: 'mcp' }], [{ type: 'function' }], [{}], ['x'], {}])
    expect(ChatBody.safeParse(body(tools)).success).toBe(false);
});
