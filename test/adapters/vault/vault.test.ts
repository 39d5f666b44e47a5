import { CreateSecretCommand, DeleteSecretCommand, DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { secretsManager } from '../../../lambdas/adapters/vault/client.ts';
import { secretsVault } from '../../../lambdas/adapters/vault/vault.ts';
import { type Local, startLocal } from './local.ts';

let local: Local;
beforeAll(async () => {
  local = await startLocal();
  process.env['SECRET_PREFIX'] = 'xct/test/';
  process.env['VAULT_KEY_ARN'] = 'arn:aws:kms:us-east-1:123456789012:key/1';
});
afterAll(() => local.close());

const serverOf = (id: string) => ({ org_id: 'org_a', id });
const credential = { origin: 'https://a.co', secret: 'one' };

test('a credential is stored under its org and server, with key and tags, and read back', async () => {
  const vault = secretsVault(() => 0);
  await vault.write(serverOf('srv_1'), credential);
  expect(await secretsVault(() => 0).read(serverOf('srv_1'))).toEqual(credential);
  const described = await secretsManager().send(new DescribeSecretCommand({ SecretId: 'xct/test/org_a/srv_1' }));
  expect([described.KmsKeyId, described.Tags]).toEqual([
    process.env['VAULT_KEY_ARN'],
    [
      { Key: 'xct:org', Value: 'org_a' },
      { Key: 'xct:server', Value: 'srv_1' },
    ],
  ]);
});

test('a credential is read from memory for five minutes, and fresh when asked', async () => {
  let now = 0;
  const [vault, other] = [secretsVault(() => now), secretsVault(() => now)];
  await vault.write(serverOf('srv_2'), credential);
  await other.write(serverOf('srv_2'), { ...credential, secret: 'two' });
  now = 299_999;
  expect(await vault.read(serverOf('srv_2'))).toEqual(credential);
  expect(await vault.read(serverOf('srv_2'), { fresh: true })).toEqual({ ...credential, secret: 'two' });
  await other.write(serverOf('srv_2'), { ...credential, secret: 'three' });
  now = 600_000;
  expect(await vault.read(serverOf('srv_2'))).toEqual({ ...credential, secret: 'three' });
});

test('a removed credential is gone at once, may be removed twice and written again', async () => {
  const vault = secretsVault(() => 0);
  await vault.write(serverOf('srv_3'), credential);
  await vault.remove(serverOf('srv_3'));
  await vault.remove(serverOf('srv_3'));
  expect(await vault.read(serverOf('srv_3'))).toBeUndefined();
  await vault.write(serverOf('srv_3'), credential);
  expect(await vault.read(serverOf('srv_3'), { fresh: true })).toEqual(credential);
});

test('a name that waits for its deletion reads as absent and is taken back by a write', async () => {
  const vault = secretsVault(() => 0);
  await vault.write(serverOf('srv_4'), credential);
  await secretsManager().send(new DeleteSecretCommand({ SecretId: 'xct/test/org_a/srv_4' }));
  expect(await vault.read(serverOf('srv_4'), { fresh: true })).toBeUndefined();
  await vault.write(serverOf('srv_4'), { ...credential, secret: 'new' });
  expect(await vault.read(serverOf('srv_4'), { fresh: true })).toEqual({ ...credential, secret: 'new' });
});

test('LK-02 a secret of another form throws, and the error says nothing of it', async () => {
  for (const [id, text] of Object.entries({ srv_5: '{"origin":"x","secret":1,"canary":2}', srv_6: 'canary' })) {
    await secretsManager().send(new CreateSecretCommand({ Name: `xct/test/org_a/${id}`, SecretString: text }));
    const failure = await secretsVault(() => 0)
      .read(serverOf(id))
      .catch(String);
    expect(failure).toMatch(/^Error: A (?:stored credential|secret) does not/);
    expect(failure).not.toContain('canary');
  }
});

test('check passes while the service answers', async () => {
  expect(await secretsVault(() => 0).check()).toBeUndefined();
});
