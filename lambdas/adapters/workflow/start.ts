import type { SFNClient } from '@aws-sdk/client-sfn';

/** Limits of one attempt, and attempts: who waits for it has been answered nothing yet. */
const requestMs = 3_000;
const attempts = 3;

let client: SFNClient | undefined;

/** Starts an execution; false where one of that name was started before, whatever became of it. */
export async function startExecution(stateMachineArn: string, name: string, input: object): Promise<boolean> {
  // Few requests start one: the others do not load this client.
  const { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } = await import('@aws-sdk/client-sfn');
  client ??= new SFNClient({ maxAttempts: attempts, requestHandler: { requestTimeout: requestMs } });
  try {
    await client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
    return true;
  } catch (fault) {
    if (fault instanceof ExecutionAlreadyExists) return false;
    throw fault;
  }
}
