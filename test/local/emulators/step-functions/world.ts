import {
  DescribeExecutionCommand,
  type DescribeExecutionOutput,
  GetExecutionHistoryCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterEach } from '@jest/globals';
import { localClient } from '../../../../local/aws.ts';
import type { Perform } from '../../../../local/emulators/step-functions/executions.ts';
import { startStepFunctions } from '../../../../local/emulators/step-functions/start.ts';
import { manualClock } from '../../manual-clock.ts';
import { until } from '../../until.ts';

type Json = Record<string, unknown>;

export const invoke = 'arn:aws:states:::lambda:invoke';
export const invokeAndWait = `${invoke}.waitForTaskToken`;
export const machineArn = 'arn:aws:states:us-east-1:123456789012:stateMachine:Main';

/** Arguments of a task that tells its function what it sees. */
export const tell = { FunctionName: 'fn', Payload: { input: '{% $states.input %}' } };
/** Arguments of a task that hands over its token. */
export const tellToken = { FunctionName: 'fn', Payload: { token: '{% $states.context.Task.Token %}' } };

/** A definition in JSONata that starts at its first state. */
export const definition = (States: Json, more: Json = {}): string =>
  JSON.stringify({ QueryLanguage: 'JSONata', StartAt: Object.keys(States)[0], States, ...more });

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const it of opened.splice(0)) await it.close();
});

/** Step Functions with one machine, a clock that stands still, and `fn` in the place of every Lambda function. */
export async function world(
  States: Json,
  fn: (payload: any) => unknown = () => null,
  { more = {}, folder }: { readonly more?: Json; readonly folder?: string } = {},
) {
  const clock = manualClock();
  const perform: Perform = async (parameters) => ({ Payload: await fn((parameters as { Payload: unknown }).Payload) });
  const machines = [{ arn: machineArn, definition: definition(States, more) }];
  const emulator = await startStepFunctions({ machines, tasks: { 'lambda:invoke': perform }, clock, folder });
  emulator.resume();
  const client = new SFNClient({ ...localClient(emulator.endpoint), maxAttempts: 1 });
  opened.push({ close: () => client.destroy() }, emulator);

  const executionOf = (arn: string) => emulator.executions().find((execution) => execution.arn === arn);
  const describe = (executionArn: string) => client.send(new DescribeExecutionCommand({ executionArn }));
  const start = async (input: unknown = {}, name?: string): Promise<string> => {
    const given = {
      stateMachineArn: machineArn,
      input: JSON.stringify(input),
      ...(name === undefined ? {} : { name }),
    };
    return (await client.send(new StartExecutionCommand(given))).executionArn!;
  };
  const ended = async (arn: string): Promise<DescribeExecutionOutput> => {
    await until(() => executionOf(arn)?.status !== 'RUNNING');
    return describe(arn);
  };
  return {
    client,
    clock,
    emulator,
    start,
    describe,
    ended,
    /** What an execution hands on at its end; throws when it did not succeed. */
    async run(input: unknown = {}): Promise<unknown> {
      const { output, error, cause } = await ended(await start(input));
      if (output === undefined) throw new Error(`${error}: ${cause}`);
      return JSON.parse(output);
    },
    /** Resolves when the execution has begun to wait in that state. */
    in: (arn: string, state: string) =>
      until(() => {
        const step = executionOf(arn)?.step;
        return step?.state === state && (step.wakeAt !== undefined || step.task !== undefined);
      }),
    /** Resolves with the moment until which the execution pauses. */
    pausedUntil: (arn: string) =>
      until(() => {
        const wakeAt = executionOf(arn)?.step.wakeAt ?? 0;
        return wakeAt > clock.now() && wakeAt;
      }) as Promise<number>,
    async history(executionArn: string) {
      const { events = [] } = await client.send(new GetExecutionHistoryCommand({ executionArn }));
      return events;
    },
  };
}
