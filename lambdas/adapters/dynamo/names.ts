import type { Change, Holder } from '../../ports/table.ts';
import { items } from './keys.ts';
import type { Item } from './table.ts';
import type { Write } from './transact.ts';

type NameChange = Extract<Change, { readonly do: 'take_name' | 'release_name' }>;

/**
 * The write of a change to the org's namespace. A name has one holder, or, as an access group, the set of servers that
 * carry it; a group that its last server left stays as an empty item that anybody may take.
 */
export function nameWrite({ do: act, org_id, name, holder: { kind, id } }: NameChange): Write {
  const key = items.name(org_id, name);
  const isGroup = kind === 'access_group';
  if (act === 'take_name')
    return isGroup
      ? {
          verb: 'Update',
          key,
          update: 'SET kind = :group ADD holders :ids',
          when: 'attribute_not_exists(pk) OR kind = :group',
          values: { ':group': kind, ':ids': new Set([id]) },
        }
      : {
          verb: 'Put',
          item: { ...key, kind, holder: id },
          when: 'attribute_not_exists(pk) OR (kind = :group AND attribute_not_exists(holders))',
          values: { ':group': 'access_group' satisfies Holder['kind'] },
        };
  return isGroup
    ? {
        verb: 'Update',
        key,
        update: 'DELETE holders :ids',
        when: 'kind = :group AND contains(holders, :id)',
        values: { ':group': kind, ':ids': new Set([id]), ':id': id },
      }
    : { verb: 'Delete', key, when: 'kind = :kind AND holder = :id', values: { ':kind': kind, ':id': id } };
}

/** Who holds a name, as a conflict shows it: `{kind, ids}`; a group without servers has none. */
export const holdersOf = ({ kind, holder, holders }: Item): Readonly<Record<string, unknown>> => ({
  kind,
  ids: holder === undefined ? [...((holders as Set<string> | undefined) ?? [])] : [holder],
});
