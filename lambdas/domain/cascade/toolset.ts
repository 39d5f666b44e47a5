import type { ToolsetRecord } from '../records.ts';
import type { Bound } from '../world.ts';
import type { Level } from './level.ts';

const isAssigned = (toolset: ToolsetRecord, bound: Bound): boolean =>
  toolset.assigned_to.some(({ kind, id }) => bound[kind]?.id === id);

/** Level 6: the toolsets assigned to the key, its team, org, user or agent, joined. */
export const toolset: Level = {
  name: 'toolset',
  says: (bound, toolsets) => {
    const assigned = toolsets.filter((one) => isAssigned(one, bound));
    return assigned.length === 0 ? 'no opinion' : { mcp_toolsets: assigned.map((one) => one.id) };
  },
};
