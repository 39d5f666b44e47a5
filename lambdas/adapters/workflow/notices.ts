import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { Events } from '../../ports/approval.ts';

/** Limits of one attempt, and attempts: whoever tells repeats it when it fails. */
const connectionMs = 1_000;
const requestMs = 3_000;
const attempts = 3;

/** The default event bus; `EVENT_SOURCE` tells the stages of an account apart. */
export function eventBridge(): Pick<Events, 'tell'> {
  let client: EventBridgeClient | undefined;
  return {
    async tell(event) {
      const Source = process.env['EVENT_SOURCE'];
      if (!Source) throw new Error('EVENT_SOURCE is not set.');
      const { EventBridgeClient, PutEventsCommand } = await import('@aws-sdk/client-eventbridge');
      const requestHandler = {
        connectionTimeout: connectionMs,
        requestTimeout: requestMs,
        throwOnRequestTimeout: true,
      };
      client ??= new EventBridgeClient({ maxAttempts: attempts, requestHandler });
      const entry = { Source, DetailType: event.type, Time: new Date(event.at), Detail: JSON.stringify(event) };
      const { FailedEntryCount } = await client.send(new PutEventsCommand({ Entries: [entry] }));
      if (FailedEntryCount) throw new Error('EventBridge did not take a notice.');
    },
  };
}
