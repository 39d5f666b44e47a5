import { createRequire } from 'node:module';
import { expect, test } from '@jest/globals';
import { reviewDays } from '../../../lambdas/domain/approval/submission.ts';
import { deployed, machineNamed, only, resources } from '../template.ts';

/** It ships no types. */
const aslValidator = createRequire(import.meta.url)('asl-validator');

const template = deployed('dev');
const machine = machineNamed(template, 'approval');
const text: string = machine.DefinitionString['Fn::Join'][1]
  .map((part: unknown) => (typeof part === 'string' ? part : 'aws'))
  .join('');
const definition = JSON.parse(text);
const tasks = Object.entries<any>(definition.States).filter(([, { Type }]) => Type === 'Task');

test('the definition is one that the validator of the States language accepts', () => {
  expect(aslValidator(definition)).toMatchObject({ isValid: true, errors: [] });
});

test('AP-09: the machine is Standard, traced, and logs no data: a parameter holds the task token', () => {
  expect(machine).toMatchObject({
    StateMachineType: 'STANDARD',
    StateMachineName: 'xct-dev-approval',
    TracingConfiguration: { Enabled: true },
    LoggingConfiguration: { IncludeExecutionData: false, Level: 'ALL' },
  });
});

test('LK-06: a step is given ids and a revision, and the one that waits its token; nothing else', () => {
  for (const [, { Arguments }] of tasks) {
    const { step, task_token, ...ids } = Arguments.Payload;
    expect(Object.keys(ids)).toEqual(['org_id', 'submission_id', 'revision']);
    expect(task_token === undefined).toBe(step !== 'park');
  }
});

test('every task is tried again, and none repeats what ran out of time', () => {
  for (const [, { Retry }] of tasks) expect(Retry[0].ErrorEquals).toEqual(['States.TaskFailed']);
});

test('the wait ends with the review’s time, and then the submission expires', () => {
  const { AwaitDecision } = definition.States;
  expect(AwaitDecision).toMatchObject({
    Resource: expect.stringContaining(':states:::lambda:invoke.waitForTaskToken'),
    TimeoutSeconds: reviewDays * 24 * 60 * 60,
    Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Expire' }],
  });
});

test('whoever subscribes is told of every notice of this stage, over TLS alone', () => {
  const rules = resources(template, 'AWS::Events::Rule').map(([, { Properties }]) => Properties);
  expect(rules.map(({ EventPattern }) => EventPattern).filter(Boolean)).toEqual([{ source: ['xct.dev'] }]);
  const policy = only(template, 'AWS::SNS::TopicPolicy').PolicyDocument.Statement;
  expect(policy).toContainEqual(
    expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
  );
});

test('sweep and watch run on schedules', () => {
  const scheduled = resources(template, 'AWS::Events::Rule').flatMap(([id, { Properties }]) =>
    id.startsWith('Reviews') && Properties.ScheduleExpression ? [Properties.ScheduleExpression] : [],
  );
  expect(scheduled.sort()).toEqual(['rate(1 hour)', 'rate(5 minutes)']);
});
