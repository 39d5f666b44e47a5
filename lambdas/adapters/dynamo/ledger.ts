import {
  ConditionalCheckFailedException,
  PutItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { End, LedgerRow, RowName, SettledRow } from '../../domain/metering/ledger.ts';
import type { Clock } from '../../ports/world.ts';
import { items } from './keys.ts';
import { type Item, marshal, type Table } from './table.ts';

/** The key of a row. */
export const rowKey = ({ org_id, at, id }: RowName) => items.ledgerRow(org_id, at, id);

/** Writes a row as RESERVED, at continuation 0. */
export async function putRow(table: Table, { ttl, ...row }: LedgerRow): Promise<void> {
  const item = { ...rowKey(row), row: JSON.stringify(row), state: 'RESERVED', rounds: 0, ttl };
  await table.client.send(new PutItemCommand({ TableName: table.name, Item: marshal(item) }));
}

/** A row as it is stored now. */
export const rowOf = ({ row, ttl, state, status, duration_ms, settled_at }: Item): SettledRow =>
  Object.assign(JSON.parse(String(row)), {
    ttl,
    state,
    ...(status === undefined ? {} : { status, duration_ms, settled_at }),
  });

/**
 * Writes how a call ended, and answers whether the row was still open. Rows only move forward: open is one that is
 * RESERVED, and, for its status alone, one that asked its caller for input.
 */
export const settleRow = (table: Table, row: RowName, end: End, clock: Clock): Promise<boolean> =>
  update(table, row, {
    UpdateExpression: 'SET #state = :state, #status = :status, duration_ms = :duration, settled_at = :at',
    ConditionExpression: '#state = :reserved OR (#status = :asked AND :state = :done)',
    ExpressionAttributeNames: { '#state': 'state', '#status': 'status' },
    ExpressionAttributeValues: marshal({
      ':state': end.state,
      ':status': end.status,
      ':duration': Math.round(end.duration_ms),
      ':at': new Date(clock()).toISOString(),
      ':reserved': 'RESERVED',
      ':asked': 'input_required',
      ':done': 'DONE',
    }),
  });

/** Counts a row's continuations on by one; false where that one was used already. */
export const resumeRow = (table: Table, row: RowName, round: number): Promise<boolean> =>
  update(table, row, {
    UpdateExpression: 'SET rounds = :next',
    ConditionExpression: 'rounds = :round AND #state <> :released',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: marshal({ ':round': round, ':next': round + 1, ':released': 'RELEASED' }),
  });

async function update(
  table: Table,
  row: RowName,
  what: Omit<UpdateItemCommandInput, 'TableName' | 'Key'>,
): Promise<boolean> {
  try {
    await table.client.send(
      new UpdateItemCommand({ TableName: table.name, Key: marshal({ ...rowKey(row) }), ...what }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
