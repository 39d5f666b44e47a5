import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bootstrapToken, originSecret } from '../../../lambdas/adapters/vault/origin.ts';
import { pepperedSecrets } from '../../../lambdas/adapters/vault/pepper.ts';
import { sealer } from '../../../lambdas/adapters/vault/seal.ts';
import { type Local, startLocal } from './local.ts';

const [first, second] = ['1'.repeat(43), '2'.repeat(43)];
let local: Local;
beforeAll(async () => {
  local = await startLocal();
  Object.assign(process.env, {
    PEPPER_SECRET_ID: 'pepper',
    SEAL_SECRET_ID: 'seal',
    ORIGIN_SECRET_ID: 'origin',
    BOOTSTRAP_SECRET_ID: 'boot',
  });
  await local.create('pepper', { current: '1', 1: first });
  await local.create('seal', { current: '1', 1: first });
  await local.create('origin', { value: 'from the door' });
  await local.create('boot', { value: 'token' });
});
afterAll(() => local.close());
const reads = () => local.operations.filter((operation) => operation === 'GetSecretValue').length;

test('an HMAC is SHA-256 under the current pepper, which is read once in five minutes', async () => {
  let now = 0;
  const secrets = pepperedSecrets(() => now);
  const before = reads();
  const expected = { hmac: createHmac('sha256', first).update('key').digest('hex'), pepper: '1' };
  for (now of [0, 100, 299_999]) expect(await secrets.hmac('key')).toEqual(expected);
  expect(reads() - before).toBe(1);
});

test('after a rotation the old pepper still verifies, and a version not known yet is read again', async () => {
  let now = 0;
  const secrets = pepperedSecrets(() => now);
  const old = await secrets.hmac('key');
  await local.put('pepper', { current: '2', 1: first, 2: second });
  now = 20_000;
  expect((await secrets.hmac('key', '2')).pepper).toBe('2');
  expect(await secrets.hmac('key', '1')).toEqual(old);
  expect((await secrets.hmac('key')).pepper).toBe('2');
});

test('an unknown pepper version throws, and does not read the secret at every request', async () => {
  const secrets = pepperedSecrets(() => 0);
  const before = reads();
  for (const version of ['3', 'current', '__proto__', ''])
    await expect(secrets.hmac('key', version)).rejects.toThrow('The pepper has no such version.');
  expect(reads() - before).toBe(1);
});

test('comparison is by content, and different lengths are unequal', () => {
  const { equal } = pepperedSecrets(() => 0);
  expect([equal('ab', 'ab'), equal('ab', 'ac'), equal('ab', 'abc'), equal('', '')]).toEqual([true, false, false, true]);
});

test('random text is base62 of the asked length, every character about as likely', () => {
  const { random } = pepperedSecrets(() => 0);
  expect([0, 1, 32].map((length) => random(length).length)).toEqual([0, 1, 32]);
  const counts = new Map<string, number>();
  for (const char of random(62_000)) counts.set(char, (counts.get(char) ?? 0) + 1);
  expect(counts.size).toBe(62);
  // 1,000 each, standard deviation 32: a bias by the modulus would give the first eight 1,210.
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(200);
});

test('MP-15 a sealed value opens for its purpose and bound only, and not with one character changed', async () => {
  const seal = sealer(() => 0);
  const value = { after: 'x', until: 5, deep: [1, null] };
  const sealed = await seal.seal('cursor', 'org_a', value);
  expect(await seal.open('cursor', 'org_a', sealed)).toEqual(value);
  expect(sealed).not.toBe(await seal.seal('cursor', 'org_a', value));
  expect(await seal.open('cursor', 'org_b', sealed)).toBeUndefined();
  expect(await seal.open('state', 'org_a', sealed)).toBeUndefined();
  for (let at = 0; at < sealed.length; at++)
    for (const char of ['A', 'B', '_', '=', '.', '2']) {
      const changed = sealed.slice(0, at) + char + sealed.slice(at + 1);
      if (changed !== sealed) expect(await seal.open('cursor', 'org_a', changed)).toBeUndefined();
    }
  for (const other of ['', '1', '1.', '1.AAAA', `${sealed}=`, `${sealed}A`, ` ${sealed}`, `current.${sealed.slice(2)}`])
    expect(await seal.open('cursor', 'org_a', other)).toBeUndefined();
});

test('what was sealed before a rotation still opens', async () => {
  let now = 0;
  const seal = sealer(() => now);
  const before = await seal.seal('cursor', 'org_a', 1);
  await local.put('seal', { current: '2', 1: first, 2: second });
  now = 300_000;
  const after = await seal.seal('cursor', 'org_a', 2);
  expect([before[0], after[0]]).toEqual(['1', '2']);
  expect([await seal.open('cursor', 'org_a', before), await seal.open('cursor', 'org_a', after)]).toEqual([1, 2]);
});

test('the origin secret is kept, the bootstrap token is read each time with its age', async () => {
  const read = originSecret(() => 0);
  const before = reads();
  expect([await read(), await read()]).toEqual(['from the door', 'from the door']);
  expect(reads() - before).toBe(1);
  const token = await bootstrapToken();
  expect(token.value).toBe('token');
  expect(Math.abs(Date.now() - token.createdAt)).toBeLessThan(60_000);
});

test('a secret that is not there is a fault that names the variable', async () => {
  process.env['ORIGIN_SECRET_ID'] = 'missing';
  await expect(originSecret(() => 0)()).rejects.toThrow('The secret of ORIGIN_SECRET_ID does not exist.');
});
