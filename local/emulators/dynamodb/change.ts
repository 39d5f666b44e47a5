import { isDeepStrictEqual } from 'node:util';
import type { DynamoDBRecord, StreamRecord } from 'aws-lambda';
import { region, streamArn } from '../../aws.ts';
import type { ItemWrite } from './recording.ts';
import type { Item, Table } from './store.ts';

/** One change of a table that has a stream; `record` is what a Lambda on that stream receives in `Records`. */
export interface Change {
  readonly table: string;
  /** Grows from change to change, over restarts too. */
  readonly sequence: number;
  readonly record: DynamoDBRecord;
}

/** A sequence number as text of one length, so that texts sort as the numbers do. */
export const sequenceText = (sequence: number): string => String(sequence).padStart(21, '0');

const keysOf = (table: Table, item: Item): Item =>
  Object.fromEntries(table.KeySchema.map(({ AttributeName }) => [AttributeName, item[AttributeName]!]));

/** The stream record of a write, or nothing where AWS writes none: no stream, or the item is as it was. */
export function changeOf(table: Table, { before, after }: ItemWrite, sequence: number): Change | undefined {
  const stream = table.StreamSpecification;
  const item = after ?? before;
  if (!stream?.StreamEnabled || item === undefined || isDeepStrictEqual(before, after)) return undefined;
  const shows = (image: 'NEW' | 'OLD') => stream.StreamViewType.includes(image);
  return {
    table: table.TableName,
    sequence,
    record: {
      eventID: sequenceText(sequence),
      eventName: before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY',
      eventSource: 'aws:dynamodb',
      eventVersion: '1.1',
      eventSourceARN: streamArn(table.TableName),
      awsRegion: region,
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(Date.now() / 1000),
        Keys: keysOf(table, item),
        ...(before !== undefined && shows('OLD') ? { OldImage: before } : {}),
        ...(after !== undefined && shows('NEW') ? { NewImage: after } : {}),
        SequenceNumber: sequenceText(sequence),
        StreamViewType: stream.StreamViewType as NonNullable<StreamRecord['StreamViewType']>,
      },
    },
  };
}
