import { expect, test } from '@jest/globals';
import { dynamoRecords } from '../../../lambdas/adapters/dynamo/records.ts';
import { dynamoValves } from '../../../lambdas/adapters/dynamo/valves.ts';
import type { OrgRecord } from '../../../lambdas/domain/records.ts';
import { anOrg } from '../../support/records.ts';
import { tableOfFile } from '../../support/table.ts';

const it = tableOfFile();
const records = () => dynamoRecords(it.table);
const valves = () => dynamoValves(it.table);
const org = (id: string) => records().get('org', id, id);
const replace = (record: OrgRecord) =>
  records().commit(
    [],
    [{ do: 'replace', kind: 'org', record: { ...record, version: record.version + 1 }, was: record.version }],
  );

async function aStoredOrg(id: string): Promise<OrgRecord> {
  const record = anOrg({ id });
  await records().commit([], [{ do: 'create', kind: 'org', record }]);
  return record;
}

test('the usage key stands beside the record: a change of the record keeps it, and it needs no version', async () => {
  const before = await aStoredOrg('org_beside');
  await valves().claim('org_beside', 'r1');
  expect(await replace({ ...before, name: 'Renamed' })).toBeUndefined();
  await valves().settle('org_beside', 'r1', 'team');
  const stored = await org('org_beside');
  expect(stored).toEqual({ ...before, name: 'Renamed', version: 2, usage_key: 'team' });
  expect(await replace({ ...stored!, name: 'Again' })).toBeUndefined();
  expect(await org('org_beside')).toMatchObject({ name: 'Again', version: 3, usage_key: 'team' });
  // Written by somebody who read it before the key was settled elsewhere.
  await valves().claim('org_beside', 'r2');
  expect(await replace({ ...stored!, version: 3 })).toBeUndefined();
  expect(await org('org_beside')).not.toHaveProperty('usage_key');
});

test('the last run that claimed is in charge, and only it settles', async () => {
  await aStoredOrg('org_runs');
  await valves().claim('org_runs', 'r1');
  await valves().claim('org_runs', 'r2');
  await valves().settle('org_runs', 'r1', 'team');
  expect(await org('org_runs')).not.toHaveProperty('usage_key');
  expect(await valves().read('org_runs')).toEqual({ tier: 'team', placed: false, run: 'r2' });
  await valves().settle('org_runs', 'r2', '-');
  expect((await org('org_runs'))?.usage_key).toBe('-');
});

test('an org that never was is not made by a run; a deleted one is still read', async () => {
  await valves().claim('org_none', 'r1');
  expect(await valves().read('org_none')).toBeUndefined();
  const deleted_at = '2026-06-01T12:00:00.000Z';
  await replace({ ...(await aStoredOrg('org_dead')), deleted_at });
  await valves().claim('org_dead', 'r1');
  expect(await valves().read('org_dead')).toEqual({ tier: 'team', placed: false, run: 'r1', deleted_at });
  expect(await org('org_dead')).toBeUndefined();
});

test('of twenty orgs that want a place at once as many get one as there are, each once, and give it back once', async () => {
  const ids = Array.from({ length: 20 }, (_, at) => `org_place${at}`);
  await Promise.all(ids.map(aStoredOrg));
  const placed = await Promise.all(ids.map((id) => valves().place(id, 3)));
  const [one, ...others] = ids.filter((_, at) => placed[at]);
  expect(others).toHaveLength(2);
  expect(await valves().place(one!, 3)).toBe(true);
  expect((await valves().read(one!))?.placed).toBe(true);
  const without = ids.find((_, at) => !placed[at])!;
  expect(await valves().place(without, 3)).toBe(false);
  for (let again = 0; again < 2; again++) await valves().free(one!);
  expect(await valves().place(without, 3)).toBe(true);
  expect(await valves().place(one!, 3)).toBe(false);
});
