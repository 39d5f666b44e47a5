import type { Access } from './access.ts';
import type { ServerRecord } from './records.ts';
import { invalid, type Refusal } from './refusal.ts';
import { no, ok, type Result } from './result.ts';
import type { World } from './world.ts';

/** Names in one list: more than any client needs, few enough to look each up at every call. */
export const maxNames = 50;

type Holds = (server: ServerRecord, tool: string) => boolean;

/** What a caller asked to see: it can only take away from what it may call. */
export interface Narrowing {
  /** The union of the named sets. */
  readonly holds: Holds;
  /** The alias, where exactly one name was given and it is an alias. */
  readonly single: string | undefined;
  readonly sets: readonly { readonly name: string; readonly holds: Holds }[];
}

/** The names of a comma-separated list as they stand, blanks around them aside; 400 for an empty one or too many. */
export function parseNames(text: string): Result<readonly string[], Refusal> {
  const names = text.split(',').map((name) => name.replace(/^[ \t]+|[ \t]+$/g, ''));
  if (names.includes('')) return invalid('A name in the list of servers is empty.');
  if (names.length > maxNames) return invalid(`The list of servers has more than ${maxNames} names.`);
  return ok(names);
}

function setOf({ servers, toolsets }: World, name: string): Holds | undefined {
  const active = servers.filter(({ status }) => status === 'active');
  if (active.some(({ alias }) => alias === name)) return ({ alias }) => alias === name;
  if (active.some(({ access_groups }) => access_groups.includes(name)))
    return ({ access_groups }) => access_groups.includes(name);
  const toolset = toolsets.find((one) => one.name === name);
  return toolset && (({ id }, tool) => toolset.tools.some((pair) => pair.server === id && pair.tool === tool));
}

/**
 * The union of aliases, access groups and toolsets. The first unknown name comes back as it is: a door answers it with
 * 400 or 404. A server that is not active gives its alias and labels to nobody.
 */
export function narrow(world: World, names: readonly string[]): Result<Narrowing, { readonly unknown: string }> {
  const sets: { name: string; holds: Holds }[] = [];
  for (const name of names) {
    const holds = setOf(world, name);
    if (holds === undefined) return no({ unknown: name });
    sets.push({ name, holds });
  }
  const alias = names.length === 1 ? world.servers.find((server) => server.alias === names[0])?.alias : undefined;
  return ok({
    holds: (server, tool) => sets.some((set) => set.holds(server, tool)),
    single: alias,
    sets,
  });
}

/** The first named set of which the caller may call nothing (403); undefined where each gives something. */
export function ungranted({ sets }: Narrowing, access: Access): string | undefined {
  const callable = access.tools();
  return sets.find(({ holds }) => !callable.some(({ server, tool }) => holds(server, tool.name)))?.name;
}
