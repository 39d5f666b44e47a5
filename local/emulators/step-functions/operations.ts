import { randomUUID } from 'node:crypto';
import type * as Sdk from '@aws-sdk/client-sfn';
import type { Clock } from '../../clock.ts';
import { AwsError, awsError } from '../aws-error.ts';
import type { AwsJsonService } from '../aws-json.ts';
import { parseDefinition } from './definition.ts';
import { type Execution, end, type TaskOutcome } from './execution.ts';
import { type Executions, newId } from './executions.ts';
import { begun } from './move.ts';

/** A state machine as the template declares it. */
export interface Machine {
  readonly arn: string;
  /** Its definition as JSON text. */
  readonly definition: string;
}

/** Text that Step Functions takes as an execution's name. */
const validName = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u;

function checkJson(text: string, error: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw new AwsError(error, 'The text is not JSON.');
  }
}

const seconds = (milliseconds: number | undefined) => milliseconds && milliseconds / 1000;

const summaryOf = ({ arn, machineArn, name, status, startedAt, stoppedAt }: Execution) => ({
  executionArn: arn,
  stateMachineArn: machineArn,
  name,
  status,
  startDate: seconds(startedAt),
  stopDate: seconds(stoppedAt),
});

/** The emulated operations on what `executions` holds; every change is on disk before it is answered. */
export function stepFunctionsOperations(
  machines: readonly Machine[],
  executions: Executions,
  clock: Clock,
): AwsJsonService['operations'] & { StartExecution(input: Sdk.StartExecutionCommandInput): object } {
  function executionOf(arn: string | undefined): Execution {
    const execution = executions.get(arn ?? '');
    if (execution !== undefined) return execution;
    throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  }
  /** A token is the name of a step; one that is over is told apart from what never was one. */
  function waitingFor(token: string | undefined): Execution {
    const waiting = executions
      .all()
      .find(({ status, step }) => status === 'RUNNING' && step.id === token && step.task?.outcome === undefined);
    if (waiting !== undefined) return waiting;
    if (token?.length !== newId().length) throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
    throw new AwsError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
  }
  function settle(token: string | undefined, outcome: TaskOutcome): object {
    const { arn, step } = waitingFor(token);
    if (!executions.settleTask(arn, step.id, outcome)) throw awsError('ServiceUnavailable'); // it is shutting down
    return {};
  }

  return {
    StartExecution({ stateMachineArn, name = randomUUID(), input = '{}' }) {
      const machine = machines.find(({ arn }) => arn === stateMachineArn);
      if (machine === undefined)
        throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${stateMachineArn}'`);
      if (!validName.test(name)) throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
      checkJson(input, 'InvalidExecutionInput');
      const arn = `${machine.arn.replace(':stateMachine:', ':execution:')}:${name}`;
      const before = executions.get(arn);
      const same = before?.status === 'RUNNING' && before.input === input;
      if (before !== undefined && !same)
        throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
      const now = clock.now();
      if (before === undefined) {
        const turn = { definition: parseDefinition(machine.definition), now, newId, random: Math.random };
        executions.run(begun({ arn, machineArn: machine.arn, name, definition: machine.definition, input }, turn));
      }
      return { executionArn: arn, startDate: seconds(before?.startedAt ?? now) };
    },
    SendTaskSuccess({ taskToken, output = '' }: Sdk.SendTaskSuccessCommandInput) {
      checkJson(output, 'InvalidOutput');
      return settle(taskToken, { ok: true, result: JSON.parse(output) });
    },
    SendTaskFailure: ({ taskToken, error = '', cause = '' }: Sdk.SendTaskFailureCommandInput) =>
      settle(taskToken, { ok: false, error, cause }),
    SendTaskHeartbeat({ taskToken }: Sdk.SendTaskHeartbeatCommandInput) {
      const execution = waitingFor(taskToken);
      const { step } = execution;
      const { heartbeatSeconds } = step.task ?? {};
      if (step.task === undefined || heartbeatSeconds === undefined) return {};
      const task = { ...step.task, heartbeatAt: clock.now() + heartbeatSeconds * 1000 };
      executions.replace(execution, { ...execution, step: { ...step, task } });
      return {};
    },
    StopExecution({ executionArn, error, cause }: Sdk.StopExecutionCommandInput) {
      const execution = executionOf(executionArn);
      const stopped = end(execution, clock.now(), 'ABORTED', { error, cause });
      if (execution.status === 'RUNNING') executions.replace(execution, stopped);
      return { stopDate: seconds(executionOf(executionArn).stoppedAt) };
    },
    DescribeExecution({ executionArn }: Sdk.DescribeExecutionCommandInput) {
      const execution = executionOf(executionArn);
      const { input, output, error, cause } = execution;
      return { ...summaryOf(execution), input, output, error, cause };
    },
    ListExecutions: ({ stateMachineArn, statusFilter, maxResults = 100 }: Sdk.ListExecutionsCommandInput) => ({
      executions: executions
        .all()
        .filter(({ machineArn, status }) => machineArn === stateMachineArn && status === (statusFilter ?? status))
        .sort((one, other) => other.startedAt - one.startedAt)
        .slice(0, maxResults)
        .map(summaryOf),
    }),
    GetExecutionHistory: ({ executionArn }: Sdk.GetExecutionHistoryCommandInput) => ({
      events: executionOf(executionArn).history.map((event) => ({ ...event, timestamp: seconds(event.timestamp) })),
    }),
  };
}
