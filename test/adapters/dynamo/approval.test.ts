import { expect, test } from '@jest/globals';
import type { GatewayEvent } from '../../../contract/events.ts';
import { dynamoEvents } from '../../../lambdas/adapters/dynamo/events.ts';
import { items } from '../../../lambdas/adapters/dynamo/keys.ts';
import { getItem } from '../../../lambdas/adapters/dynamo/read.ts';
import { dynamoRecords } from '../../../lambdas/adapters/dynamo/records.ts';
import { dynamoReviews } from '../../../lambdas/adapters/dynamo/reviews.ts';
import type { Counted } from '../../../lambdas/ports/table.ts';
import { memorySeal } from '../../support/memory.ts';
import { aSubmission } from '../../support/records.ts';
import { tableOfFile } from '../../support/table.ts';

const it = tableOfFile();
const records = () => dynamoRecords(it.table);
const reviews = (clock = Date.now) => dynamoReviews(it.table, memorySeal(), clock);
const work = (submission_id: string, revision = 1) => ({ org_id: 'default', submission_id, revision });

test('evidence comes back as it was kept, revision by revision, however long it is', async () => {
  const finding = {
    kind: 'size',
    severity: 'low',
    where: 'server',
    evidence: 'ü'.repeat(300),
    explanation: 'x',
  } as const;
  const long = { findings: Array.from({ length: 1_000 }, () => finding) };
  await reviews().keepEvidence(work('sub_1'), long);
  await reviews().keepEvidence(work('sub_1', 2), { findings: [] });
  expect(await reviews().evidence(work('sub_1'))).toEqual(long);
  expect(await reviews().evidence(work('sub_1', 2))).toEqual({ findings: [] });
  expect(await reviews().evidence(work('sub_2'))).toBeUndefined();
});

test('AP-09: a task token is sealed in the table, opens for its own revision alone, and is gone once it is forgotten', async () => {
  await reviews().keepToken(work('sub_t'), 'canary-token');
  await reviews().keepToken(work('sub_t', 2), 'other-token');
  expect(JSON.stringify(await getItem(it.table, items.token('default', 'sub_t', 1)))).not.toContain('canary-token');
  expect(await reviews().tokens('default', 'sub_t')).toEqual([
    { ...work('sub_t'), token: 'canary-token' },
    { ...work('sub_t', 2), token: 'other-token' },
  ]);
  await reviews().forgetToken(work('sub_t'));
  expect(await reviews().tokens('default', 'sub_t')).toEqual([{ ...work('sub_t', 2), token: 'other-token' }]);
  expect(await reviews().tokens('org_other', 'sub_t')).toEqual([]);
  await reviews(() => 0).keepToken(work('sub_t', 3), 'long over');
  expect(await reviews().tokens('default', 'sub_t')).toHaveLength(1);
});

test('a submission is unsettled until its verdict is carried out, and then leaves the index', async () => {
  const unsettled = async () => {
    const found: string[] = [];
    for await (const { submission_id } of reviews().unsettled()) found.push(submission_id);
    return found;
  };
  const before = aSubmission({ id: 'sub_open' });
  await records().commit([], [{ do: 'create', kind: 'submission', record: before }]);
  expect(await unsettled()).toEqual(['sub_open']);
  const record = { ...before, status: 'rejected', concluded: 1, version: 2 } as const;
  await records().commit([], [{ do: 'replace', kind: 'submission', record, was: 1 }]);
  expect(await unsettled()).toEqual([]);
  const again = { ...record, revision: 2, version: 3 };
  await records().commit([], [{ do: 'replace', kind: 'submission', record: again, was: 2 }]);
  expect(await unsettled()).toEqual(['sub_open']);
});

test('of any number that count at once, exactly as many as there may be are counted', async () => {
  const of: Counted = ['OPEN', 'usr_ann'];
  const up = () => records().commit([], [{ do: 'count_up', org_id: 'default', of, most: 5 }]);
  const met = await Promise.all(Array.from({ length: 20 }, up));
  expect(met.filter((one) => one === undefined)).toHaveLength(5);
  expect(met.find((one) => one !== undefined)).toMatchObject({ change: { do: 'count_up' } });
  expect(await records().commit([], [{ do: 'count_down', org_id: 'default', of }])).toBeUndefined();
  expect(await up()).toBeUndefined();
  expect(await up()).toBeDefined();
  const none: Counted = ['OPEN', 'usr_none'];
  expect(await records().commit([], [{ do: 'count_down', org_id: 'default', of: none }])).toBeDefined();
});

test('a count of a day is gone two days later', async () => {
  const of: Counted = ['DAY', '2026-11-24'];
  const until = Date.now() + 60_000;
  await records().commit([], [{ do: 'count_up', org_id: 'default', of, most: 20, until }]);
  expect(await getItem(it.table, items.count('default', of))).toMatchObject({ n: 1, ttl: Math.floor(until / 1000) });
});

test('notices are listed newest first and kept once, however often they are kept', async () => {
  const events = dynamoEvents(it.table);
  const event = (n: number): GatewayEvent => ({
    id: `evt_${n}`,
    org_id: 'default',
    at: `2026-11-24T09:30:0${n}.000Z`,
    type: 'tool.drifted',
    subject: { kind: 'server', id: 'srv_a', alias: 'a' },
    facts: { tools: ['x'] },
  });
  for (const n of [1, 2, 3, 3]) await events.keep(event(n));
  const first = await events.list('default', { limit: 2 });
  expect(first.rows).toEqual([event(3), event(2)]);
  expect((await events.list('default', { limit: 2, after: first.next ?? '' })).rows).toEqual([event(1)]);
  expect((await events.list('org_other', { limit: 2 })).rows).toEqual([]);
});
