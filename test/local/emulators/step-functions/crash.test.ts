import { expect, test } from '@jest/globals';
import type { Execution } from '../../../../local/emulators/step-functions/execution.ts';
import { openExecutions, type Perform } from '../../../../local/emulators/step-functions/executions.ts';
import { stepFunctionsOperations } from '../../../../local/emulators/step-functions/operations.ts';
import { manualClock } from '../../manual-clock.ts';
import { until } from '../../until.ts';
import { emptyFolder } from '../folder.ts';
import { definition, invoke, invokeAndWait, machineArn, tell, tellToken, world } from './world.ts';

const machine = {
  arn: machineArn,
  definition: definition({
    Snapshot: {
      Type: 'Task',
      Resource: invoke,
      Arguments: tell,
      Assign: { hash: '{% $states.result %}' },
      Next: 'Pause',
    },
    Pause: { Type: 'Wait', Seconds: 60, Next: 'Ask' },
    Ask: {
      Type: 'Task',
      Resource: invokeAndWait,
      Arguments: tellToken,
      Catch: [{ ErrorEquals: ['Denied'], Next: 'Activate' }],
      Next: 'Activate',
    },
    Activate: { Type: 'Task', Resource: invoke, Arguments: tell, Output: { hash: '{% $hash %}' }, End: true },
  }),
};

const tokensIn = (asked: readonly unknown[]) => asked.flatMap((payload) => (payload as { token?: string }).token ?? []);

/** Runs until the disk has been written `crashAfter` times, then starts anew from what it holds, and answers how it ended. */
async function runThroughCrash(crashAfter: number) {
  const disk = new Map<string, Execution>();
  const clock = manualClock();
  const asked: unknown[] = [];
  let saves = 0;

  function boot(mayWrite: () => boolean) {
    const perform: Perform = async (parameters) => {
      const { Payload } = parameters as { Payload: { token?: string } };
      asked.push(Payload);
      if (Payload.token === undefined) return 'result';
      setImmediate(() => answer(Payload.token!));
      return null;
    };
    const store = {
      load: () => [...disk.values()],
      save(execution: Execution) {
        if (!mayWrite()) return executions.close();
        saves += 1;
        disk.set(execution.arn, execution);
      },
    };
    const executions = openExecutions(store, { 'lambda:invoke': perform }, clock);
    const operations = stepFunctionsOperations([machine], executions, clock);
    const answer = (taskToken: string) => {
      try {
        operations['SendTaskSuccess']!({ taskToken, output: '"approved"' } as never);
      } catch {
        // told before, or no longer waited for
      }
    };
    executions.resume();
    return { executions, operations, answer };
  }

  const first = boot(() => saves < crashAfter);
  first.operations.StartExecution({ stateMachineArn: machineArn, name: 'one', input: '{"id":1}' });
  const ticking = setInterval(() => clock.advance(60_000), 5);
  const over = () => disk.values().next().value?.status === 'SUCCEEDED';
  await until(() => saves >= crashAfter || over());
  await new Promise((resolve) => setTimeout(resolve, 20)); // what was under way goes nowhere
  first.executions.close();
  if (disk.size === 0) return { saves, ended: undefined, asked };
  const second = boot(() => true);
  // Whoever has an answer to give sends it again: a crash may have swallowed it.
  for (const token of tokensIn(asked)) second.answer(token);
  await until(over);
  clearInterval(ticking);
  return { saves, ended: disk.values().next().value!, asked };
}

test('an execution that is killed after any of its writes ends as if nothing had happened', async () => {
  const { saves: writes } = await runThroughCrash(Infinity);
  expect(writes).toBeGreaterThan(10);
  for (let crashAfter = 1; crashAfter <= writes; crashAfter += 1) {
    const { ended, asked } = await runThroughCrash(crashAfter);
    expect(ended).toMatchObject({ status: 'SUCCEEDED', output: '{"hash":"result"}' });
    expect(new Set(tokensIn(asked)).size).toBe(1);
    expect(asked.length).toBeLessThanOrEqual(4);
  }
});

test('executions live in their folder, whatever their names', async () => {
  const folder = await emptyFolder();
  const states = { Hour: { Type: 'Wait', Seconds: 3600, Output: "{% 'slept' %}", End: true } };
  const first = await world(states, undefined, { folder });
  const arns = [await first.start({}, 'plain'), await first.start({}, 'döner-ß_(1)')];
  for (const arn of arns) await first.in(arn, 'Hour');
  await first.emulator.close();

  const second = await world(states, undefined, { folder });
  second.clock.advance(3_600_000);
  for (const arn of arns) expect(await second.ended(arn)).toMatchObject({ status: 'SUCCEEDED', output: '"slept"' });
});

test('a running execution keeps the definition it was started with', async () => {
  const folder = await emptyFolder();
  const first = await world({ Hour: { Type: 'Wait', Seconds: 3600, Output: "{% 'old' %}", End: true } }, undefined, {
    folder,
  });
  const arn = await first.start();
  await first.in(arn, 'Hour');
  await first.emulator.close();
  const second = await world({ Other: { Type: 'Pass', Output: "{% 'new' %}", End: true } }, undefined, { folder });
  second.clock.advance(3_600_000);
  expect((await second.ended(arn)).output).toBe('"old"');
  expect(await second.run()).toBe('new');
});
