import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterEach, expect, test } from '@jest/globals';
import { localClient } from '../../local/aws.ts';
import { type Gateway, startGateway } from '../../local/gateway.ts';
import { emptyFolder } from './emulators/folder.ts';
import { printed, serve } from './fixture/process.ts';
import { machine, rule, work, workflowAssembly } from './fixture/workflow.ts';
import { manualClock } from './manual-clock.ts';
import { until } from './until.ts';

const machineArn = 'arn:aws:states:us-east-1:123456789012:stateMachine:Fixture-Machine';
const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const it of opened.splice(0).reverse()) await it.close();
});

const startOne = (client: SFNClient, input: unknown = {}) =>
  client.send(new StartExecutionCommand({ stateMachineArn: machineArn, name: 'one', input: JSON.stringify(input) }));
function clientOf({ endpoints }: Pick<Gateway, 'endpoints'>): SFNClient {
  const client = new SFNClient(localClient(endpoints.stepFunctions));
  opened.push({ close: () => client.destroy() });
  return client;
}
async function start(resources: Parameters<typeof workflowAssembly>[0]) {
  const lines: string[] = [];
  const clock = manualClock();
  const onLog = ({ line }: { line: string }) => lines.push(line);
  const gateway = await startGateway({ assembly: workflowAssembly(resources), clock, onLog });
  opened.push(gateway);
  const client = clientOf(gateway);
  return {
    gateway,
    lines,
    clock,
    start: (input?: unknown) => startOne(client, input),
    ended: () => until(() => gateway.executions().find(({ status }) => status !== 'RUNNING')),
  };
}
const token = '{% $states.context.Task.Token %}';
const waits = { Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken', End: true };

test('a state machine invokes functions, which answer its token through their own SDK client', async () => {
  const it = await start({
    Machine: machine({
      Look: work({ id: '{% $states.input.id %}' }, { Output: '{% $states.result.Payload %}', Next: 'Ask' }),
      Ask: work({ token, answer: { verdict: 'approve', for: '{% $states.input.worked %}' } }, waits),
    }),
  });
  await it.start({ id: 'sub-1' });
  expect(await it.ended()).toMatchObject({ status: 'SUCCEEDED', output: '{"verdict":"approve","for":"sub-1"}' });
  expect(await it.gateway.counts()).toMatchObject({ stepFunctions: { StartExecution: 1, SendTaskSuccess: 1 } });
});

test("a function's error is caught by the name of its type", async () => {
  const it = await start({
    Machine: machine({
      Try: work({ way: 'throw' }, { Catch: [{ ErrorEquals: ['TypeError'], Next: 'Caught' }], End: true }),
      Caught: { Type: 'Succeed', Output: '{% $parse($states.input.Cause).errorMessage %}' },
    }),
  });
  await it.start();
  expect((await it.ended()).output).toBe('"no such luck"');
});

test('API keys are made and moved by a state machine, and the door meters by them at once', async () => {
  const value = 'org-key-0123456789012345';
  const call = (action: string, Arguments: object, more: object) => ({
    Type: 'Task',
    Resource: `arn:aws:states:::aws-sdk:apigateway:${action}`,
    Arguments,
    ...more,
  });
  const key = { KeyId: '{% $key %}', KeyType: 'API_KEY' };
  const it = await start({
    Bigger: { Type: 'AWS::ApiGateway::UsagePlan', Properties: { Quota: { Limit: 50, Period: 'DAY' } } },
    Machine: machine({
      Make: call(
        'createApiKey',
        { Name: 'org', Value: value, Enabled: true },
        { Assign: { key: '{% $states.result.Id %}' }, Next: 'Add' },
      ),
      Add: call('createUsagePlanKey', { ...key, UsagePlanId: 'Plan' }, { Next: 'Again' }),
      Again: call(
        'createApiKey',
        { Name: 'org', Value: value },
        {
          Catch: [{ ErrorEquals: ['ApiGateway.ConflictException'], Output: {}, Next: 'Ask' }],
          Next: 'Ask',
        },
      ),
      Ask: work({ token }, { ...waits, Next: 'Remove', End: undefined }),
      Remove: call('deleteUsagePlanKey', { KeyId: '{% $key %}', UsagePlanId: 'Plan' }, { Next: 'Move' }),
      Move: call('createUsagePlanKey', { ...key, UsagePlanId: 'Bigger' }, { End: true }),
    }),
  });
  const post = async () =>
    (
      await fetch(`${it.gateway.url}/metered`, {
        method: 'POST',
        headers: { authorization: 'allow', 'x-usage-key': value },
      })
    ).status;
  expect(await post()).toBe(403);
  await it.start();
  const asked = await until(() =>
    it.gateway.executions().find(({ step }) => step.state === 'Ask' && step.task?.submitted),
  );
  expect([await post(), await post(), await post()]).toEqual([200, 200, 429]);
  const { SendTaskSuccessCommand } = await import('@aws-sdk/client-sfn');
  await clientOf(it.gateway).send(new SendTaskSuccessCommand({ taskToken: asked.step.id, output: '{}' }));
  expect((await it.ended()).status).toBe('SUCCEEDED');
  expect([await post(), await post(), await post()]).toEqual([200, 200, 200]);
});

test('an event that a state machine puts reaches functions, topics and other machines by their rules', async () => {
  const detail = { prefix: 'submission.' };
  const it = await start({
    Machine: machine({
      Put: {
        Type: 'Task',
        Resource: 'arn:aws:states:::events:putEvents',
        Arguments: {
          Entries: [{ Source: 'xct', DetailType: 'submission.created', Detail: { id: '{% $states.input.id %}' } }],
        },
        End: true,
      },
    }),
    Other: machine({ Only: { Type: 'Succeed' } }),
    Rule: rule(
      { EventPattern: { source: ['xct'], 'detail-type': [detail] } },
      { Arn: { 'Fn::GetAtt': ['Work', 'Arn'] }, RetryPolicy: { MaximumRetryAttempts: 2 } },
      {
        Arn: { Ref: 'Other' },
        InputTransformer: { InputPathsMap: { id: '$.detail.id' }, InputTemplate: '{"seen":<id>,"text":"is <id>"}' },
      },
      {
        Arn: { Ref: 'Notices' },
        InputTransformer: { InputPathsMap: { type: '$.detail-type' }, InputTemplate: '"<type>"' },
      },
    ),
    Unrelated: rule({ EventPattern: { source: ['other'] } }, { Arn: { Ref: 'Notices' } }),
  });
  const { executionArn } = await it.start({ id: 'a "b"' });
  const line = await until(() => it.lines.find((text) => text.startsWith('work ')));
  expect(JSON.parse(line.slice(5))).toMatchObject({
    source: 'xct',
    'detail-type': 'submission.created',
    time: '2026-01-01T00:00:00Z',
    resources: [executionArn, machineArn],
    detail: { id: 'a "b"' },
  });
  const other = await until(() =>
    it.gateway.executions().find(({ machineArn }) => machineArn.endsWith('Fixture-Other')),
  );
  expect(JSON.parse(other.input)).toEqual({ seen: 'a "b"', text: 'is a "b"' });
  expect(it.gateway.notices).toEqual([{ topic: 'Fixture-Notices', message: '"submission.created"' }]);
});

test('an event that is not one is refused by its entry', async () => {
  const it = await start({ Rule: rule({ EventPattern: { source: ['xct'] } }, { Arn: { Ref: 'Notices' } }) });
  const client = new EventBridgeClient(localClient(it.gateway.endpoints.eventBridge));
  opened.push({ close: () => client.destroy() });
  const entry = { Source: 'xct', DetailType: 'a', Detail: '{}' };
  const { FailedEntryCount, Entries } = await client.send(
    new PutEventsCommand({
      Entries: [
        entry,
        { ...entry, Detail: '[' },
        { ...entry, Detail: '[]' },
        { ...entry, Source: 'aws.x' },
        { ...entry, EventBusName: 'mine' },
        { Source: 'xct' },
      ],
    }),
  );
  expect(FailedEntryCount).toBe(5);
  expect(Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
    undefined,
    'MalformedDetail',
    'MalformedDetail',
    'NotAuthorizedForSource',
    'InvalidArgument',
    'InvalidArgument',
  ]);
  expect(it.gateway.notices).toHaveLength(1);
  await expect(client.send(new PutEventsCommand({ Entries: [] }))).rejects.toMatchObject({
    name: 'ValidationException',
  });
});

