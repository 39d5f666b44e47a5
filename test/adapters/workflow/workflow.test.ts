import { afterEach, expect, test } from '@jest/globals';
import { approvalMachine } from '../../../lambdas/adapters/workflow/machine.ts';
import { eventBridge } from '../../../lambdas/adapters/workflow/notices.ts';
import { startEventBridge } from '../../../local/emulators/event-bridge/start.ts';
import { invokeAndWait, machineArn, tellToken, world } from '../../local/emulators/step-functions/world.ts';
import { manualClock } from '../../local/manual-clock.ts';
import { until } from '../../local/until.ts';

const work = { org_id: 'default', submission_id: 'sub_1', revision: 2 };
const credentials = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };
afterEach(() => {
  for (const name of ['APPROVAL_MACHINE', 'EVENT_SOURCE']) delete process.env[name];
});

test('AP-08, AP-17: a revision runs once; its wait ends once; a token that is over, or nobody’s, is no fault', async () => {
  const tokens: string[] = [];
  const states = {
    Wait: { Type: 'Task', Resource: invokeAndWait, Arguments: tellToken, TimeoutSeconds: 100, End: true },
  };
  const { emulator, clock } = await world(states, ({ token }) => tokens.push(token));
  Object.assign(process.env, { ...credentials, AWS_ENDPOINT_URL_SFN: emulator.endpoint });
  await expect(approvalMachine.start(work)).rejects.toThrow('APPROVAL_MACHINE is not set.');
  process.env['APPROVAL_MACHINE'] = machineArn;
  expect([await approvalMachine.start(work), await approvalMachine.start(work)]).toEqual([true, true]);
  expect(emulator.executions().map(({ name, input }) => [name, JSON.parse(input)])).toEqual([['sub_1-r2', work]]);
  await until(() => tokens.length > 0);
  const answers = await Promise.all(
    ['approved', 'rejected'].map((one) => approvalMachine.answer(tokens[0]!, one as never)),
  );
  expect(answers.filter(Boolean)).toHaveLength(1);
  await until(() => emulator.executions()[0]?.status === 'SUCCEEDED');
  expect(await approvalMachine.answer(tokens[0]!, 'rejected')).toBe(false);
  expect(await approvalMachine.answer('garbage', 'approved')).toBe(false);
  expect(await approvalMachine.start(work)).toBe(false);
  expect(await approvalMachine.start({ ...work, revision: 3 })).toBe(true);
  await until(() => tokens.length === 2);
  clock.advance(200_000);
  await until(() => emulator.executions().every(({ status }) => status !== 'RUNNING'));
  expect(await approvalMachine.answer(tokens[1]!, 'approved')).toBe(false);
  await emulator.faults.failNext('SendTaskSuccess', 'ThrottlingException', 9);
  await expect(approvalMachine.answer('garbage', 'approved')).rejects.toThrow();
});

test('a notice goes to the event bus with its stage and its type', async () => {
  const seen: unknown[] = [];
  const bus = await startEventBridge((event) => void seen.push(event), manualClock());
  Object.assign(process.env, { ...credentials, AWS_ENDPOINT_URL_EVENTBRIDGE: bus.endpoint });
  const event = {
    id: 'evt_1',
    org_id: 'default',
    at: '2026-11-24T09:30:00.000Z',
    type: 'submission.created',
    subject: { kind: 'submission', id: 'sub_1', alias: 'wanted' },
    facts: {},
  } as const;
  await expect(eventBridge().tell(event)).rejects.toThrow('EVENT_SOURCE is not set.');
  process.env['EVENT_SOURCE'] = 'xct.test';
  await eventBridge().tell(event);
  expect(seen).toMatchObject([{ source: 'xct.test', 'detail-type': 'submission.created', detail: event }]);
  await bus.close();
});
