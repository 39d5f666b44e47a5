import { SendTaskSuccessCommand, SFNClient } from '@aws-sdk/client-sfn';
import { afterEach, expect, test } from '@jest/globals';
import { localClient } from '../../../local/aws.ts';
import type { Perform } from '../../../local/emulators/step-functions/executions.ts';
import { StateFailure } from '../../../local/emulators/step-functions/failure.ts';
import { type StepFunctions, startStepFunctions } from '../../../local/emulators/step-functions/start.ts';
import { manualClock } from '../../local/manual-clock.ts';
import { until } from '../../local/until.ts';
import { deployed, machineNamed } from '../template.ts';

const definition: string = machineNamed(deployed('dev'), 'approval')
  .DefinitionString['Fn::Join'][1].map((part: unknown) => (typeof part === 'string' ? part : 'aws'))
  .join('');
const arn = 'arn:aws:states:us-east-1:123456789012:stateMachine:xct-dev-approval';
const input = { org_id: 'default', submission_id: 'sub_1', revision: 1 };
const day = 24 * 60 * 60 * 1000;

let machine: StepFunctions;
let client: SFNClient;
const sent: Promise<unknown>[] = [];
afterEach(async () => {
  await Promise.all(sent.splice(0));
  client.destroy();
  await machine.close();
});

/** Runs the deployed definition: `outcomes` are what concluding finds, in turn; `failing` steps fail as often as told. */
async function run(outcomes: readonly string[], { wakes = true, failing = {} as Record<string, number> } = {}) {
  const clock = manualClock();
  const steps: string[] = [];
  const left = [...outcomes];
  const perform: Perform = async (parameters) => {
    const { step, task_token, ...ids } = (parameters as { Payload: Record<string, string> }).Payload as never as {
      step: string;
      task_token?: string;
    };
    expect(ids).toEqual(input);
    steps.push(step);
    if ((failing[step] ?? 0) > 0) {
      failing[step]! -= 1;
      throw new StateFailure('Sandbox.Timedout', 'too slow');
    }
    if (step === 'park' && wakes)
      setImmediate(() => sent.push(client.send(new SendTaskSuccessCommand({ taskToken: task_token, output: '{}' }))));
    return { Payload: step === 'conclude' ? { outcome: left.shift() } : {} };
  };
  machine = await startStepFunctions({ machines: [{ arn, definition }], tasks: { 'lambda:invoke': perform }, clock });
  client = new SFNClient(localClient(machine.endpoint));
  machine.startExecution(arn, JSON.stringify(input));
  const execution = () => machine.executions()[0]!;
  const states = () =>
    execution().history.flatMap(({ stateEnteredEventDetails: entered }) => (entered ? [entered.name] : []));
  const ended = () => until(() => execution().status !== 'RUNNING');
  return { clock, steps, states, execution, ended };
}

test.each([
  ['approved', 'Activated'],
  ['rejected', 'Rejected'],
  ['changes_requested', 'ChangesRequested'],
  ['withdrawn', 'Withdrawn'],
  ['superseded', 'Superseded'],
])('woken with %s in the table the execution ends in %s', async (outcome, end) => {
  const { steps, states, ended, execution } = await run([outcome]);
  await ended();
  expect(steps).toEqual(['snapshot', 'notify', 'park', 'conclude']);
  expect(states()).toEqual(['Snapshot', 'Notify', 'AwaitDecision', 'Conclude', 'Outcome', end]);
  expect(execution().status).toBe('SUCCEEDED');
});

test('nobody decides for two weeks: the execution expires the submission', async () => {
  const { clock, steps, states, ended } = await run(['expired'], { wakes: false });
  await until(() => steps.includes('park'));
  await until(() => states().at(-1) === 'AwaitDecision');
  clock.advance(14 * day - 1000);
  expect(states().at(-1)).toBe('AwaitDecision');
  clock.advance(2000);
  await ended();
  expect(states().slice(2)).toEqual(['AwaitDecision', 'Expire', 'Conclude', 'Outcome', 'Expired']);
});

test('AP-08: woken without a verdict it waits on; without a place it tries again', async () => {
  const { clock, steps, states, ended } = await run(['pending_review', 'waiting', 'approved']);
  await until(() => states().at(-1) === 'WaitForPlace');
  expect(steps.filter((step) => step === 'park')).toHaveLength(2);
  clock.advance(15 * 60_000);
  await ended();
  expect(states().slice(-5)).toEqual(['Outcome', 'WaitForPlace', 'Conclude', 'Outcome', 'Activated']);
});

test('a snapshot and a notice that cannot be had do not keep the submission from its decision', async () => {
  const { clock, steps, states, ended } = await run(['rejected'], { failing: { snapshot: 11, notify: 11 } });
  while (states().at(-1) !== 'Rejected') {
    clock.advance(60 * 60_000);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await ended();
  expect(steps.filter((step) => step === 'snapshot')).toHaveLength(11);
  expect(steps.filter((step) => step === 'notify')).toHaveLength(11);
});

test('every step of a decided submission is tried again', async () => {
  const { clock, states, ended, execution } = await run(['approved'], { failing: { park: 3, conclude: 3 } });
  while (execution().status === 'RUNNING') {
    clock.advance(60_000);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await ended();
  expect(states().at(-1)).toBe('Activated');
});
