import type { Access } from './access.ts';
import type { ServerRecord } from './records.ts';
import { invalid, type Refusal } from './refusal.ts';
import { no, ok, type Result } from './result.ts';
import type { World } from './world.ts';

/** Names in one list: more than any client needs, few enough to look each up at every call. */
export const maxNames = 50;

/** What a name stands for. */
export interface NamedSet {
  /** Whether a tool is in it. */
  holds(server: ServerRecord, tool: string): boolean;
  /** Whether a server is in it with its prompts and resources: by its alias or a label, not by some of its tools. */
  whole(server: ServerRecord): boolean;
}

/** What a caller asked to see, the union of the named sets: it can only take away from what it may call. */
export interface Narrowing extends NamedSet {
  /** The alias, where exactly one name was given and it is an alias. */
  readonly single: string | undefined;
  readonly sets: readonly (NamedSet & { readonly name: string })[];
}

/** The names of a comma-separated list as they stand, blanks around them aside; 400 for an empty one or too many. */
export function parseNames(text: string): Result<readonly string[], Refusal> {
  const names = text.split(',').map((name) => name.replace(/^[ \t]+|[ \t]+$/g, ''));
  if (names.includes('')) return invalid('A name in the list of servers is empty.');
  if (names.length > maxNames) return invalid(`The list of servers has more than ${maxNames} names.`);
  return ok(names);
}

function setOf({ servers, toolsets }: World, name: string): NamedSet | undefined {
  const ofServers = (whole: NamedSet['whole']): NamedSet | undefined =>
    servers.some((server) => server.status === 'active' && whole(server)) ? { holds: whole, whole } : undefined;
  const toolset = toolsets.find((one) => one.name === name);
  return (
    ofServers(({ alias }) => alias === name) ??
    ofServers(({ access_groups }) => access_groups.includes(name)) ??
    (toolset && {
      holds: ({ id }, tool) => toolset.tools.some((pair) => pair.server === id && pair.tool === tool),
      whole: () => false,
    })
  );
}

/**
 * The union of aliases, access groups and toolsets. The first unknown name comes back as it is: a door answers it with
 * 400 or 404. A server that is not active gives its alias and labels to nobody.
 */
export function narrow(world: World, names: readonly string[]): Result<Narrowing, { readonly unknown: string }> {
  const sets: Narrowing['sets'][number][] = [];
  for (const name of names) {
    const set = setOf(world, name);
    if (set === undefined) return no({ unknown: name });
    sets.push({ name, ...set });
  }
  const alias = names.length === 1 ? world.servers.find((server) => server.alias === names[0])?.alias : undefined;
  return ok({
    holds: (server, tool) => sets.some((set) => set.holds(server, tool)),
    whole: (server) => sets.some((set) => set.whole(server)),
    single: alias,
    sets,
  });
}

/** The first named set of which the caller may use nothing (403); undefined where each gives something. */
export function ungranted({ sets }: Narrowing, { servers }: World, access: Access): string | undefined {
  const granted = access.granted();
  const offered = servers.filter(access.offers);
  return sets.find(
    ({ holds, whole }) => !granted.some(({ server, tool }) => holds(server, tool.name)) && !offered.some(whole),
  )?.name;
}
