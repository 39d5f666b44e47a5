import { randomBytes, randomUUID } from 'node:crypto';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  SecretsManagerClient,
  TagResourceCommand,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Emulator } from '../../../../local/emulators/aws-json.ts';
import { startSecretsManager } from '../../../../local/emulators/secrets-manager/start.ts';
import { emptyFolder } from '../folder.ts';
import { spawned } from '../spawned.ts';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const clientOf = (endpoint: string, maxAttempts = 1) =>
  new SecretsManagerClient({ endpoint, region: 'us-east-1', credentials, maxAttempts });

let emulator: Emulator;
let client: SecretsManagerClient;
beforeAll(async () => {
  emulator = await startSecretsManager();
  client = clientOf(emulator.endpoint);
});
afterAll(async () => {
  client.destroy();
  await emulator.close();
});
const create = (Name: string, SecretString = 'one') => client.send(new CreateSecretCommand({ Name, SecretString }));
const get = (SecretId: string, more = {}) => client.send(new GetSecretValueCommand({ SecretId, ...more }));

test('a secret is found by name, by ARN and by the ARN without its end', async () => {
  const { ARN } = await create('org/found');
  for (const id of ['org/found', ARN!, ARN!.slice(0, -7)]) expect((await get(id)).SecretString).toBe('one');
  const absent = { name: 'ResourceNotFoundException', message: "Secrets Manager can't find the specified secret." };
  await expect(get('org/absent')).rejects.toMatchObject(absent);
});

test('a new value takes AWSCURRENT and leaves AWSPREVIOUS to the one before', async () => {
  const first = await create('org/versions');
  await client.send(new PutSecretValueCommand({ SecretId: 'org/versions', SecretString: 'two' }));
  const third = await client.send(new UpdateSecretCommand({ SecretId: 'org/versions', SecretString: 'three' }));
  expect(await get('org/versions')).toMatchObject({ SecretString: 'three', VersionId: third.VersionId });
  expect((await get('org/versions', { VersionStage: 'AWSPREVIOUS' })).SecretString).toBe('two');
  expect(await get('org/versions', { VersionId: first.VersionId })).toMatchObject({ SecretString: 'one' });
  await expect(get('org/versions', { VersionId: randomUUID() })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  const { VersionIdsToStages } = await client.send(new DescribeSecretCommand({ SecretId: 'org/versions' }));
  expect(
    Object.values(VersionIdsToStages ?? {})
      .flat()
      .sort(),
  ).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
});

test('a repeated request changes nothing and the same token with another value is refused', async () => {
  const ClientRequestToken = randomUUID();
  const made = new CreateSecretCommand({ Name: 'org/again', SecretString: 'one', ClientRequestToken });
  const { ARN } = await client.send(made);
  expect((await client.send(made)).ARN).toBe(ARN);
  await client.send(new PutSecretValueCommand({ SecretId: 'org/again', SecretString: 'two' }));
  await client.send(new PutSecretValueCommand({ SecretId: 'org/again', SecretString: 'one', ClientRequestToken }));
  expect((await get('org/again')).SecretString).toBe('two');
  const other = new PutSecretValueCommand({ SecretId: 'org/again', SecretString: 'three', ClientRequestToken });
  await expect(client.send(other)).rejects.toMatchObject({ name: 'ResourceExistsException' });
  await expect(create('org/again')).rejects.toMatchObject({ name: 'ResourceExistsException' });
});

test('a deleted secret blocks its name until it is restored or forced out', async () => {
  const SecretId = 'org/deleted';
  await create(SecretId);
  const { DeletionDate } = await client.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 7 }));
  expect(DeletionDate).toBeInstanceOf(Date);
  const blocked = { name: 'InvalidRequestException' };
  await expect(get(SecretId)).rejects.toMatchObject(blocked);
  await expect(create(SecretId)).rejects.toMatchObject(blocked);
  await expect(client.send(new DeleteSecretCommand({ SecretId }))).rejects.toMatchObject(blocked);
  expect((await client.send(new DescribeSecretCommand({ SecretId }))).DeletedDate).toBeInstanceOf(Date);
  await client.send(new RestoreSecretCommand({ SecretId }));
  expect((await get(SecretId)).SecretString).toBe('one');
  const force = new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true });
  await client.send(force);
  await client.send(force);
  await create(SecretId, 'anew');
  expect((await get(SecretId)).SecretString).toBe('anew');
});

