import { z } from 'zod';
import type { Perform } from '../emulators/step-functions/executions.ts';
import { StateFailure } from '../emulators/step-functions/failure.ts';
import type { LambdaFunction } from '../lambda/pool.ts';

const Invoke = z.strictObject({
  FunctionName: z.string(),
  Payload: z.unknown().optional(),
  InvocationType: z.literal('RequestResponse').optional(),
});

/** The task `lambda:invoke`; fails by the function's own error type, with Lambda's error payload as cause. */
export const invokeTask =
  (find: (nameOrArn: string) => LambdaFunction | undefined): Perform =>
  async (parameters) => {
    const { data, error } = Invoke.safeParse(parameters);
    if (error) throw new StateFailure('States.Runtime', z.prettifyError(error));
    const fn = find(data.FunctionName);
    if (fn === undefined)
      throw new StateFailure('Lambda.ResourceNotFoundException', `Function not found: ${data.FunctionName}`);
    const outcome = await fn.invoke(JSON.stringify(data.Payload ?? {}));
    if (!outcome.ok) throw new StateFailure(outcome.error.errorType, JSON.stringify(outcome.error));
    return { ExecutedVersion: '$LATEST', Payload: JSON.parse(outcome.payload) as unknown, StatusCode: 200 };
  };
