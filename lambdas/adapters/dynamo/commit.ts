import type { CancellationReason } from '@aws-sdk/client-dynamodb';
import type { AuditEntry } from '../../domain/audit.ts';
import type { Change, CommitConflict } from '../../ports/table.ts';
import { nameOf } from './key.ts';
import { holdersOf } from './names.ts';
import { placesOf } from './places.ts';
import { auditItem, recordOf } from './stored.ts';
import { type Table, unmarshal } from './table.ts';
import { mostItems, transact, type Write } from './transact.ts';
import { writeOf } from './write.ts';

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

/** What a change met; an item that is not ours throws as it does everywhere. */
function metBy(change: Change, { Item }: CancellationReason): Pick<CommitConflict, 'met'> {
  const item = Item && unmarshal(Item);
  if (!item || change.do === 'once' || 'of' in change) return {};
  if ('holder' in change) return { met: holdersOf(item) };
  if ('what' in change) return { met: { ...placesOf(item) } };
  return { met: { ...recordOf(change.kind, item) } };
}
