import { expect, test } from '@jest/globals';
import { dynamoCounters, takeFrom } from '../../../lambdas/adapters/dynamo/counters.ts';
import type { Claim } from '../../../lambdas/domain/metering/claim.ts';
import { tableOfFile } from '../../support/table.ts';

const it = tableOfFile();

test('counters are read as they stand, in the order asked; one that is not there has used nothing', async () => {
  const claim = (name: string): Claim => ({
    kind: 'calls',
    counter: ['CALLS', name],
    take: 2,
    limit: 10,
    window: { name },
    of: 'the org',
  });
  await takeFrom(it.table, 'org_read', claim('2026-06-01'));
  await takeFrom(it.table, 'org_read', claim('2026-06-02'), 7);
  const names = ['2026-06-02', '2026-06-03', '2026-06-01'].map((day) => ['CALLS', day]);
  expect(await dynamoCounters(it.table).read('org_read', names)).toEqual([7, 0, 2]);
  expect(await dynamoCounters(it.table).read('org_other', names)).toEqual([0, 0, 0]);
});
