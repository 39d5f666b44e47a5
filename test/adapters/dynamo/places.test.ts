import { expect, test } from '@jest/globals';
import { dynamoRecords } from '../../../lambdas/adapters/dynamo/records.ts';
import { commitPlaced, countPlaces, placeIn } from '../../../lambdas/govern/places.ts';
import type { Change } from '../../../lambdas/ports/table.ts';
import { testTiers } from '../../support/memory.ts';
import { aKey, aServer, noon } from '../../support/records.ts';
import { tableOfFile } from '../../support/table.ts';

const it = tableOfFile();
const records = () => dynamoRecords(it.table);
const take = (org: string): Change => placeIn(testTiers, { id: org, tier: 'free' }, 'server');
const free = (org: string): Change => ({ do: 'free_place', what: 'server', org_id: org });
const activation = (org_id: string, alias: string): readonly Change[] => [
  { do: 'create', kind: 'server', record: aServer({ org_id, alias }) },
  { do: 'take_name', org_id, name: alias, holder: { kind: 'server', id: `srv_${alias}` } },
  take(org_id),
];

test('of twenty activations at once exactly three are written, and the others wrote nothing', async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, at) =>
      commitPlaced({ records: records(), now: noon }, [], activation('org_many', `s${at}`)),
    ),
  );
  expect(answers.filter((met) => met === undefined)).toHaveLength(3);
  for (const met of answers) if (met) expect(met).toMatchObject({ index: 2, met: { used: 3 } });
  expect((await records().directory('org_many')).servers).toHaveLength(3);
  expect((await records().places('org_many', 'server'))?.used).toBe(3);
  const refused = answers.findIndex((met) => met !== undefined);
  const withoutPlace = activation('org_many', `s${refused}`).slice(0, 2);
  expect(await records().commit([], withoutPlace)).toBeUndefined();
});

test('a counter that is not there takes and frees nothing; the conflict says so', async () => {
  expect(await records().commit([], [take('org_none')])).toEqual({ index: 0, change: take('org_none') });
  expect(await records().commit([], [free('org_none')])).toEqual({ index: 0, change: free('org_none') });
  expect(await records().places('org_none', 'server')).toBeUndefined();
});

test('a counter that is full or at nought is met as it stands', async () => {
  const org = 'org_full';
  await records().recount(org, 'server', undefined, 3);
  expect(await records().commit([], [take(org)])).toMatchObject({ met: { used: 3 } });
  for (let left = 2; left >= 0; left--) {
    expect(await records().commit([], [free(org)])).toBeUndefined();
    expect((await records().places(org, 'server'))?.used).toBe(left);
  }
  expect(await records().commit([], [free(org)])).toMatchObject({ met: { used: 0 } });
});

test('what was counted before a counter changed is not written', async () => {
  const org = 'org_late';
  await records().recount(org, 'server', undefined, 1);
  await records().recount(org, 'server', undefined, 9);
  const seen = await records().places(org, 'server');
  await records().commit([], [free(org)]);
  await records().commit([], [take(org)]);
  await records().recount(org, 'server', seen, 9);
  expect((await records().places(org, 'server'))?.used).toBe(1);
  await records().recount(org, 'server', await records().places(org, 'server'), 2);
  expect((await records().places(org, 'server'))?.used).toBe(2);
});

test('live keys are counted over the pages of the index', async () => {
  const org_id = 'org_keys';
  for (let at = 0; at < 5; at++)
    await records().commit([], [{ do: 'create', kind: 'key', record: aKey({ org_id, id: `Place${at}` }) }]);
  const revoked_at = '2026-01-02T00:00:00.000Z';
  await records().commit([], [{ do: 'create', kind: 'key', record: aKey({ org_id, id: 'Gone', revoked_at }) }]);
  const paged: Parameters<typeof countPlaces>[0] = {
    ...records(),
    list: (kind, orgId, page) => records().list(kind, orgId, { ...page, limit: 2 }),
  };
  expect(await countPlaces(paged, org_id, 'key', noon)).toBe(5);
});