test('key and tags are kept; a recovery window of five days, an empty and an over-long text are refused', async () => {
  const SecretId = 'org/tagged';
  const Tags = [{ Key: 'org', Value: 'default' }];
  await client.send(new CreateSecretCommand({ Name: SecretId, SecretString: 'x', KmsKeyId: 'alias/x', Tags }));
  await client.send(
    new TagResourceCommand({
      SecretId,
      Tags: [
        { Key: 'org', Value: 'other' },
        { Key: 'b', Value: '' },
      ],
    }),
  );
  expect(await client.send(new DescribeSecretCommand({ SecretId }))).toMatchObject({
    KmsKeyId: 'alias/x',
    Tags: [
      { Key: 'org', Value: 'other' },
      { Key: 'b', Value: '' },
    ],
  });
  const soon = new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 5 });
  await expect(client.send(soon)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  for (const SecretString of ['', 'a'.repeat(65_537)])
    await expect(client.send(new PutSecretValueCommand({ SecretId, SecretString }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
});

test('secrets survive kill -9, unreadable on disk and readable by their owner only', async () => {
  const folder = await emptyFolder();
  const module = '../../../local/emulators/secrets-manager/start.ts';
  const first = await spawned(module, 'startSecretsManager', folder);
  const before = clientOf(first.endpoint);
  await before.send(new CreateSecretCommand({ Name: 'org/kept', SecretString: 'plain-text-canary' }));
  await first.kill();
  before.destroy();
  for (const name of ['secrets.bin', 'secrets.key']) {
    expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
    expect((await readFile(join(folder, name))).includes('canary')).toBe(false);
  }
  const second = await startSecretsManager({ folder });
  const after = clientOf(second.endpoint);
  const { SecretString } = await after.send(new GetSecretValueCommand({ SecretId: 'org/kept' }));
  expect(SecretString).toBe('plain-text-canary');
  after.destroy();
  await second.close();
});

test('a wrong key, a damaged file and a lost key are refused at the start', async () => {
  const folder = await emptyFolder();
  const made = await startSecretsManager({ folder });
  const by = clientOf(made.endpoint);
  await by.send(new CreateSecretCommand({ Name: 'org/locked', SecretString: 'x' }));
  by.destroy();
  await made.close();
  const key = await readFile(join(folder, 'secrets.key'));
  const file = await readFile(join(folder, 'secrets.bin'));
  await writeFile(join(folder, 'secrets.key'), randomBytes(32));
  await expect(startSecretsManager({ folder })).rejects.toThrow('does not open');
  await writeFile(join(folder, 'secrets.key'), key);
  await writeFile(join(folder, 'secrets.bin'), file.subarray(0, -1));
  await expect(startSecretsManager({ folder })).rejects.toThrow('does not open');
  await writeFile(join(folder, 'secrets.bin'), file);
  await rm(join(folder, 'secrets.key'));
  await expect(startSecretsManager({ folder })).rejects.toThrow('secrets.key is gone');
});

test('faults are answered as ordered, each request is counted and told', async () => {
  const told: string[] = [];
  const own = await startSecretsManager({ onRequest: (operation) => told.push(operation) });
  const patient = clientOf(own.endpoint, 3);
  await patient.send(new CreateSecretCommand({ Name: 'org/x', SecretString: 'x' }));
  await own.faults.failNext('GetSecretValue', 'InternalServiceError');
  expect((await patient.send(new GetSecretValueCommand({ SecretId: 'org/x' }))).SecretString).toBe('x');
  await own.faults.failNext('GetSecretValue', 'DecryptionFailure');
  await expect(patient.send(new GetSecretValueCommand({ SecretId: 'org/x' }))).rejects.toMatchObject({
    name: 'DecryptionFailure',
  });
  expect(await own.counts()).toEqual({ CreateSecret: 1, GetSecretValue: 3 });
  expect(told).toHaveLength(4);
  patient.destroy();
  await own.close();
});
