import { addSums, type Dimension, noSums, type Rollup, type Sums } from './rollup.ts';

/** What usage can be asked by. */
export const groupings = ['key', 'team', 'user', 'org', 'agent', 'server', 'tool', 'day'] as const;
/** One of them. */
export type Grouping = (typeof groupings)[number];

/** The usage of one group over several days. */
export interface Group extends Sums {
  /** An id, `{server id}.{tool}` of a tool, or a day. */
  readonly id: string;
  /** Of a server its alias, of a tool `{alias}.{tool}`. */
  readonly name?: string;
}

/** The roll-ups that a grouping adds up: by day those of the whole org. */
export const dimensionOf = (by: Grouping): Dimension => (by === 'day' ? 'org' : by);

function groupOf({ day, of, server }: Rollup, by: Grouping): Pick<Group, 'id' | 'name'> {
  if (by === 'day') return { id: day };
  const [id, tool] = of as readonly [string, string?];
  if (tool !== undefined) return { id: `${id}.${tool}`, name: `${server}.${tool}` };
  return server === undefined ? { id } : { id, name: server };
}

/** Adds up roll-ups by group, as they come; `groups` are in the order of their ids. */
export function openGroups(by: Grouping): { add(rollup: Rollup): void; groups(): readonly Group[] } {
  const byId = new Map<string, Group>();
  return {
    add(rollup) {
      const group = groupOf(rollup, by);
      byId.set(group.id, { ...group, ...addSums(byId.get(group.id) ?? noSums, rollup) });
    },
    groups: () => [...byId.values()].sort((one, other) => (one.id < other.id ? -1 : 1)),
  };
}
