import { randomUUID } from 'node:crypto';
import {
  type CancellationReason,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { AuditEntry } from '../../domain/audit.ts';
import type { Change, CommitConflict } from '../../ports/table.ts';
import { nameOf } from './keys.ts';
import { holdersOf } from './names.ts';
import { pause } from './pause.ts';
import { auditItem, recordOf } from './stored.ts';
import { type Table, unmarshal } from './table.ts';
import { transactItem, type Write } from './transact.ts';
import { writeOf } from './write.ts';

/** Most items of a transaction (AWS). */
const mostItems = 100;
/** Tries while others write the same items: about two seconds of waiting in all. */
const tries = 8;
/** Reasons that pass by themselves. */
const passing: readonly unknown[] = ['None', 'TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'];

interface Step {
  readonly index: number;
  readonly change: Change;
  readonly write: Write;
}

/** Writes all changes and their audit rows in one transaction; answers the first change that did not hold, or undefined. */
export async function commit(
  table: Table,
  audit: readonly AuditEntry[],
  changes: readonly Change[],
): Promise<CommitConflict | undefined> {
  const plan = planOf(changes);
  if ('change' in plan) return plan;
  const rows = audit.map((entry): Write => ({ verb: 'Put', item: auditItem(entry), when: 'attribute_not_exists(pk)' }));
  const writes = [...plan.steps.map(({ write }) => write), ...rows];
  if (writes.length > mostItems) throw new Error(`A commit of ${writes.length} items; ${mostItems} is the most.`);
  const failed = await transact(table, writes);
  const step = plan.steps.find((_, position) => failed[position]?.Code === 'ConditionalCheckFailed');
  if (step) return { index: step.index, change: step.change, ...metBy(step.change, failed[plan.steps.indexOf(step)]!) };
  if (failed.length > 0) throw new Error('An audit row with this id exists.');
  return undefined;
}

/** One step per item, in the order of the changes; a name that is taken twice is a conflict within the commit itself. */
function planOf(changes: readonly Change[]): { readonly steps: readonly Step[] } | CommitConflict {
  const steps = new Map<string, Step>();
  for (const [index, change] of changes.entries()) {
    const write = writeOf(change);
    const name = nameOf('item' in write ? write.item : write.key);
    const other = steps.get(name)?.change;
    if (other?.do === 'take_name' && change.do === 'take_name')
      return { index, change, met: { kind: other.holder.kind, ids: [other.holder.id] } };
    // A required record that this commit also writes is covered by the condition of that write.
    if (other && change.do === 'require') continue;
    if (other && other.do !== 'require') throw new Error(`A commit changes one item twice: ${other.do}, ${change.do}.`);
    steps.set(name, { index, change, write });
  }
  return { steps: [...steps.values()].sort((one, two) => one.index - two.index) };
}

/** Runs a transaction; answers the reasons, one per write, when a condition did not hold, and none when all is written. */
async function transact(table: Table, writes: readonly Write[]): Promise<readonly CancellationReason[]> {
  const command = new TransactWriteItemsCommand({
    TransactItems: writes.map((write) => transactItem(table.name, write)),
    ClientRequestToken: randomUUID(), // one for all tries: a write whose answer was lost is not made twice
  });
  for (let round = 0; ; round += 1) {
    try {
      await table.client.send(command);
      return [];
    } catch (fault) {
      const reasons = (fault instanceof TransactionCanceledException && fault.CancellationReasons) || [];
      if (reasons.some(({ Code }) => Code === 'ConditionalCheckFailed')) return reasons;
      const passes = reasons.length > 0 && reasons.every(({ Code }) => passing.includes(Code));
      if (!passes || round + 1 === tries) throw fault;
      await pause(round);
    }
  }
}

/** What a change met; an item that is not ours throws as it does everywhere. */
function metBy(change: Change, { Item }: CancellationReason): Pick<CommitConflict, 'met'> {
  const item = Item && unmarshal(Item);
  if (!item || !('kind' in change || 'holder' in change)) return {};
  if ('holder' in change) return { met: holdersOf(item) };
  return { met: { ...recordOf(change.kind, item) } };
}
