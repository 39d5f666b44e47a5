import type { Workflow } from '../../ports/approval.ts';
import { stepFunctions } from './client.ts';
import { startExecution } from './start.ts';

/** Tokens that nobody waits for any more: answered, over its time, or of an execution that is gone. */
const over: ReadonlySet<string> = new Set(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken']);

/** The machine `APPROVAL_MACHINE` (an ARN). */
export const approvalMachine: Workflow = {
  async start({ org_id, submission_id, revision }) {
    const arn = process.env['APPROVAL_MACHINE'];
    if (!arn) throw new Error('APPROVAL_MACHINE is not set.');
    // One name and one input for a revision: a second start of a running execution is the first (AP-17).
    return startExecution(arn, `${submission_id}-r${revision}`, { org_id, submission_id, revision });
  },
  async answer(taskToken, verdict) {
    const { client, SendTaskSuccessCommand } = await stepFunctions();
    try {
      await client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify({ verdict }) }));
      return true;
    } catch (fault) {
      if (fault instanceof Error && over.has(fault.name)) return false;
      throw fault;
    }
  },
};
