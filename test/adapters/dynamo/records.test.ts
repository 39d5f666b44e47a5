import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from '@jest/globals';
import { items } from '../../../lambdas/adapters/dynamo/keys.ts';
import { dynamoRecords } from '../../../lambdas/adapters/dynamo/records.ts';
import { marshal } from '../../../lambdas/adapters/dynamo/table.ts';
import type { Kind, RecordByKind } from '../../../lambdas/domain/kinds.ts';
import type { Change } from '../../../lambdas/ports/table.ts';
import { aKey, anAgent, anOrg, aServer, aSubmission, aTeam, aToolset, aUser } from '../../support/records.ts';
import { anAudit, tableOfFile, testOnEmulator } from '../../support/table.ts';

const it = tableOfFile();
const records = () => dynamoRecords(it.table);
const create = async <K extends Kind>(kind: K, ...created: readonly RecordByKind[K][]) => {
  const changes = created.map((record) => ({ do: 'create', kind, record }) as Change);
  expect(await records().commit([], changes)).toBeUndefined();
};

test('a record of every kind is found by kind, org and id, and nowhere else', async () => {
  const org_id = 'org_get';
  const made = {
    key: aKey({ org_id, id: 'KeyGet000001' }),
    org: anOrg({ org_id, id: org_id }),
    team: aTeam({ org_id }),
    user: aUser({ org_id }),
    agent: anAgent({ org_id }),
    server: aServer({ org_id }),
    toolset: aToolset({ org_id }),
    submission: aSubmission({ org_id }),
  } satisfies Record<Kind, object>;
  for (const [kind, record] of Object.entries(made)) await create(kind as Kind, record);
  for (const [kind, record] of Object.entries(made) as [Kind, RecordByKind[Kind]][]) {
    expect(await records().get(kind, org_id, record.id)).toEqual(record);
    expect(await records().get(kind, org_id, `${record.id}x`)).toBeUndefined();
    if (kind !== 'org') expect(await records().get(kind, 'org_else', record.id)).toBeUndefined();
  }
  expect(await records().key('KeyGet000001')).toEqual(made.key);
  expect(await records().key('KeyGet000002')).toBeUndefined();
});

test('a list of 120 rows is paged through whole, in order, without a last empty page', async () => {
  const org_id = 'org_pages';
  const number = (index: number) => String(index).padStart(3, '0');
  const keys = Array.from({ length: 120 }, (_, index) =>
    aKey({ org_id, id: `Page${number(119 - index)}`, created_at: `2026-01-01T00:00:00.${number(index)}Z` }),
  );
  const teams = Array.from({ length: 120 }, (_, index) => aTeam({ org_id, id: `team_${number(index)}` }));
  await create('key', ...keys.slice(60), ...keys.slice(0, 20));
  await create('key', ...keys.slice(20, 60));
  await create('team', ...teams.slice(30));
  await create('team', ...teams.slice(0, 30));
  await create('user', aUser({ org_id }));
  await create('key', aKey({ org_id: 'org_pages2', id: 'PageElse' }));
  for (const [kind, expected] of [
    ['key', keys],
    ['team', teams],
  ] as const) {
    const rows: unknown[] = [];
    const sizes: number[] = [];
    let after: string | undefined;
    do {
      const page = await records().list(kind, org_id, { limit: 40, ...(after === undefined ? {} : { after }) });
      rows.push(...page.rows);
      sizes.push(page.rows.length);
      after = page.next;
    } while (after !== undefined);
    expect(rows).toEqual(expected);
    expect(sizes).toEqual([40, 40, 40]);
  }
});

test('a position of another form is a fault', async () => {
  for (const after of ['', 'a b', 'x#y#z', 'x#', '#'])
    for (const kind of ['key', 'team', 'org'] as const)
      await expect(records().list(kind, 'default', { limit: 1, after })).rejects.toThrow(/Not a p/);
  await expect(records().audit('default', { limit: 1, after: 'aud_1' })).rejects.toThrow('Not a position');
});

test('tombstones are absent from reads and lists, and a page is filled past them', async () => {
  const org_id = 'org_tombs';
  const teams = Array.from({ length: 9 }, (_, index) =>
    aTeam({ org_id, id: `team_${index}`, ...(index % 3 === 0 ? {} : { deleted_at: '2026-02-01T00:00:00.000Z' }) }),
  );
  await create('team', ...teams);
  const first = await records().list('team', org_id, { limit: 2 });
  expect(first.rows.map(({ id }) => id)).toEqual(['team_0', 'team_3']);
  const second = await records().list('team', org_id, { limit: 2, after: first.next! });
  expect(second).toEqual({ rows: [teams[6]] });
  expect(await records().get('team', org_id, 'team_1')).toBeUndefined();
});

