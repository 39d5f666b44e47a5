import { BatchWriteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, expect, test } from '@jest/globals';
import { localClient } from '../../../local/aws.ts';
import { type Gateway, startGateway } from '../../../local/gateway.ts';
import { emptyFolder } from '../emulators/folder.ts';
import { fn, writeAssembly } from '../fixture/assembly.ts';
import { printed, serve } from '../fixture/process.ts';
import { until } from '../until.ts';

const mapping = (properties: Record<string, unknown> = {}) => ({
  Type: 'AWS::Lambda::EventSourceMapping',
  Properties: {
    EventSourceArn: { 'Fn::GetAtt': ['Table', 'StreamArn'] },
    FunctionName: { Ref: 'Digest' },
    StartingPosition: 'TRIM_HORIZON',
    ...properties,
  },
});
const assembly = (properties: Record<string, unknown> = {}) =>
  writeAssembly((resources) => Object.assign(resources, { Digest: fn('digest'), Feed: mapping(properties) }));

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const it of open.splice(0).reverse()) await it.close();
});
async function start(properties: Record<string, unknown>) {
  const lines: string[] = [];
  const onLog = ({ line }: { line: string }) => lines.push(line);
  const gateway = await startGateway({ assembly: assembly(properties), onLog });
  open.push(gateway);
  const batches = () => lines.filter((line) => line.startsWith('batch ')).map((line) => line.slice(6));
  return { lines, batches, write: writer(gateway) };
}
function writer({ endpoints }: Pick<Gateway, 'endpoints'>) {
  const client = new DynamoDBClient(localClient(endpoints.dynamodb));
  open.push({ close: () => client.destroy() });
  const item = (pk: string, way?: string) => ({ pk: { S: pk }, ...(way === undefined ? {} : { way: { S: way } }) });
  return {
    one: (pk: string, way?: string) =>
      client.send(new PutItemCommand({ TableName: 'Fixture-Table', Item: item(pk, way) })),
    all: (items: Readonly<Record<string, string | undefined>>) => {
      const puts = Object.entries(items).map(([pk, way]) => ({ PutRequest: { Item: item(pk, way) } }));
      return client.send(new BatchWriteItemCommand({ RequestItems: { 'Fixture-Table': puts } }));
    },
  };
}

test('a function gets the changes of a stream in order, in batches', async () => {
  const { batches, write } = await start({ BatchSize: 3 });
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  await write.all(Object.fromEntries(names.map((name) => [name, undefined])));
  await until(() => batches().join(' ').split(' ').length === names.length);
  expect(batches().join(' ').split(' ').sort()).toEqual(names);
  expect(Math.max(...batches().map((batch) => batch.split(' ').length))).toBeLessThanOrEqual(3);
});

test('a filter keeps out what does not fit', async () => {
  const Pattern = JSON.stringify({ eventName: ['INSERT'], dynamodb: { NewImage: { pk: { S: [{ prefix: 'in' }] } } } });
  const { batches, write } = await start({ FilterCriteria: { Filters: [{ Pattern }] } });
  await write.one('out');
  await write.one('in-1');
  await write.one('in-1', 'changed');
  await write.one('in-2');
  await until(() => batches().join(' ').includes('in-2'));
  expect(batches().join(' ')).toBe('in-1 in-2');
});

test('a batch is cut in two around what fails until that alone is given up', async () => {
  const { lines, batches, write } = await start({ BisectBatchOnFunctionError: true, MaximumRetryAttempts: 1 });
  await write.all({ a: undefined, b: undefined, bad: 'throw', c: undefined });
  await until(() => lines.some((line) => line.startsWith('gave up 1 stream record(s)')));
  await write.one('after');
  await until(() => batches().at(-1) === 'after');
  expect(batches().filter((batch) => batch === 'bad')).toHaveLength(2);
  for (const name of ['a', 'b', 'c']) expect(batches().join(' ')).toContain(name);
});

test('a reported failure brings back that record and what came after, not what came before', async () => {
  const { batches, write } = await start({
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    MaximumBatchingWindowInSeconds: 60,
  });
  await write.one('a');
  await write.one('b', 'report once');
  await write.one('c');
  await until(() => batches().length === 2);
  expect(batches()).toEqual(['a b c', 'b c']);
});

test('without a limit a batch is tried until it works', async () => {
  const { batches, write } = await start({});
  await write.one('a', 'throw once');
  await until(() => batches().length === 2);
  await write.one('b');
  await until(() => batches().length === 3);
  expect(batches()).toEqual(['a', 'a', 'b']);
});

test('changes that were not acknowledged come again after kill -9, the others do not', async () => {
  const folder = await emptyFolder();
  const stack = assembly();
  const first = await serve(stack, folder);
  const before = writer(first);
  await before.one('done');
  await until(() => printed(folder, 'digest').includes('batch done'));
  await before.one('stuck', 'throw');
  await until(() => printed(folder, 'digest').includes('batch stuck'));
  await before.one('behind');
  await first.kill();

  const seen = printed(folder, 'digest').length;
  const second = await serve(stack, folder);
  await until(() => printed(folder, 'digest').slice(seen).includes('batch stuck behind'));
  expect(printed(folder, 'digest').slice(seen)).not.toContain('done');
  await second.kill();
});

test('a mapping the runner cannot serve stops the start', async () => {
  const refused = (properties: Record<string, unknown>) =>
    expect(startGateway({ assembly: assembly(properties) })).rejects;
  await refused({ TumblingWindowInSeconds: 3 }).toThrow('TumblingWindowInSeconds');
  await refused({ FunctionName: 'nobody' }).toThrow('nobody');
  await refused({ EventSourceArn: 'arn:aws:kinesis:x' }).toThrow("no table's stream");
  await refused({ FilterCriteria: { Filters: [{ Pattern: '{"a":[{"numeric":[">",0]}]}' }] } }).toThrow('numeric');
});
