import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { auditOf, itemOf, recordOf } from '../../../lambdas/adapters/dynamo/stored.ts';
import { type Item, marshal, unmarshal } from '../../../lambdas/adapters/dynamo/table.ts';
import type { Kind, RecordByKind } from '../../../lambdas/domain/kinds.ts';
import { aKey, anAgent, anOrg, aServer, aSubmission, aTeam, aToolset, aUser } from '../../support/records.ts';

const records: { readonly [K in Kind]: RecordByKind[K] } = {
  key: aKey({
    team_id: 'team_web',
    previous: { hmac: '1'.repeat(64), pepper: '1', until: '2026-06-01T12:00:00.000Z' },
    expires_at: '2027-06-01T12:00:00.000Z',
    lineage: [{ key_id: 'Key000000002', team_id: 'team_web' }],
    object_permission: { mcp_servers: [] },
  }),
  org: anOrg({ max_budget_usd: 0.1, blocked_tools: [{ server_id: 'srv_x', tool: 'a.b/c' }] }),
  team: aTeam({ deleted_at: '2026-06-01T12:00:00.000Z' }),
  user: aUser({ email: 'ann@example.com' }),
  agent: anAgent(),
  server: aServer({ last_probe: { ok: true, at: '2026-06-01T12:00:00.000Z', latency_ms: 12.5 } }),
  submission: aSubmission({ risk: { high: 1 }, concluded: 1 }),
  toolset: aToolset({ tools: [{ server: 'srv_x', tool: 'echo' }] }),
};
const kinds = Object.keys(records) as Kind[];

const overTheWire = (kind: Kind, record: RecordByKind[Kind]): Item => unmarshal(marshal(itemOf(kind, record)));

test.each(kinds)('a %s comes back as it was written', (kind) => {
  expect(recordOf(kind, overTheWire(kind, records[kind]))).toEqual(records[kind]);
});

test('any JSON number and text in a grant comes back exactly', () => {
  const scalar = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ unit: 'binary' }),
    fc.boolean(),
  );
  const check = (value: string | number | boolean) => {
    const params = { limit: { const: value } };
    const team = aTeam({ object_permission: { mcp_tool_permissions: { srv_x: [{ name: 'echo', params }] } } });
    expect(recordOf('team', overTheWire('team', team))).toEqual(JSON.parse(JSON.stringify(team)));
  };
  fc.assert(fc.property(scalar, check), { seed: 2, numRuns: 200, examples: [[1e300], [5e-324], [2 ** 60]] });
});

test('a key that expires may be deleted 30 days later, others never', () => {
  const seconds = Date.UTC(2027, 5, 1, 12) / 1000 + 30 * 86_400;
  expect(itemOf('key', records.key)['ttl']).toBe(seconds);
  for (const kind of kinds.slice(1)) expect(marshal(itemOf(kind, records[kind]))).not.toHaveProperty('ttl');
});

const spoiled: readonly (readonly [string, (item: Item) => Item])[] = [
  ['has no record', ({ record, ...item }) => item],
  ['holds no JSON', (item) => ({ ...item, record: '{"hmac":"canary' })],
  ['holds a list', (item) => ({ ...item, record: '[]' })],
  ['holds null', (item) => ({ ...item, record: 'null' })],
  ['stands in another org', (item) => ({ ...item, pk: 'ORG#other' })],
  ['stands under another id', (item) => ({ ...item, sk: 'TEAM#team_other' })],
  ['has another version beside the record', (item) => ({ ...item, version: 9 })],
  ['misses a field', (item) => withRecord(item, ({ disabled, ...rest }) => rest)],
  ['has a field of another kind', (item) => withRecord(item, (record) => ({ ...record, disabled: 'false' }))],
  ['has null for an optional field', (item) => withRecord(item, (record) => ({ ...record, object_permission: null }))],
  ['has a list for a grant', (item) => withRecord(item, (record) => ({ ...record, object_permission: [] }))],
];
function withRecord(item: Item, change: (record: Record<string, unknown>) => object): Item {
  return { ...item, record: JSON.stringify(change(JSON.parse(String(item['record'])) as Record<string, unknown>)) };
}

test.each(spoiled)('an item that %s is a fault, and the fault quotes nothing of it', (_, spoil) => {
  const read = () => recordOf('team', spoil(overTheWire('team', aTeam())));
  expect(read).toThrow(new Error('The table holds an item that is not ours.'));
});

test('an audit row of another shape is a fault', () => {
  expect(() => auditOf({ record: '{"id":"aud_1"}' })).toThrow('The table holds an item that is not ours.');
});

test('a field that a newer version wrote is let be', () => {
  const item = withRecord(overTheWire('team', aTeam()), (record) => ({ ...record, colour: 'red' }));
  expect(recordOf('team', item)).toMatchObject(aTeam());
});
