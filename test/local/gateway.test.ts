import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeTableCommand, DescribeTimeToLiveCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect, test } from '@jest/globals';
import { localClient } from '../../local/aws.ts';
import { type Gateway, startGateway } from '../../local/gateway.ts';
import { writeAssembly } from './fixture/assembly.ts';
import { manualClock } from './manual-clock.ts';

const dataFolder = () => join(mkdtempSync(join(tmpdir(), 'gateway-')), 'data');
const originSecret = async (gateway: Gateway) => {
  const client = new SecretsManagerClient(localClient(gateway.endpoints.secretsManager));
  return (await client.send(new GetSecretValueCommand({ SecretId: 'Fixture-OriginSecret' }))).SecretString!;
};

test('secrets and tables are made once and kept over a restart; fresh forgets them', async () => {
  const settings = { assembly: writeAssembly(), folder: dataFolder() };
  const first = await startGateway(settings);
  const secret = await originSecret(first);
  expect(JSON.parse(secret)).toEqual({ kind: 'origin', header: expect.stringMatching(/^[A-Za-z0-9]{40}$/) });
  await first.close();
  const second = await startGateway(settings);
  expect(await originSecret(second)).toBe(secret);
  await second.close();
  const third = await startGateway({ ...settings, fresh: true });
  expect(await originSecret(third)).not.toBe(secret);
  await third.close();
});

test('tables have the indexes and the TTL of the template', async () => {
  const gateway = await startGateway({ assembly: writeAssembly() });
  const client = new DynamoDBClient(localClient(gateway.endpoints.dynamodb));
  const { Table } = await client.send(new DescribeTableCommand({ TableName: 'Fixture-Table' }));
  expect(Table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName)).toEqual(['byStatus']);
  const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName: 'Fixture-Table' }));
  expect(TimeToLiveDescription).toMatchObject({ AttributeName: 'ttl', TimeToLiveStatus: 'ENABLED' });
  expect((await gateway.counts()).dynamodb['CreateTable']).toBe(1);
  expect(gateway.outputs).toEqual({ Url: 'table Fixture-Table in us-east-1' });
  await gateway.close();
});

test('a table on disk with other keys than the template stops the start and says how to go on', async () => {
  const folder = dataFolder();
  await (await startGateway({ assembly: writeAssembly(), folder })).close();
  const assembly = writeAssembly((resources) => {
    delete resources['Table']!.Properties['GlobalSecondaryIndexes'];
  });
  await expect(startGateway({ assembly, folder })).rejects.toThrow('--fresh');
  await (await startGateway({ assembly: writeAssembly(), folder })).close();
});

test('a second gateway on the same folder is refused, naming the holder', async () => {
  const settings = { assembly: writeAssembly(), folder: dataFolder() };
  const gateway = await startGateway(settings);
  await expect(startGateway(settings)).rejects.toThrow(`in use by process ${process.pid}`);
  await gateway.close();
});

test('what functions print is kept in files that only the owner reads', async () => {
  const folder = dataFolder();
  const lines: string[] = [];
  const gateway = await startGateway({ assembly: writeAssembly(), folder, onLog: ({ line }) => lines.push(line) });
  await gateway.invoke('echo', {});
  expect(lines).toEqual(['echo 1']);
  await gateway.close();
  expect(readdirSync(join(folder, 'logs'))).toEqual(['echo.log']);
  expect(readFileSync(join(folder, 'logs', 'echo.log'), 'utf8')).toBe('echo 1\n');
  expect(statSync(join(folder, 'logs', 'echo.log')).mode & 0o777).toBe(0o600);
});

test('functions get the loopback allowance and the public URL from the runner, not from the template', async () => {
  const gateway = await startGateway({ assembly: writeAssembly() });
  for (const { spec } of gateway.functions) expect(Object.keys(spec.env)).not.toContain('LOOPBACK_UPSTREAMS');
  const { env } = JSON.parse(await (await fetch(`${gateway.url}/open`)).text());
  expect(env).toMatchObject({ LOOPBACK_UPSTREAMS: 'allow', PUBLIC_URL: gateway.url, TABLE_NAME: 'Fixture-Table' });
  expect(Object.keys(gateway.timings)).toEqual(['stores', 'resources', 'door']);
  await gateway.close();
});

test('scheduled rules fire when the clock says so', async () => {
  const clock = manualClock();
  let heard = () => {};
  const line = new Promise<void>((resolve) => {
    heard = resolve;
  });
  const gateway = await startGateway({ assembly: writeAssembly(), clock, onLog: () => heard() });
  clock.advance(299_999);
  expect(gateway.functions.every((fn) => fn.starts() === 0)).toBe(true);
  clock.advance(1);
  await line;
  expect(gateway.functions.filter((fn) => fn.starts() === 1).map(({ spec }) => spec.shortName)).toEqual(['echo']);
  await gateway.close();
});

test('a schedule that is not a rate, and anything else the runner cannot serve, stops the start', async () => {
  const broken = (id: string, properties: Record<string, unknown>) =>
    startGateway({ assembly: writeAssembly((resources) => Object.assign(resources[id]!.Properties, properties)) });
  await expect(broken('Sweep', { ScheduleExpression: 'cron(0 0 * * ? *)' })).rejects.toThrow('rate(…) only');
  await expect(broken('Authorizer', { AuthorizerResultTtlInSeconds: 300 })).rejects.toThrow(
    'AuthorizerResultTtlInSeconds',
  );
  await expect(broken('GetV1Mcp', { AuthorizationType: 'AWS_IAM' })).rejects.toThrow('AuthorizationType');
  await expect(broken('Echo', { Handler: { 'Fn::ImportValue': 'x' } })).rejects.toThrow('Fn::ImportValue');
});
