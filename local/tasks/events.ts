import { z } from 'zod';
import type { EventBridge } from '../emulators/event-bridge/start.ts';
import type { Perform } from '../emulators/step-functions/executions.ts';
import { StateFailure } from '../emulators/step-functions/failure.ts';
import { withAwsErrors } from './aws.ts';

const Entry = z.looseObject({ Detail: z.unknown(), Resources: z.array(z.string()).default([]) });
const PutEvents = z.strictObject({ Entries: z.array(Entry) });

/** The task `events:putEvents`: details may be JSON, the execution joins the resources, and one refused entry fails it. */
export const putEventsTask =
  ({ putEvents }: EventBridge): Perform =>
  async (parameters, { arn, machineArn }) => {
    const { data, error } = PutEvents.safeParse(parameters);
    if (error) throw new StateFailure('States.Runtime', z.prettifyError(error));
    const Entries = data.Entries.map(({ Detail, Resources, ...entry }) => ({
      ...entry,
      Detail: typeof Detail === 'string' ? Detail : JSON.stringify(Detail),
      Resources: [...Resources, arn, machineArn],
    }));
    const answer = await withAwsErrors('EventBridge', () => putEvents({ Entries }));
    if (answer.FailedEntryCount > 0) throw new StateFailure('EventBridge.FailedEntry', JSON.stringify(answer));
    return answer;
  };
