import type { Callable } from '../domain/access.ts';
import { type StyleName, styles } from '../domain/invocations/index.ts';
import type { ServerRecord } from '../domain/records.ts';
import { findServer, type Scope } from './resolve.ts';

/** The tool that a call asks for; no server where the name is nobody's. */
export interface Target {
  readonly server: ServerRecord | undefined;
  readonly tool: string;
}

/** The tools of a scope under the names they have at a door, both ways. */
export interface Names {
  readonly toolOf: ReadonlyMap<string, Callable>;
  readonly nameOf: ReadonlyMap<Callable, string>;
}

const made = new WeakMap<Scope, Map<StyleName, Names>>();

/** Names of a scope's tools in a style: an exact map, never split apart again. Kept as long as the scope. */
export function namesOf(scope: Scope, style: StyleName): Names {
  const byStyle = made.get(scope) ?? new Map<StyleName, Names>();
  made.set(scope, byStyle);
  const names = byStyle.get(style) ?? nameAll(scope, style);
  byStyle.set(style, names);
  return names;
}

function nameAll(scope: Scope, style: StyleName): Names {
  const tools = scope.tools.map((callable) => ({ alias: callable.server.alias, tool: callable.tool.name, callable }));
  const named = [...styles[style].name(tools, scope.single !== undefined)];
  return {
    toolOf: new Map(named.map(([name, { callable }]) => [name, callable])),
    nameOf: new Map(named.map(([name, { callable }]) => [callable, name])),
  };
}

/**
 * What a name at a door means. In a namespace of one server a name that is not in the list may still be a tool that is
 * there but not granted: the corridor says which.
 */
export function targetOf(scope: Scope, style: StyleName, name: string): Target {
  const callable = namesOf(scope, style).toolOf.get(name);
  if (callable) return { server: callable.server, tool: callable.tool.name };
  return { server: scope.single === undefined ? undefined : findServer(scope.world, scope.single), tool: name };
}
