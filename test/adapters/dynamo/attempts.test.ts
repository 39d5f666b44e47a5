import { expect, test } from '@jest/globals';
import { dynamoAttempts } from '../../../lambdas/adapters/dynamo/attempts.ts';
import { items } from '../../../lambdas/adapters/dynamo/keys.ts';
import { getItem } from '../../../lambdas/adapters/dynamo/read.ts';
import { parseJson } from '../../../lambdas/domain/protocol/json.ts';
import { memorySeal } from '../../support/memory.ts';
import { tableOfFile } from '../../support/table.ts';

const it = tableOfFile();
const time = { now: Date.now() };
const attempts = () => dynamoAttempts(it.table, memorySeal(), () => time.now);
let count = 0;
const aName = () => ({ org_id: 'default', digest: `a${String(++count).padStart(63, '0')}` });

test('QU-05 of 50 attempts at once one is the first; the others hear that it runs', async () => {
  const name = aName();
  const all = await Promise.all(Array.from({ length: 50 }, () => attempts().begin(name, 'args')));
  expect(all.filter((earlier) => earlier === undefined)).toHaveLength(1);
  expect(all.filter((earlier) => earlier?.state === 'running')).toHaveLength(49);
});

test('a kept outcome comes back as it was, integers beyond a double too, and lies sealed in the table', async () => {
  const name = aName();
  await attempts().begin(name, 'args');
  const outcome = parseJson('{"value":{"result":{"n":12345678901234567890,"secret":"xyzzy"}}}');
  if (!outcome.ok) throw new Error('not parsed');
  await attempts().keep(name, outcome.value);
  expect(await attempts().begin(name, 'other')).toEqual({ request: 'args', state: 'kept', outcome: outcome.value });
  const stored = await getItem(it.table, items.attempt(name.org_id, name.digest));
  expect(JSON.stringify(stored)).not.toContain('xyzzy');
});

test('an outcome over 256 KB is not kept, one below is, whatever it consists of', async () => {
  const [large, dense] = [aName(), aName()];
  for (const name of [large, dense]) await attempts().begin(name, 'args');
  await attempts().keep(large, { value: 'x'.repeat(256 * 1024) });
  expect(await attempts().begin(large, 'args')).toEqual({ request: 'args', state: 'lost' });
  const bytes = Array.from({ length: 180_000 }, (_, n) => (n * 7919 + (n >> 3) * 104_729) & 255);
  const value = Buffer.from(bytes).toString('base64');
  await attempts().keep(dense, { value });
  expect(await attempts().begin(dense, 'args')).toMatchObject({ state: 'kept', outcome: { value } });
});

test('an attempt that was not made is forgotten; one that still runs after 16 minutes is lost; after 24 hours all are new', async () => {
  const name = aName();
  await attempts().begin(name, 'args');
  await attempts().forget(name);
  expect(await attempts().begin(name, 'args')).toBeUndefined();
  time.now += 16 * 60_000 + 1;
  expect(await attempts().begin(name, 'args')).toMatchObject({ state: 'lost' });
  time.now += 24 * 3_600_000;
  expect(await attempts().begin(name, 'args')).toBeUndefined();
});
