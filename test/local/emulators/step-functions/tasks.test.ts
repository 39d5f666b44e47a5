import {
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { expect, test } from '@jest/globals';
import { StateFailure } from '../../../../local/emulators/step-functions/failure.ts';
import { until } from '../../until.ts';
import { invoke, invokeAndWait, tell, tellToken, world } from './world.ts';

const caught = { Type: 'Succeed', Output: '{% $states.input %}' };
const wait = (more: object = {}) => ({
  Type: 'Task',
  Resource: invokeAndWait,
  Arguments: tellToken,
  End: true,
  ...more,
});

/** A world whose function keeps the tokens it was told. */
async function waiting(more: object = {}) {
  const tokens: string[] = [];
  const it = await world(
    { Ask: wait(more), ...('Catch' in more ? { Caught: caught } : {}) },
    ({ token }) => void tokens.push(token),
  );
  const arn = await it.start();
  const token = await until(() => tokens[0]);
  const success = (output: unknown, taskToken = token) =>
    it.client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) }));
  return { ...it, arn, token, tokens, success };
}

test('a task that waits for its token ends with what is sent back, once', async () => {
  const { arn, success, ended, client, token } = await waiting();
  await success({ verdict: 'approve' });
  expect(await ended(arn)).toMatchObject({ status: 'SUCCEEDED', output: '{"verdict":"approve"}' });
  await expect(success({})).rejects.toMatchObject({ name: 'TaskTimedOut' });
  await expect(success({}, 'guess')).rejects.toMatchObject({ name: 'InvalidToken' });
  const broken = new SendTaskSuccessCommand({ taskToken: token, output: '{' });
  await expect(client.send(broken)).rejects.toMatchObject({ name: 'InvalidOutput' });
});

test('of many answers at once one counts', async () => {
  const { arn, success, ended } = await waiting();
  const answers = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => success(n)));
  const won = answers.flatMap(({ status }, n) => (status === 'fulfilled' ? [n] : []));
  expect(won).toHaveLength(1);
  expect((await ended(arn)).output).toBe(String(won[0]));
});

test('a failure that is sent back is caught by its name', async () => {
  const { arn, client, token, ended } = await waiting({ Catch: [{ ErrorEquals: ['Denied'], Next: 'Caught' }] });
  await client.send(new SendTaskFailureCommand({ taskToken: token, error: 'Denied', cause: 'no' }));
  expect(JSON.parse((await ended(arn)).output!)).toEqual({ Error: 'Denied', Cause: 'no' });
});

test('a task that nobody answers times out by the clock', async () => {
  const Catch = [{ ErrorEquals: ['States.Timeout'], Output: '{% $states.errorOutput.Error %}', Next: 'Caught' }];
  const { arn, clock, describe, ended, success } = await waiting({ TimeoutSeconds: 14 * 86_400, Catch });
  clock.advance(14 * 86_400_000 - 1);
  expect((await describe(arn)).status).toBe('RUNNING');
  clock.advance(1);
  expect((await ended(arn)).output).toBe('"States.Timeout"');
  await expect(success({})).rejects.toMatchObject({ name: 'TaskTimedOut' });
});

test('heartbeats keep a task alive, and their absence ends it', async () => {
  const { arn, clock, client, token, describe, ended } = await waiting({ HeartbeatSeconds: 10 });
  for (let beat = 0; beat < 3; beat += 1) {
    clock.advance(9_000);
    await client.send(new SendTaskHeartbeatCommand({ taskToken: token }));
  }
  expect((await describe(arn)).status).toBe('RUNNING');
  clock.advance(10_000);
  expect(await ended(arn)).toMatchObject({ status: 'FAILED', error: 'States.HeartbeatTimeout' });
});

test('a failed task is tried again after growing pauses, with a new token each time', async () => {
  const tokens: string[] = [];
  const Retry = [
    { ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 2, BackoffRate: 3, MaxAttempts: 3, MaxDelaySeconds: 10 },
  ];
  const { start, clock, pausedUntil, ended } = await world({ Ask: wait({ Retry }) }, ({ token }) => {
    tokens.push(token);
    throw new StateFailure('TypeError', 'no such luck');
  });
  const arn = await start();
  const pauses: number[] = [];
  for (let attempt = 1; attempt < 4; attempt += 1) {
    const pause = (await pausedUntil(arn)) - clock.now();
    pauses.push(pause / 1000);
    clock.advance(pause);
  }
  expect(pauses).toEqual([2, 6, 10]);
  expect(await ended(arn)).toMatchObject({ status: 'FAILED', error: 'TypeError', cause: 'no such luck' });
  expect(new Set(tokens).size).toBe(4);
});

test('a retrier that is used up leaves the error to the catcher', async () => {
  const { run } = await world(
    {
      Ask: {
        Type: 'Task',
        Resource: invoke,
        Arguments: tell,
        Retry: [
          { ErrorEquals: ['Other'] },
          { ErrorEquals: ['Flaky'], IntervalSeconds: 0, MaxAttempts: 2, JitterStrategy: 'FULL' },
        ],
        Catch: [
          {
            ErrorEquals: ['States.ALL'],
            Output: { was: '{% $states.errorOutput %}' },
            Assign: { a: 1 },
            Next: 'Caught',
          },
        ],
        End: true,
      },
      Caught: { Type: 'Succeed', Output: { caught: '{% $states.input.was.Error %}', a: '{% $a %}' } },
    },
    () => {
      throw new StateFailure('Flaky');
    },
  );
  expect(await run()).toEqual({ caught: 'Flaky', a: 1 });
});

test('a machine that takes too long is timed out, and what its task answers then is not heard', async () => {
  const { promise, resolve } = Promise.withResolvers();
  const only = { Only: { Type: 'Task', Resource: invoke, Arguments: tell, End: true } };
  const {
    start,
    in: waits,
    clock,
    ended,
    history,
  } = await world(only, () => promise, { more: { TimeoutSeconds: 60 } });
  const arn = await start();
  await waits(arn, 'Only');
  clock.advance(60_000);
  expect((await ended(arn)).status).toBe('TIMED_OUT');
  const before = await history(arn);
  resolve('late');
  await promise;
  expect(await history(arn)).toEqual(before);
});

test('a stopped execution is over', async () => {
  const { arn, client, describe, success } = await waiting();
  await client.send(new StopExecutionCommand({ executionArn: arn, error: 'Withdrawn', cause: 'by hand' }));
  expect(await describe(arn)).toMatchObject({ status: 'ABORTED', error: 'Withdrawn', cause: 'by hand' });
  await expect(success({})).rejects.toMatchObject({ name: 'TaskTimedOut' });
});
