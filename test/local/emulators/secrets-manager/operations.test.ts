import { expect, test } from '@jest/globals';
import { inMemory } from '../../../../local/emulators/secrets-manager/file.ts';
import { secretsManagerOperations } from '../../../../local/emulators/secrets-manager/operations.ts';

const call = (operations: ReturnType<typeof secretsManagerOperations>, name: string, input: object) =>
  operations[name]!(input as never);

test('when the recovery window has passed the name is free again', () => {
  let now = 1_000_000;
  const operations = secretsManagerOperations(inMemory, () => now);
  call(operations, 'CreateSecret', { Name: 'a', SecretString: 'one' });
  call(operations, 'DeleteSecret', { SecretId: 'a', RecoveryWindowInDays: 7 });
  now += 7 * 86_400 - 1;
  expect(() => call(operations, 'CreateSecret', { Name: 'a', SecretString: 'two' })).toThrow('scheduled for deletion');
  now += 1;
  call(operations, 'CreateSecret', { Name: 'a', SecretString: 'two' });
  expect(call(operations, 'GetSecretValue', { SecretId: 'a' })).toMatchObject({ SecretString: 'two' });
});

test('a change that cannot be saved did not happen', () => {
  let full = false;
  const save = () => {
    if (full) throw new Error('no space left');
  };
  const operations = secretsManagerOperations({ load: () => new Map(), save });
  call(operations, 'CreateSecret', { Name: 'a', SecretString: 'one' });
  full = true;
  expect(() => call(operations, 'PutSecretValue', { SecretId: 'a', SecretString: 'two' })).toThrow('no space left');
  expect(call(operations, 'GetSecretValue', { SecretId: 'a' })).toMatchObject({ SecretString: 'one' });
});
