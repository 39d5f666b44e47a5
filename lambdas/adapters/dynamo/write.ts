import type { Change } from '../../ports/table.ts';
import { countWrite } from './counts.ts';
import { items } from './keys.ts';
import { nameWrite } from './names.ts';
import { placeWrite } from './places.ts';
import { itemKey, itemOf } from './stored.ts';
import type { Write } from './transact.ts';

/** A change as a write whose condition holds exactly while the change may be made. */
export function writeOf(change: Change): Write {
  switch (change.do) {
    case 'create':
      return { verb: 'Put', item: itemOf(change.kind, change.record), when: 'attribute_not_exists(pk)' };
    case 'replace':
      if (change.record.version !== change.was + 1) throw new Error('A replaced record counts its version on by one.');
      return replacement(itemOf(change.kind, change.record), change.was);
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
    case 'take_place':
    case 'free_place':
      return placeWrite(change);
    default:
      return nameWrite(change);
  }
}

/** Places in an index, which a record may leave. */
const places = ['gpk', 'gsk'];

/** Sets what the record has and leaves what stands beside it: others may have written that meanwhile. */
function replacement({ pk, sk, ...item }: ReturnType<typeof itemOf>, was: number): Write {
  const given = Object.entries(item).filter(([, value]) => value !== undefined);
  const left = places.filter((place) => !given.some(([name]) => name === place));
  return {
    verb: 'Update',
    key: { pk, sk },
    update: `SET ${given.map((_, at) => `#a${at} = :a${at}`).join(', ')}${left.length === 0 ? '' : ` REMOVE ${left.join(', ')}`}`,
    names: Object.fromEntries(given.map(([name], at) => [`#a${at}`, name])),
    when: 'version = :was',
    values: { ':was': was, ...Object.fromEntries(given.map(([, value], at) => [`:a${at}`, value])) },
  };
}
