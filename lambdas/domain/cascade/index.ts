import type { LevelName } from '../../../contract/access.ts';
import type { Grant, ToolsetRecord } from '../records.ts';
import type { Bound } from '../world.ts';
import { agent } from './agent.ts';
import { key } from './key.ts';
import type { Level } from './level.ts';
import { org } from './org.ts';
import { team } from './team.ts';
import { toolset } from './toolset.ts';
import { user } from './user.ts';

/** The six levels in the order in which they are asked. */
export const levels: readonly Level[] = [key, team, org, user, agent, toolset];

/** The first level that has a grant, and that grant; undefined when none speaks, which allows nothing. */
export function firstToSpeak(
  bound: Bound,
  toolsets: readonly ToolsetRecord[],
): { readonly level: LevelName; readonly grant: Grant } | undefined {
  for (const level of levels) {
    const said = level.says(bound, toolsets);
    if (typeof said === 'object') return { level: level.name, grant: said };
  }
  return undefined;
}
