import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { indexKeys, indexRanges, items, ranges } from '../../../lambdas/adapters/dynamo/keys.ts';
import { query } from '../../../lambdas/adapters/dynamo/read.ts';
import type { Table } from '../../../lambdas/adapters/dynamo/table.ts';

const at = '2026-11-24T09:30:00.000Z';
const hash = '9f86d081884c7d65';

/** The examples of docs/table.md, each made by its function. */
const examples: Record<string, readonly [string, string]> = {
  ...both('items', {
    key: items.key('4fT9xWq2Lm0Z'),
    org: items.org('default'),
    team: items.team('default', 'team_7Kd02mQx41Zb'),
    user: items.user('default', 'usr_P3n8vYc6Ht1R'),
    agent: items.agent('default', 'agt_b5Sj9LwE2xUo'),
    server: items.server('default', 'srv_0aGq7RkV4tNd'),
    toolset: items.toolset('default', 'ts_M6yz1CfB8pWi'),
    name: items.name('default', 'github'),
    places: items.places('default', 'server'),
    audit: items.audit('default', at, 'aud_Xe4Ju2oTs9Dh'),
    chunk: items.chunk('default', hash, 0),
    submission: items.submission('default', 'sub_9Xw3Kd7PzQ1a'),
    evidence: items.evidence('default', 'sub_9Xw3Kd7PzQ1a', 1),
    token: items.token('default', 'sub_9Xw3Kd7PzQ1a', 1),
    count: items.count('default', ['OPEN', 'usr_P3n8vYc6Ht1R']),
    event: items.event('default', at, 'evt_Xe4Ju2oTs9Dh'),
    session: items.session('default', 'b5bb9d8014a0f9b1d61e21e796d78dcc'),
    counter: items.counter('default', ['SPEND', 'team', 'team_7Kd02mQx41Zb', '2026-11']),
    ledgerRow: items.ledgerRow('default', at, 'call_Qe5Wb2Rk8LzP'),
    rollup: items.rollup('default', 'tool', '2026-11-24', ['srv_0aGq7RkV4tNd', 'search_issues']),
    attempt: items.attempt('default', 'b5bb9d8014a0f9b1d61e21e796d78dcc'),
    usageKeys: items.usageKeys(),
    once: items.once('bootstrap'),
  } satisfies Record<keyof typeof items, object>),
  ...both('indexKeys', {
    key: indexKeys.key('default', at, '4fT9xWq2Lm0Z'),
    org: indexKeys.org('default'),
    unsettled: indexKeys.unsettled('default', 'sub_9Xw3Kd7PzQ1a'),
  } satisfies Record<keyof typeof indexKeys, object>),
  ...both('ranges', {
    directory: ranges.directory('default'),
    servers: ranges.servers('default'),
    toolsets: ranges.toolsets('default'),
    teams: ranges.teams('default'),
    users: ranges.users('default'),
    agents: ranges.agents('default'),
    audit: ranges.audit('default'),
    submissions: ranges.submissions('default'),
    tokens: ranges.tokens('default', 'sub_9Xw3Kd7PzQ1a'),
    events: ranges.events('default'),
    chunks: ranges.chunks('default', hash),
    counters: ranges.counters('default', 'CALLS'),
    ledger: ranges.ledger('default', '2026-11-24T09', 0),
    ledgerTo: ranges.ledgerTo('default', `${at}#call_Qe5Wb2Rk8LzP`, 0),
    rollups: ranges.rollups('default', 'tool', '2026-11-01', '2026-11-24'),
  } satisfies Record<keyof typeof ranges, object>),
  ...both('indexRanges', {
    keys: { gpk: indexRanges.keys('default') },
    orgs: { gpk: indexRanges.orgs() },
    unsettled: { gpk: indexRanges.unsettled() },
  } satisfies Record<keyof typeof indexRanges, object>),
};

function both(group: string, made: Record<string, object>): Record<string, readonly [string, string]> {
  return Object.fromEntries(
    Object.entries(made).map(([name, key]) => {
      const [first = '', second = ''] = Object.values(key) as string[];
      return [`${group}.${name}`, [first, second]];
    }),
  );
}

test('docs/table.md has every key and query of keys.ts, each with the example its function makes', async () => {
  const page = await readFile(new URL('../../../docs/table.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| `(\w+\.\w+)` +\| `([^`]*)` +\| (?:`([^`]*)`)? *\| \S.*\|$/gm)];
  const documented = Object.fromEntries(rows.map(([, name, first, second = '']) => [name, [first, second]]));
  expect(documented).toEqual(examples);
});

test('MT-06 a query whose partition was not made with an org does not compile', () => {
  const table = {} as Table;
  expect(query(table, { of: ranges.servers('default') })).toBeDefined();
  expect(query(table, { of: indexRanges.keys('default') })).toBeDefined();
  // @ts-expect-error a text is no partition of the index
  expect(query(table, { of: 'KEYS' })).toBeDefined();
  // @ts-expect-error not even one that looks like it
  expect(query(table, { of: 'ORG#default#KEYS' })).toBeDefined();
  // @ts-expect-error a text is no partition of the table
  expect(query(table, { of: { pk: 'ORG#default#DIR', prefix: '' } })).toBeDefined();
  // @ts-expect-error the keys of no org in particular
  expect(() => indexRanges.keys()).toThrow();
  // @ts-expect-error a partition of the table is none of the index
  expect(query(table, { of: ranges.servers('default').pk })).toBeDefined();
});

test('MT-06 an org or id that would reach into another partition is refused', () => {
  for (const part of ['', 'default#DIR', 'a b', 'ü', 'a/b', 'x'.repeat(129)]) {
    expect(() => ranges.teams(part)).toThrow('Not a part of a key.');
    expect(() => items.team('default', part)).toThrow('Not a part of a key.');
    expect(() => items.key(part)).toThrow('Not a part of a key.');
  }
});

test('a tool’s name may hold a slash, and no two tools share a roll-up', () => {
  const of = (tool: string) => items.rollup('default', 'tool', '2026-11-24', ['srv_a', tool]).sk;
  expect(of('issues/search')).toBe('2026-11-24#srv_a#issues:search');
  expect(() => of('a#b')).toThrow('Not a part of a key.');
});

test('MT-06 every item, index place and query of an org names the org in its partition', () => {
  const outside = [
    'items.key',
    'items.once',
    'items.usageKeys',
    'indexKeys.org',
    'indexKeys.unsettled',
    'indexRanges.orgs',
    'indexRanges.unsettled',
  ];
  for (const [name, [partition]] of Object.entries(examples))
    expect([name, /^ORG#default(#|$)/.test(partition)]).toEqual([name, !outside.includes(name)]);
});
