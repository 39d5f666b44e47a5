import type { LevelName } from '../../../contract/access.ts';
import type { Grant, ServerRecord } from '../records.ts';
import type { Granted } from './permit.ts';

/** Why a level is silent, in words. */
export function silenceRule(level: LevelName, said: 'not bound' | 'no opinion'): string {
  if (said === 'not bound') return `the key is bound to no ${level}`;
  return level === 'toolset' ? 'no toolset is assigned to the caller' : `the ${level} has no object_permission`;
}

/** The field of a grant that allows a tool, in words: `team grant: mcp_servers includes everything`. */
export function allowRule(level: LevelName, { field, entry, rules }: Granted, tool: string): string {
  if (field !== 'mcp_tool_permissions') return `${level} grant: ${field} includes ${entry}`;
  const restricted = rules.flatMap((map) => Object.keys(map)).join(', ');
  return `${level} grant: ${field}.${entry} lists ${tool}${restricted && ` with rules for ${restricted}`}`;
}

/** Why a grant does not allow a tool, in words; `server` is undefined where none is known by that name. */
export function denyRule(level: LevelName, grant: Grant, server: ServerRecord | undefined, tool: string): string {
  if (server === undefined) return `${level} grant: there is no such server to allow`;
  return Object.hasOwn(grant.mcp_tool_permissions ?? {}, server.id)
    ? `${level} grant: mcp_tool_permissions.${server.alias} does not list ${tool}`
    : `${level} grant: none of its fields covers ${server.alias}.${tool}`;
}