test('a key past its time to live is absent though still stored', async () => {
  const org_id = 'org_ttl';
  const now = Date.now();
  const [over, within] = [31, 29].map((days) => new Date(now - days * 86_400_000).toISOString());
  await create(
    'key',
    aKey({ org_id, id: 'TtlOver', expires_at: over! }),
    aKey({ org_id, id: 'TtlWithin', expires_at: within! }),
  );
  expect((await records().list('key', org_id, { limit: 9 })).rows.map(({ id }) => id)).toEqual(['TtlWithin']);
  expect(await records().key('TtlOver')).toBeUndefined();
});

test('orgs are listed whatever org is named', async () => {
  await create(
    'org',
    anOrg({ org_id: 'org_listed1', id: 'org_listed1' }),
    anOrg({ org_id: 'org_listed2', id: 'org_listed2' }),
  );
  const orgs = await records().list('org', 'ignored', { limit: 200 });
  expect(orgs.rows.map(({ id }) => id)).toEqual(expect.arrayContaining(['org_listed1', 'org_listed2']));
  const after = await records().list('org', 'ignored', { limit: 1, after: 'org_listed1' });
  expect(after.rows.map(({ id }) => id)).toEqual(['org_listed2']);
});

test('the directory has all servers and toolsets of its org, over more than one megabyte', async () => {
  const org_id = 'org_dir';
  const tools = Array.from({ length: 256 }, (_, index) => ({ name: `tool_${index}`.padEnd(128, 'x') }));
  const servers = Array.from({ length: 40 }, (_, index) => aServer({ org_id, alias: `s${index + 10}`, tools }));
  const toolset = aToolset({ org_id });
  await create('server', ...servers, aServer({ org_id: 'org_dir2', alias: 'else' }));
  await create('toolset', toolset);
  expect(await records().directory(org_id)).toEqual({ servers, toolsets: [toolset] });
  expect(await records().directory('org_none')).toEqual({ servers: [], toolsets: [] });
});

test('audit rows are read newest first, of one org, page by page', async () => {
  const org_id = 'org_audit';
  const rows = Array.from({ length: 5 }, (_, index) =>
    anAudit({ org_id, id: `aud_${index}`, at: `2026-01-0${index + 1}T00:00:00.000Z` }),
  );
  await records().commit([...rows, anAudit({ org_id: 'org_audit2' })], []);
  const first = await records().audit(org_id, { limit: 3 });
  expect(first.rows).toEqual(rows.slice(2).reverse());
  expect(await records().audit(org_id, { limit: 3, after: first.next! })).toEqual({ rows: rows.slice(0, 2).reverse() });
});

test('a probe changes the last probe and nothing else, and is dropped for a server that is gone', async () => {
  const server = aServer({ org_id: 'org_probe' });
  await create('server', server);
  const last_probe = { ok: false, at: '2026-06-01T12:00:00.000Z', latency_ms: 7, reason: 'refused' };
  await records().probed(server, last_probe);
  expect(await records().get('server', 'org_probe', server.id)).toEqual({ ...server, last_probe });
  const renamed = { ...server, name: 'new', version: 2 };
  expect(await records().commit([], [{ do: 'replace', kind: 'server', record: renamed, was: 1 }])).toBeUndefined();
  const gone = { ...server, id: 'srv_gone' };
  await records().probed(gone, last_probe);
  expect(await records().get('server', 'org_probe', 'srv_gone')).toBeUndefined();
});

test('an item that is not ours is a fault wherever it is read', async () => {
  const stray = { ...items.team('org_stray', 'team_1'), name: 'not ours' };
  await it.table.client.send(new PutItemCommand({ TableName: it.table.name, Item: marshal(stray) }));
  await expect(records().get('team', 'org_stray', 'team_1')).rejects.toThrow('not ours');
  await expect(records().list('team', 'org_stray', { limit: 1 })).rejects.toThrow('not ours');
});

testOnEmulator('CA-19 a store that does not answer throws; nothing reads as absent', async () => {
  const throttled = 'ProvisionedThroughputExceededException';
  const broken = 'InternalServerError';
  const reads: readonly (readonly [string, string, () => Promise<unknown>])[] = [
    ['GetItem', throttled, () => records().get('team', 'default', 'team_web')],
    ['GetItem', broken, () => records().key('Key000000001')],
    ['GetItem', broken, () => records().done('bootstrap')],
    ['Query', throttled, () => records().list('key', 'default', { limit: 1 })],
    ['Query', broken, () => records().list('team', 'default', { limit: 1 })],
    ['Query', broken, () => records().directory('default')],
    ['Query', broken, () => records().audit('default', { limit: 1 })],
    ['UpdateItem', broken, () => records().probed(aServer(), { ok: true, at: '', latency_ms: 1 })],
  ];
  for (const [operation, fault, read] of reads) {
    await it.emulator.faults.failNext(operation, fault, 3);
    await expect(read()).rejects.toThrow();
  }
});

testOnEmulator('one fault of the store is tried again unseen', async () => {
  await it.emulator.faults.failNext('GetItem', 'InternalServerError', 1);
  expect(await records().get('team', 'default', 'team_none')).toBeUndefined();
});
