import { randomUUID } from 'node:crypto';
import type { PutEventsCommandInput, PutEventsRequestEntry, PutEventsResultEntry } from '@aws-sdk/client-eventbridge';
import { account, region } from '../../aws.ts';
import type { Clock } from '../../clock.ts';
import { AwsError } from '../aws-error.ts';
import { type Emulator, serveAwsJson } from '../aws-json.ts';

/** A running EventBridge with its default bus. */
export interface EventBridge extends Emulator {
  /** PutEvents, in process. Throws `AwsError` for a request that is wrong as a whole. */
  putEvents(input: PutEventsCommandInput): {
    readonly FailedEntryCount: number;
    readonly Entries: PutEventsResultEntry[];
  };
}

const maxEntries = 10;
const maxBytes = 262_144;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

const refused = (ErrorCode: string, ErrorMessage: string): PutEventsResultEntry => ({ ErrorCode, ErrorMessage });

/** Starts EventBridge on a free loopback port; `publish` gets every event that was put on the default bus. */
export async function startEventBridge(publish: (event: object) => void, clock: Clock): Promise<EventBridge> {
  function put(entry: PutEventsRequestEntry): PutEventsResultEntry {
    const { Source, DetailType, Detail, EventBusName = 'default', Resources = [] } = entry;
    if (!Source || !DetailType || Detail === undefined)
      return refused('InvalidArgument', 'Parameter Source, DetailType or Detail is missing.');
    if (!/^default$|:event-bus\/default$/.test(EventBusName))
      return refused('InvalidArgument', `Event bus ${EventBusName} does not exist.`);
    if (Source.startsWith('aws.')) return refused('NotAuthorizedForSource', 'Not authorized for the source.');
    const detail = parsed(Detail);
    if (!isObject(detail)) return refused('MalformedDetail', 'Detail is malformed.');
    const id = randomUUID();
    // Whole seconds, whatever the caller's own time was.
    const time = `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;
    const type = { 'detail-type': DetailType, source: Source };
    publish({ version: '0', id, ...type, account, time, region, resources: Resources, detail });
    return { EventId: id };
  }
  function putEvents({ Entries = [] }: PutEventsCommandInput) {
    const bytes = Buffer.byteLength(JSON.stringify(Entries));
    if (Entries.length < 1 || Entries.length > maxEntries || bytes > maxBytes)
      throw new AwsError('ValidationException', `1 to ${maxEntries} entries of together ${maxBytes} bytes can be put.`);
    const results = Entries.map(put);
    return { FailedEntryCount: results.filter(({ EventId }) => EventId === undefined).length, Entries: results };
  }
  const emulator = await serveAwsJson({ target: 'AWSEvents', version: '1.1', operations: { PutEvents: putEvents } });
  return { ...emulator, putEvents };
}
