import type { SFNClient } from '@aws-sdk/client-sfn';
import type { Workflow } from '../../ports/approval.ts';

/** Limits of one attempt, and attempts; what does not get through is done by the sweep. */
const connectionMs = 1_000;
const requestMs = 3_000;
const attempts = 3;

/** Tokens that nobody waits for any more: answered, over its time, or of an execution that is gone. */
const over: ReadonlySet<string> = new Set(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken']);

const named = (fault: unknown, names: ReadonlySet<string>): boolean => fault instanceof Error && names.has(fault.name);

/** The machine `APPROVAL_MACHINE` (an ARN). */
export function stepFunctions(): Workflow {
  let client: SFNClient | undefined;
  const open = async () => {
    // Few requests of a function start or answer: the others do not load this client.
    const sfn = await import('@aws-sdk/client-sfn');
    const requestHandler = { connectionTimeout: connectionMs, requestTimeout: requestMs, throwOnRequestTimeout: true };
    client ??= new sfn.SFNClient({ maxAttempts: attempts, requestHandler });
    return { client, ...sfn };
  };
  return {
    async start({ org_id, submission_id, revision }) {
      const stateMachineArn = process.env['APPROVAL_MACHINE'];
      if (!stateMachineArn) throw new Error('APPROVAL_MACHINE is not set.');
      const { client, StartExecutionCommand } = await open();
      // One name and one input for a revision: a second start of a running execution is the first.
      const name = `${submission_id}-r${revision}`;
      const input = JSON.stringify({ org_id, submission_id, revision });
      try {
        await client.send(new StartExecutionCommand({ stateMachineArn, name, input }));
        return true;
      } catch (fault) {
        if (named(fault, new Set(['ExecutionAlreadyExists']))) return false;
        throw fault;
      }
    },
    async answer(taskToken, verdict) {
      const { client, SendTaskSuccessCommand } = await open();
      try {
        await client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify({ verdict }) }));
        return true;
      } catch (fault) {
        if (named(fault, over)) return false;
        throw fault;
      }
    },
  };
}
