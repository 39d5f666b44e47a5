import { ListExecutionsCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { expect, test } from '@jest/globals';
import { startStepFunctions } from '../../../../local/emulators/step-functions/start.ts';
import { manualClock } from '../../manual-clock.ts';
import { definition, invoke, machineArn, tell, world } from './world.ts';

const hour = { Hour: { Type: 'Wait', Seconds: 3600, End: true } };

test('the same name and input start one execution while it runs; afterwards and with another input the name is taken', async () => {
  const { start, in: waits, clock, ended, emulator } = await world(hour);
  const arn = await start({ a: 1 }, 'name');
  expect(await start({ a: 1 }, 'name')).toBe(arn);
  expect(emulator.executions()).toHaveLength(1);
  await expect(start({ a: 2 }, 'name')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
  await waits(arn, 'Hour');
  clock.advance(3_600_000);
  await ended(arn);
  await expect(start({ a: 1 }, 'name')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
});

test('a machine, a name, an input and an execution that AWS does not know are refused as there', async () => {
  const { client, start, describe } = await world(hour);
  const send = (given: object) => client.send(new StartExecutionCommand({ stateMachineArn: machineArn, ...given }));
  await expect(send({ stateMachineArn: `${machineArn}Else` })).rejects.toMatchObject({
    name: 'StateMachineDoesNotExist',
  });
  await expect(send({ input: '{' })).rejects.toMatchObject({ name: 'InvalidExecutionInput' });
  await expect(start({}, 'with space')).rejects.toMatchObject({ name: 'InvalidName' });
  await expect(describe('arn:nobody')).rejects.toMatchObject({ name: 'ExecutionDoesNotExist' });
});

test('executions are listed by status', async () => {
  const { client, start, ended } = await world({
    Which: {
      Type: 'Choice',
      Choices: [{ Condition: '{% $states.input.wait %}', Next: 'Hour' }],
      Default: 'Done',
    },
    ...hour,
    Done: { Type: 'Succeed' },
  });
  await start({ wait: true }, 'waits');
  await ended(await start({ wait: false }, 'ends'));
  const list = new ListExecutionsCommand({ stateMachineArn: machineArn, statusFilter: 'RUNNING' });
  const { executions = [] } = await client.send(list);
  expect(executions.map(({ name }) => name)).toEqual(['waits']);
});

test('200 executions at once all end', async () => {
  const { start, ended } = await world({
    Ask: { Type: 'Task', Resource: invoke, Arguments: tell, End: true },
  });
  const arns = await Promise.all(Array.from({ length: 200 }, (_, n) => start({ n })));
  const statuses = await Promise.all(arns.map(async (arn) => (await ended(arn)).status));
  expect(new Set(statuses)).toEqual(new Set(['SUCCEEDED']));
});

test('a definition that cannot be run as it stands stops the start', async () => {
  const refused = (States: Record<string, unknown>, more = {}) =>
    expect(
      startStepFunctions({
        machines: [{ arn: machineArn, definition: definition(States, more) }],
        tasks: { 'lambda:invoke': async () => null, 'events:putEvents': async () => null },
        clock: manualClock(),
      }),
    ).rejects;
  const pass = { Type: 'Pass', End: true };
  await refused({ A: { Type: 'Map', ItemProcessor: { StartAt: 'B', States: { B: pass } }, End: true } }).toThrow(
    'Main',
  );
  await refused({ A: { Type: 'Parallel', Branches: [{ StartAt: 'B', States: { B: pass } }], End: true } }).toThrow('A');
  await refused({ A: { ...pass, Next: 'Nowhere', End: undefined } }).toThrow('Nowhere');
  await refused({ A: { ...pass, Surprise: 1 } }).toThrow();
  await refused({ A: pass }, { QueryLanguage: 'JSONPath' }).toThrow('QueryLanguage');
  await refused({ A: { ...pass, Output: '{% $range(1, 3, 1) %}' } }).toThrow('$range');
  await refused({ A: { ...pass, Output: '{% ( %}' } }).toThrow();
  const task = (Resource: string) => refused({ A: { Type: 'Task', Resource, Arguments: {}, End: true } });
  await task('arn:aws:states:::sqs:sendMessage').toThrow('sqs:sendMessage');
  await task('arn:aws:states:::events:putEvents.waitForTaskToken').toThrow('events:putEvents');
});
