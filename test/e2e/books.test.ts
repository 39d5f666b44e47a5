import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { legacyRequest, restCall } from '../support/doors.ts';
import { type Json, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { newOrg, type TestOrg, until } from '../support/org.ts';
import { dropItem, scanTable } from '../support/stores.ts';
import { legacyUpstream } from '../support/upstreams/legacy.ts';
import type { RunningUpstream } from '../support/upstreams/record.ts';

const folder = mkdtempSync(join(tmpdir(), 'xct-books-'));
const today = () => new Date().toISOString().slice(0, 10);
let gateway: TestGateway;
let upstream: RunningUpstream;
let org: TestOrg;
let team: Json;
let member: Json;

/** Org of the tests: server `wiki` at a tenth of a dollar, `plain` without a price, a team with a budget, a member of it. */
beforeAll(async () => {
  [gateway, upstream] = await Promise.all([startTestGateway({ folder }), legacyUpstream()]);
  org = await newOrg(gateway, 'Books & Sons', { tier: 'team' });
  await org.server('wiki', upstream.url, { cost: { default_usd: 0.1, tools: { add: 0.25 } } });
  await org.server('plain', upstream.url);
  const grant = { object_permission: { mcp_servers: ['wiki', 'plain'] } };
  team = await org.admin('POST', '/v1/teams', { name: '=SUM(A1)', max_budget_usd: 1, ...grant });
  member = await org.key({ name: 'laptop', team_id: team['id'] });
  const asking = { key: member['key'] };
  await restCall(gateway, asking, 'wiki.echo', { message: 'a' });
  await restCall(gateway, asking, 'wiki.add', { a: 1, b: 2 });
  await legacyRequest(gateway, asking, 'tools/call', { name: 'plain__echo', arguments: { message: 'b' } });
});
afterAll(async () => {
  await Promise.all([gateway.close(), upstream.close()]);
  rmSync(folder, { recursive: true });
});

const usage = async (query = '', key = org.adminKey) => (await gateway.send('GET', `/v1/usage${query}`, key)).body;
const csv = (path: string, key = org.adminKey) => gateway.send('GET', path, key, undefined, { accept: 'text/csv' });
const rolledUp = () => until(usage, (answer) => answer['total'].calls === 3);

test('every call is in the usage of its day within seconds, by whatever it is asked', async () => {
  const sums = { calls: 3, done: 3, failed: 0, unknown: 0, price_usd: 0.35 };
  expect(await rolledUp()).toMatchObject({
    object: 'list',
    to: today(),
    group_by: 'day',
    data: [{ id: today(), ...sums }],
    total: sums,
  });
  const named = async (by: string) =>
    (await usage(`?group_by=${by}`))['data'].map(({ name, calls, price_usd }: Json) => [name, calls, price_usd]);
  expect(await named('key')).toEqual([['laptop', 3, 0.35]]);
  expect(await named('team')).toEqual([['=SUM(A1)', 3, 0.35]]);
  expect(await named('org')).toEqual([['Books & Sons', 3, 0.35]]);
  expect(await named('user')).toEqual([]);
  expect((await named('server')).sort()).toEqual([
    ['plain', 1, 0],
    ['wiki', 2, 0.35],
  ]);
  expect((await named('tool')).sort()).toEqual([
    ['plain.echo', 1, 0],
    ['wiki.add', 1, 0.25],
    ['wiki.echo', 1, 0.1],
  ]);
});

test('a member sees its own key by key and day, another member nothing of it, and neither the ledger', async () => {
  await rolledUp();
  expect(await usage('?group_by=key', member['key'])).toMatchObject({
    data: [{ id: member['id'], name: 'laptop', calls: 3 }],
  });
  const other = await org.key({ name: 'other' });
  expect(await usage('', other['key'])).toMatchObject({ data: [], total: { calls: 0 } });
  expect(await usage('?group_by=team', member['key'])).toMatchObject({ error: { code: 'forbidden' } });
  for (const path of ['/v1/usage/ledger', '/v1/usage/unpriced'])
    expect((await gateway.send('GET', path, member['key'])).body).toMatchObject({ error: { code: 'not_admin' } });
});

test('RE-03 the ledger has one row for each call, newest first, a page at a time', async () => {
  const first = (await gateway.send('GET', '/v1/usage/ledger?limit=2', org.adminKey)).body;
  const second = (await gateway.send('GET', `/v1/usage/ledger?limit=2&cursor=${first['next_cursor']}`, org.adminKey))
    .body;
  expect(second['next_cursor']).toBeUndefined();
  const rows: Json[] = [...first['data'], ...second['data']];
  expect(rows.map(({ tool, door, price_usd, state }) => [tool, door, price_usd, state])).toEqual([
    ['plain.echo', 'mcp', 0, 'DONE'],
    ['wiki.add', 'rest', 0.25, 'DONE'],
    ['wiki.echo', 'rest', 0.1, 'DONE'],
  ]);
  expect(rows[0]).toEqual({
    at: expect.stringContaining(today()),
    id: expect.stringMatching(/^call_/),
    request_id: expect.any(String),
    door: 'mcp',
    key_id: member['id'],
    team_id: team['id'],
    granted_by: 'team',
    server_id: expect.stringMatching(/^srv_/),
    server: 'plain',
    tool: 'plain.echo',
    price_usd: 0,
    price_version: 1,
    state: 'DONE',
    status: 'done',
    duration_ms: expect.any(Number),
    settled_at: expect.any(String),
  });
});

test('MT-09 another org sees nothing of it, and its cursor opens nothing', async () => {
  const other = await newOrg(gateway);
  expect(await usage('?group_by=key', other.adminKey)).toMatchObject({ data: [] });
  expect((await gateway.send('GET', '/v1/usage/ledger', other.adminKey)).body).toEqual({ object: 'list', data: [] });
  const { next_cursor } = (await gateway.send('GET', '/v1/usage/ledger?limit=1', org.adminKey)).body;
  const stolen = await gateway.send('GET', `/v1/usage/ledger?cursor=${next_cursor}`, other.adminKey);
  expect(stolen.body).toMatchObject({ error: { code: 'invalid_request', param: 'cursor' } });
});

test('CSV has the rows alone, names that a spreadsheet would run are text, and the next page is named in a header', async () => {
  await rolledUp();
  const byTeam = await csv('/v1/usage?group_by=team');
  expect(byTeam.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
  expect(byTeam.headers.get('content-disposition')).toBe('attachment; filename="usage.csv"');
  expect(byTeam.text).toBe(`id,name,calls,done,failed,unknown,price_usd\r\n${team['id']},'=SUM(A1),3,3,0,0,0.35\r\n`);
  const ledger = await csv('/v1/usage/ledger?limit=1');
  expect(ledger.text.split('\r\n')[1]).toContain('plain.echo');
  const next = await csv(`/v1/usage/ledger?limit=1&cursor=${ledger.headers.get('x-xct-next-cursor')}`);
  expect(next.text.split('\r\n')[1]).toContain('wiki.add');
});

test('tools of active servers without a price are listed', async () => {
  const { data } = await org.admin('GET', '/v1/usage/unpriced');
  expect(new Set(data.map(({ server }: Json) => server))).toEqual(new Set(['plain']));
  expect(data).toContainEqual({ server_id: expect.any(String), server: 'plain', tool: 'plain.echo' });
});

test.each([
  ['?from=2026-11-24&to=2026-11-23', 'from'],
  ['?from=2024-01-01&to=2026-01-01', 'from'],
  ['?from=yesterday', 'from'],
  ['?to=2026-02-30', 'to'],
  ['?group_by=colour', 'group_by'],
  ['?limit=1001', 'limit'],
])('/v1/usage%s is refused and names the parameter', async (query, param) => {
  expect(await usage(query)).toMatchObject({ error: { code: 'invalid_request', param } });
});

/** The script as a person runs it, on the folder of this gateway. */
function script(...args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['scripts/reconcile.ts', '--folder', folder, ...args], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr }),
    );
  });
}

