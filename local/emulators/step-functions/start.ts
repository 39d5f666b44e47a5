import type { Clock } from '../../clock.ts';
import { type Emulator, serveAwsJson } from '../aws-json.ts';
import { actionOf, parseDefinition, waitsForToken } from './definition.ts';
import type { Execution } from './execution.ts';
import { openExecutions, type Perform } from './executions.ts';
import { type Machine, stepFunctionsOperations } from './operations.ts';
import { executionFolder, inMemory } from './store.ts';

/** A running Step Functions. */
export interface StepFunctions extends Emulator {
  /** Every execution there is, with its history. */
  executions(): readonly Execution[];
  /** Starts an execution of a machine on JSON text. */
  startExecution(machineArn: string, input: string): void;
  /** Goes on with the executions that an earlier run left: an interrupted task is done again, with the same token. */
  resume(): void;
}

/** What to run: the machines, what their tasks do by action (`lambda:invoke`), and where executions live (in memory without a folder). */
export interface StepFunctionsSettings {
  readonly machines: readonly Machine[];
  readonly tasks: Readonly<Record<string, Perform>>;
  readonly clock: Clock;
  readonly folder?: string | undefined;
}

/** The only action whose token can be sent back. */
const invoke = 'lambda:invoke';

/** Refuses a machine whose definition, or one of whose tasks, the local runner does not know. */
function check({ arn, definition }: Machine, tasks: StepFunctionsSettings['tasks']): void {
  try {
    for (const state of Object.values(parseDefinition(definition).States)) {
      if (state.Type !== 'Task') continue;
      const known = Object.hasOwn(tasks, actionOf(state)) && (!waitsForToken(state) || actionOf(state) === invoke);
      if (!known) throw new Error(`${state.Resource} is not known`);
    }
  } catch (error) {
    throw new Error(`the local runner cannot serve ${arn}:\n${(error as Error).message}`);
  }
}

/** Starts Step Functions (Standard workflows in JSONata) on a free loopback port. Rejects on a definition that it cannot run. */
export async function startStepFunctions(settings: StepFunctionsSettings): Promise<StepFunctions> {
  const { machines, tasks, clock, folder } = settings;
  for (const machine of machines) check(machine, tasks);
  const executions = openExecutions(folder === undefined ? inMemory : executionFolder(folder), tasks, clock);
  const operations = stepFunctionsOperations(machines, executions, clock);
  const emulator = await serveAwsJson({ target: 'AWSStepFunctions', version: '1.0', operations });
  return {
    ...emulator,
    executions: executions.all,
    startExecution: (stateMachineArn, input) => void operations.StartExecution({ stateMachineArn, input }),
    resume: executions.resume,
    async close() {
      executions.close();
      await emulator.close();
    },
  };
}
