import { expect, test } from '@jest/globals';
import { deployed, only, resources } from '../template.ts';

const template = deployed('dev');
const secrets = new Map(
  resources(template, 'AWS::SecretsManager::Secret').map(([id, { Properties }]) => [
    id.replace(/^Vault(\w+)........$/, '$1'),
    Properties,
  ]),
);

test('the deployment has four secrets of its own, drawn by Secrets Manager, 64 letters and digits each', () => {
  expect([...secrets.keys()]).toEqual(['Pepper', 'Seal', 'Bootstrap', 'Origin']);
  for (const { GenerateSecretString } of secrets.values())
    expect(GenerateSecretString).toMatchObject({ PasswordLength: 64, ExcludePunctuation: true });
});

test.each(['Pepper', 'Seal'])('%s is versioned: it names the version in use', (name) => {
  expect(secrets.get(name).GenerateSecretString).toMatchObject({
    SecretStringTemplate: '{"current":"1"}',
    GenerateStringKey: '1',
  });
});

test.each(['Bootstrap', 'Origin'])('%s is a single value', (name) => {
  expect(secrets.get(name).GenerateSecretString).toMatchObject({
    SecretStringTemplate: '{}',
    GenerateStringKey: 'value',
  });
});

test('no secret of the deployment has a name of ours: a deleted name is blocked for days, and none is a credential', () => {
  for (const secret of secrets.values()) expect(secret).not.toHaveProperty('Name');
});

test('IA-08: the key of servers’ credentials turns over every year', () => {
  expect(only(template, 'AWS::KMS::Key').EnableKeyRotation).toBe(true);
});
