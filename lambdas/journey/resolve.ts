import { type Access, accessOf, type Callable } from '../domain/access.ts';
import type { Caller } from '../domain/caller.ts';
import { isLive } from '../domain/cascade/gates.ts';
import { failedRule } from '../domain/cascade/rules.ts';
import { type NamedSet, narrow, parseNames, ungranted } from '../domain/narrow.ts';
import type { ServerRecord } from '../domain/records.ts';
import { forbidden, notFound, type Refusal, unauthorized } from '../domain/refusal.ts';
import { no, ok, type Result } from '../domain/result.ts';
import { type World, WorldGone } from '../domain/world.ts';
import type { Worlds } from '../ports/table.ts';

/** The names that narrow a request; each may be an alias, an access group or a toolset. Narrowings only take away. */
export interface Narrowing {
  /** `{set}` of the URL: an unknown name there is 404. */
  readonly path?: string | undefined;
  /** `x-mcp-servers`, `?servers=` or `?server=`, comma-separated: an unknown name there is 400. */
  readonly listed?: readonly { readonly param: string; readonly names: string }[];
}

/** What a caller may call in one request: its access, narrowed. */
export interface Scope {
  readonly caller: Caller;
  readonly world: World;
  readonly access: Access;
  /** The alias, where the URL's set is exactly one server. */
  readonly single: string | undefined;
  /** By alias, then in snapshot order. */
  readonly tools: readonly Callable[];
  /** Servers whose prompts, resources and completion may be used, by alias. */
  readonly offered: readonly ServerRecord[];
  /** Whether the narrowings leave a tool in. */
  holds(server: ServerRecord, tool: string): boolean;
}

/** Narrowings remembered of one world: callers choose them, so their number is bounded. */
const maxScopes = 100;
const accesses = new WeakMap<World, Access>();
const scopes = new WeakMap<World, Map<string, Result<Scope, Refusal>>>();

/** Second stage: loads what decides for the caller and narrows it. A scope lives as long as the world it was made of. */
export async function resolveScope(
  caller: Caller,
  narrowing: Narrowing,
  now: number,
  worlds: Worlds,
): Promise<Result<Scope, Refusal>> {
  const world = await loadWorld(caller, worlds);
  if (!world) return unauthorized();
  const known = scopes.get(world) ?? new Map<string, Result<Scope, Refusal>>();
  scopes.set(world, known);
  const name = JSON.stringify(narrowing);
  const scope = known.get(name) ?? scopeOf(caller, world, narrowing, now);
  if (known.size < maxScopes) known.set(name, scope);
  return scope;
}

/** The world of a caller; undefined when its key or org is gone. */
export async function loadWorld(caller: Caller, worlds: Worlds): Promise<World | undefined> {
  try {
    return await worlds.load(caller);
  } catch (fault) {
    if (fault instanceof WorldGone) return undefined;
    throw fault;
  }
}

function scopeOf(caller: Caller, world: World, narrowing: Narrowing, now: number): Result<Scope, Refusal> {
  // A dead key is granted nothing, and must not hear of servers that it was not.
  if (!isLive(world, now)) return unauthorized();
  const access = accesses.get(world) ?? accessOf(world, now);
  accesses.set(world, access);
  const path = narrowing.path === undefined ? undefined : narrowTo(world, access, narrowing.path, '{set}', notFound);
  if (path && !path.ok) return path;
  const narrowed: NamedSet[] = path ? [path.value] : [];
  for (const { param, names } of narrowing.listed ?? []) {
    const listed = narrowTo(world, access, names, param, unknownServer(param));
    if (!listed.ok) return listed;
    narrowed.push(listed.value);
  }
  const holds = (server: ServerRecord, tool: string) => narrowed.every((one) => one.holds(server, tool));
  return ok({
    caller,
    world,
    access,
    single: path?.value.single,
    tools: access.tools().filter(({ server, tool }) => holds(server, tool.name)),
    offered: world.servers
      .filter((server) => access.offers(server) && narrowed.every((one) => one.whole(server)))
      .sort((a, b) => (a.alias < b.alias ? -1 : 1)),
    holds,
  });
}

/** One narrowing; a name that gives the caller nothing is 403, so that nobody mistakes it for an empty server. */
function narrowTo(
  world: World,
  access: Access,
  text: string,
  param: string,
  unknown: (name: string) => Result<never, Refusal>,
) {
  const names = parseNames(text);
  if (!names.ok) return names;
  const narrowed = narrow(
    world,
    names.value.map((name) => findServer(world, name)?.alias ?? name),
  );
  if (!narrowed.ok) return unknown(narrowed.refusal.unknown);
  const empty = ungranted(narrowed.value, world, access);
  if (empty !== undefined) return forbidden(`${empty} is not granted to this key.`, access.level ?? 'none', param);
  return narrowed;
}

const unknownServer =
  (param: string) =>
  (name: string): Result<never, Refusal> =>
    no({ code: 'unknown_server', message: `${param}: ${name} is no server, access group or toolset here.`, param });

/** Resolves the target of a call: the tool must be callable, inside the narrowings, and its arguments within the rules. */
export function resolveTool(
  scope: Scope,
  server: ServerRecord | undefined,
  tool: string,
  args: Readonly<Record<string, unknown>>,
): Result<Callable, Refusal> {
  const verdict = scope.access.check(server, tool);
  if (!verdict.ok) return verdict;
  if (!scope.holds(verdict.server, tool))
    return forbidden(`Tool ${verdict.server.alias}.${tool} is outside the named servers.`, 'gate', 'narrowing');
  const failed = failedRule(verdict.rules, args);
  if (failed !== undefined)
    return forbidden(
      `Argument ${failed.argument} of ${verdict.server.alias}.${tool} is restricted: ${failed.rule}.`,
      scope.access.level ?? 'none',
      `mcp_tool_permissions: ${failed.argument} ${failed.rule}`,
    );
  return ok(verdict);
}

/** The server of the caller's org that a reference names, by alias or id. */
export const findServer = (world: World, reference: string): ServerRecord | undefined =>
  world.servers.find(({ alias, id }) => alias === reference || id === reference);
