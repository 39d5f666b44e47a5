import type { Change } from '../../ports/table.ts';
import { countWrite } from './counts.ts';
import { items } from './keys.ts';
import { nameWrite } from './names.ts';
import { itemKey, itemOf } from './stored.ts';
import type { Write } from './transact.ts';

/** A change as a write whose condition holds exactly while the change may be made. */
export function writeOf(change: Change): Write {
  switch (change.do) {
    case 'create':
      return { verb: 'Put', item: itemOf(change.kind, change.record), when: 'attribute_not_exists(pk)' };
    case 'replace':
      if (change.record.version !== change.was + 1) throw new Error('A replaced record counts its version on by one.');
      return {
        verb: 'Put',
        item: itemOf(change.kind, change.record),
        when: 'version = :was',
        values: { ':was': change.was },
      };
    case 'remove':
      return {
        verb: 'Delete',
        key: itemKey(change.kind, change.org_id, change.id),
        when: 'version = :was',
        values: { ':was': change.was },
      };
    case 'require':
      return {
        verb: 'ConditionCheck',
        key: itemKey(change.kind, change.org_id, change.id),
        when: 'attribute_exists(pk) AND attribute_not_exists(deleted_at)',
      };
    case 'count_up':
    case 'count_down':
      return countWrite(change);
    case 'once':
      return { verb: 'Put', item: { ...items.once(change.what) }, when: 'attribute_not_exists(pk)' };
    default:
      return nameWrite(change);
  }
}
