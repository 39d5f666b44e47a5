import { expect, test } from '@jest/globals';
import { invoke, tell, world } from './world.ts';

const done = { Type: 'Succeed' };

test('values go from state to state by Output, and round them by Assign', async () => {
  const { run } = await world(
    {
      First: {
        Type: 'Pass',
        Output: { id: '{% $states.input.id %}' },
        Assign: { kept: '{% $states.input.extra %}' },
        Next: 'Ask',
      },
      Ask: {
        Type: 'Task',
        Resource: invoke,
        Arguments: tell,
        Output: '{% $merge([$states.input, $states.result.Payload]) %}',
        Assign: { seen: '{% $states.result.Payload.said %}' },
        Next: 'Last',
      },
      Last: { Type: 'Succeed', Output: { all: ['{% $kept %}', '{% $seen %}', '{% $states.input %}', 'plain'] } },
    },
    ({ input }) => ({ said: `hello ${input.id}` }),
  );
  expect(await run({ id: 'a', extra: [1] })).toEqual({ all: [[1], 'hello a', { id: 'a', said: 'hello a' }, 'plain'] });
});

test('a choice takes the first rule that holds, with its own output, else the default', async () => {
  const { run } = await world({
    Which: {
      Type: 'Choice',
      Choices: [
        {
          Condition: "{% $states.input.verdict = 'approve' %}",
          Output: { chosen: 1 },
          Assign: { by: 'rule' },
          Next: 'End',
        },
        { Condition: '{% $states.input.count > 3 %}', Next: 'End' },
      ],
      Default: 'Other',
    },
    Other: { Type: 'Pass', Output: "{% 'other' %}", End: true },
    End: { Type: 'Succeed', Output: { was: '{% $states.input %}', by: "{% $exists($by) ? $by : 'nobody' %}" } },
  });
  expect(await run({ verdict: 'approve' })).toEqual({ was: { chosen: 1 }, by: 'rule' });
  expect(await run({ count: 4 })).toEqual({ was: { count: 4 }, by: 'nobody' });
  expect(await run({ count: 0 })).toBe('other');
});

test('the context names the execution, its machine and its state', async () => {
  const { start, ended } = await world({ Only: { Type: 'Succeed', Output: '{% $states.context %}' } });
  const { output, executionArn } = await ended(await start({ a: 1 }, 'one'));
  expect(JSON.parse(output!)).toEqual({
    Execution: { Id: executionArn, Input: { a: 1 }, Name: 'one', StartTime: '2026-01-01T00:00:00.000Z' },
    StateMachine: { Id: 'arn:aws:states:us-east-1:123456789012:stateMachine:Main', Name: 'Main' },
    State: { EnteredTime: '2026-01-01T00:00:00.000Z', Name: 'Only', RetryCount: 0 },
  });
});

test("Step Functions' own functions are there", async () => {
  const { run } = await world({
    Only: {
      Type: 'Succeed',
      Output: { id: '{% $uuid() %}', parsed: '{% $parse(\'{"a":[1]}\') %}', hash: "{% $hash('x', 'SHA-256') %}" },
    },
  });
  expect(await run()).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    parsed: { a: [1] },
    hash: '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881',
  });
});

test('a wait lasts its seconds, or until its moment', async () => {
  const {
    start,
    in: waits,
    clock,
    describe,
    ended,
  } = await world({
    Seconds: { Type: 'Wait', Seconds: '{% $states.input.seconds %}', Next: 'Moment' },
    Moment: { Type: 'Wait', Timestamp: '2026-01-20T00:00:00Z', End: true },
  });
  const arn = await start({ seconds: 14 * 86_400 });
  await waits(arn, 'Seconds');
  clock.advance(14 * 86_400_000 - 1);
  expect((await describe(arn)).status).toBe('RUNNING');
  clock.advance(1);
  await waits(arn, 'Moment');
  clock.advance(5 * 86_400_000);
  expect(await ended(arn)).toMatchObject({ status: 'SUCCEEDED', output: '{"seconds":1209600}' });
});

test('a Fail state gives its error and its cause', async () => {
  const { start, ended } = await world({
    No: { Type: 'Fail', Error: 'Rejected', Cause: '{% "for " & $states.input.why %}' },
  });
  expect(await ended(await start({ why: 'a reason' }))).toMatchObject({
    status: 'FAILED',
    error: 'Rejected',
    cause: 'for a reason',
  });
});

test('an expression that fails or says nothing, a choice without a match and too much data end the execution', async () => {
  const errorOf = async (state: Record<string, unknown>, input: unknown = {}) => {
    const { start, ended } = await world({ Only: state, ...(state['Type'] === 'Choice' ? { Done: done } : {}) });
    return (await ended(await start(input))).error;
  };
  const pass = { Type: 'Pass', End: true };
  const choices = [{ Condition: '{% $states.input.no = true %}', Next: 'Done' }];
  expect(await errorOf({ ...pass, Output: '{% $states.input.nothing %}' })).toBe('States.QueryEvaluationError');
  expect(await errorOf({ ...pass, Output: "{% 1 + 'a' %}" })).toBe('States.QueryEvaluationError');
  expect(await errorOf({ Type: 'Choice', Choices: choices })).toBe('States.NoChoiceMatched');
  expect(await errorOf({ ...pass, Output: '{% [1..100000] %}' })).toBe('States.DataLimitExceeded');
});

test('the history tells what happened, and no task arguments', async () => {
  const { start, ended, history } = await world({
    Ask: {
      Type: 'Task',
      Resource: invoke,
      Arguments: { FunctionName: 'fn', Payload: { word: 'unseen' } },
      Next: 'Done',
    },
    Done: done,
  });
  const arn = await start();
  await ended(arn);
  const events = await history(arn);
  expect(events.map(({ type }) => type)).toEqual([
    'ExecutionStarted',
    'TaskStateEntered',
    'TaskScheduled',
    'TaskSucceeded',
    'TaskStateExited',
    'SucceedStateEntered',
    'SucceedStateExited',
    'ExecutionSucceeded',
  ]);
  expect(events[4]?.stateExitedEventDetails).toMatchObject({ name: 'Ask' });
  expect(JSON.stringify(events)).not.toContain('unseen');
});