test('a state machine writes to the table, and catches a condition that fails', async () => {
  const put = (next: object) => ({
    Type: 'Task',
    Resource: 'arn:aws:states:::aws-sdk:dynamodb:putItem',
    Arguments: {
      TableName: 'Fixture-Table',
      Item: { pk: { S: 'a' } },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
    ...next,
  });
  const Catch = [{ ErrorEquals: ['DynamoDb.ConditionalCheckFailedException'], Output: "{% 'taken' %}", Next: 'Taken' }];
  const it = await start({
    Machine: machine({ First: put({ Next: 'Second' }), Second: put({ Catch, End: true }), Taken: { Type: 'Succeed' } }),
  });
  await it.start();
  expect(await it.ended()).toMatchObject({ status: 'SUCCEEDED', output: '"taken"' });
});

test('a scheduled rule starts a state machine when its time has come', async () => {
  const it = await start({
    Machine: machine({ Only: { Type: 'Succeed' } }),
    Nightly: rule({ ScheduleExpression: 'rate(1 day)' }, { Arn: { Ref: 'Machine' }, Input: '{"night":true}' }),
  });
  it.clock.advance(86_400_000);
  expect(await it.ended()).toMatchObject({ input: '{"night":true}', status: 'SUCCEEDED' });
});

test('after kill -9 an interrupted task is done again with the same token, and a waiting one still waits', async () => {
  const assembly = workflowAssembly({
    Machine: machine({
      Hang: work({ way: '{% $states.input.way %}', token }, { ...waits, Next: 'Last', End: undefined }),
      Last: work({ id: '{% $states.input.verdict %}' }, { Output: '{% $states.result.Payload %}', End: true }),
    }),
  });
  const folder = await emptyFolder();
  const tokens = () => [...printed(folder, 'work').matchAll(/"token":"([^"]+)"/g)].map(([, found]) => found!);

  const first = await serve(assembly, folder);
  const { executionArn } = await startOne(clientOf(first), { way: 'hang' });
  await until(() => tokens().length === 1);
  await first.kill();

  const second = await serve(assembly, folder);
  await until(() => tokens().length === 2);
  await second.kill();

  const third = clientOf(await serve(assembly, folder));
  const [taskToken, ...others] = tokens();
  expect(new Set(others)).toEqual(new Set([taskToken]));
  const { SendTaskSuccessCommand } = await import('@aws-sdk/client-sfn');
  await third.send(new SendTaskSuccessCommand({ taskToken, output: '{"verdict":"approve"}' }));
  const describe = () => third.send(new DescribeExecutionCommand({ executionArn }));
  await until(async () => (await describe()).status !== 'RUNNING');
  expect(await describe()).toMatchObject({ status: 'SUCCEEDED', output: '{"worked":"approve"}' });
});

test('what the runner cannot serve of a workflow stops the start and is named', async () => {
  const refused = (resources: Parameters<typeof workflowAssembly>[0]) =>
    expect(startGateway({ assembly: workflowAssembly(resources) })).rejects;
  await refused({ Machine: machine({ Only: { Type: 'Succeed' }, Lost: { Type: 'Succeed' } }) }).toThrow('Lost');
  await refused({ Machine: machine({ Only: { ...work({}), Resource: 'arn:aws:states:::sqs:sendMessage' } }) }).toThrow(
    'sqs',
  );
  const express = machine({ Only: { Type: 'Succeed' } });
  Object.assign(express.Properties, { StateMachineType: 'EXPRESS' });
  await refused({ Machine: express }).toThrow('StateMachineType');
  await refused({ Rule: rule({ EventPattern: { a: [{ cidr: '10.0.0.0/8' }] } }) }).toThrow('cidr');
  await refused({ Rule: rule({ EventBusName: 'mine' }) }).toThrow('EventBusName');
  await refused({ Rule: rule({ EventPattern: { a: ['b'] } }, { Arn: 'arn:aws:sqs:us-east-1:1:queue' }) }).toThrow(
    'queue',
  );
  await refused({
    Rule: rule({ EventPattern: { a: ['b'] } }, { Arn: { Ref: 'Notices' }, InputPath: '$.detail' }),
  }).toThrow('InputPath');
});
