import { stepFunctions } from './client.ts';

/** Starts an execution; false where one of that name was started before and has ended, or had another input. */
export async function startExecution(stateMachineArn: string, name: string, input: object): Promise<boolean> {
  const { client, ExecutionAlreadyExists, StartExecutionCommand } = await stepFunctions();
  try {
    await client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
    return true;
  } catch (fault) {
    if (fault instanceof ExecutionAlreadyExists) return false;
    throw fault;
  }
}
