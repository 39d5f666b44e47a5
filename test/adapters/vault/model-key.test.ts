import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { modelKeys } from '../../../lambdas/adapters/vault/model-key.ts';
import { noon } from '../../support/records.ts';
import { type Local, startLocal } from './local.ts';

let local: Local;
let now = noon;
beforeAll(async () => {
  local = await startLocal();
  await local.create('models/openai', { api_key: 'first' });
});
afterAll(() => local.close());

test('a provider’s key is read once in five minutes, each under its own name', async () => {
  const keyOf = modelKeys(() => now);
  local.operations.length = 0;
  expect([await keyOf('models/openai'), await keyOf('models/openai')]).toEqual(['first', 'first']);
  expect(local.operations).toHaveLength(1);
  await local.put('models/openai', { api_key: 'second' });
  now += 5 * 60_000;
  expect(await keyOf('models/openai')).toBe('second');
});

test('a secret that is not there or has another form throws, and says nothing of what it holds', async () => {
  await local.create('models/other', { secret: 'hidden' });
  const keyOf = modelKeys(() => now);
  for (const id of ['models/none', 'models/other'])
    await expect(keyOf(id)).rejects.toThrow('The secret of a model holds no api_key.');
});
