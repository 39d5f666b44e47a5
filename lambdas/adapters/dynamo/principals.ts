import type { Kind, RecordByKind } from '../../domain/kinds.ts';
import type { Binding, KeyRecord, OrgRecord } from '../../domain/records.ts';
import type { Principals } from '../../ports/table.ts';
import type { ItemKey } from './key.ts';
import { items } from './keys.ts';
import { getItems } from './read.ts';
import { recordOf } from './stored.ts';
import type { Table } from './table.ts';

type Minter = Awaited<ReturnType<Principals['load']>>['minters'][number];
type Principal = Omit<Minter, 'key'>;

/** The authorizer's reads: org, principals and lineage of a key, one strongly consistent round trip. */
export const dynamoPrincipals = (table: Table): Principals => ({
  async load({ org_id, team_id, user_id, agent_id, lineage }) {
    const { org, bound } = await readPrincipals(table, org_id, [{ team_id, user_id, agent_id }, ...lineage]);
    const [{ team, user, agent }, ...minters] = bound as [Minter, ...Minter[]];
    return { org, team, user, agent, minters };
  },
});

/** Principals to read; `key_id` is absent where the key was read already. */
type Wanted = { readonly [F in keyof Binding]?: Binding[F] | undefined };

/**
 * An org and, in the order asked, keys with what they are bound to. Absent is what does not exist, is a tombstone, or
 * is a key that belongs to another org or is bound otherwise than asked. A store that cannot answer throws.
 */
export async function readPrincipals(
  table: Table,
  orgId: string,
  wanted: readonly Wanted[],
): Promise<{ readonly org: OrgRecord | undefined; readonly bound: readonly Minter[] }> {
  const each = wanted.map((one) => ({ one, at: keysOf(orgId, one) }));
  const found = await getItems(table, [
    items.org(orgId),
    ...each.flatMap(({ at }) => Object.values(at).filter((key) => key !== undefined)),
  ]);
  const read = <K extends Kind>(kind: K, key: ItemKey | undefined): RecordByKind[K] | undefined => {
    const item = key && found(key);
    return item && recordOf(kind, item);
  };
  const bound = each.map(({ one, at }) => {
    const key = read('key', at.key);
    const principal: Principal = {
      team: read('team', at.team),
      user: read('user', at.user),
      agent: read('agent', at.agent),
    };
    return { ...principal, key: key && isBoundSo(key, orgId, one) ? key : undefined };
  });
  return { org: read('org', items.org(orgId)), bound };
}

const keysOf = (orgId: string, { key_id, team_id, user_id, agent_id }: Wanted) => ({
  key: key_id === undefined ? undefined : items.key(key_id),
  team: team_id === undefined ? undefined : items.team(orgId, team_id),
  user: user_id === undefined ? undefined : items.user(orgId, user_id),
  agent: agent_id === undefined ? undefined : items.agent(orgId, agent_id),
});

const isBoundSo = (key: KeyRecord, orgId: string, one: Wanted): boolean =>
  key.org_id === orgId && key.team_id === one.team_id && key.user_id === one.user_id && key.agent_id === one.agent_id;
