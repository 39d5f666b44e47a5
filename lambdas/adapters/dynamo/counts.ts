import type { Change } from '../../ports/table.ts';
import { items } from './keys.ts';
import type { Write } from './transact.ts';

type CountChange = Extract<Change, { readonly do: 'count_up' | 'count_down' }>;

/** The write of a count: the condition and the addition are one step, so that no two writers pass the limit together. */
export function countWrite(change: CountChange): Write {
  const key = items.count(change.org_id, change.of);
  if (change.do === 'count_down')
    return { verb: 'Update', key, update: 'ADD n :by', when: 'n > :none', values: { ':by': -1, ':none': 0 } };
  const { most, until } = change;
  return {
    verb: 'Update',
    key,
    update: until === undefined ? 'ADD n :by' : 'SET #ttl = :ttl ADD n :by',
    when: 'attribute_not_exists(n) OR n < :most',
    ...(until === undefined ? {} : { names: { '#ttl': 'ttl' } }),
    values: { ':by': 1, ':most': most, ...(until === undefined ? {} : { ':ttl': Math.floor(until / 1000) }) },
  };
}