test('the books agree at rest, by proof', async () => {
  await rolledUp();
  expect(await gateway.invoke('sweep', { at_rest: true })).toMatchObject({ unknown: 0, corrected: 0 });
  expect(await gateway.invoke('reconcile', { at_rest: true })).toMatchObject({ count: 0, differences: [] });
  expect(await script('--at-rest')).toEqual({
    code: 0,
    output: expect.stringContaining('Ledger, counters and roll-ups agree.'),
  });
});

test('QU-12 a counter deleted by hand is a difference, a figure and exit code 1; the next sweep mends it', async () => {
  await rolledUp();
  await dropItem(gateway, `ORG#${org.id}#METER`, `CALLS#${today()}`);
  const found = await script('--from', today(), '--to', today());
  expect(found).toEqual({ code: 2, output: expect.stringContaining('This day is not over') });
  const proven: any = await gateway.invoke('reconcile', { at_rest: true });
  expect(proven.differences).toContainEqual({
    org_id: org.id,
    day: today(),
    what: 'calls',
    ledger: 3,
    counter: 0,
    rollup: 3,
  });
  expect(gateway.lines.some((line) => line.includes('"ReconcileDifferences":2'))).toBe(true);
  expect(await gateway.invoke('sweep', { at_rest: true })).toMatchObject({ corrected: 1 });
  expect(await script('--at-rest')).toMatchObject({ code: 0 });
});

test('a call that a limit refuses is counted in a figure, by every door, and is in no book', async () => {
  const before = (await scanTable(gateway)).filter(({ pk }) => pk.includes('#LEDGER#')).length;
  const asking = { key: member['key'] };
  for (let n = 0; n < 3; n += 1) await restCall(gateway, asking, 'wiki.add', { a: 1, b: 2 });
  await legacyRequest(gateway, asking, 'tools/call', { name: 'wiki__add', arguments: { a: 1, b: 2 } });
  const figures = gateway.lines.filter((line) => line.includes('"BudgetRefusals":1')).map((line) => JSON.parse(line));
  expect(figures.map(({ door, status, _aws }) => [door, status, _aws.CloudWatchMetrics[0].Namespace])).toEqual([
    ['rest', 'budget_exceeded', 'xct/dev'],
    ['mcp', 'budget_exceeded', 'xct/dev'],
  ]);
  const after = (await scanTable(gateway)).filter(({ pk }) => pk.includes('#LEDGER#'));
  expect(after.filter(({ state }) => state !== 'RELEASED')).toHaveLength(before + 2);
});
