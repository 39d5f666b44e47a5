import type { Callable } from '../domain/access.ts';
import type { Caller } from '../domain/caller.ts';
import { toUsd } from '../domain/money.ts';
import type { Account } from '../ports/world.ts';
import type { Metered } from './meter.ts';

/** By which door a call came in. */
export type Door = 'rest' | 'mcp' | 'chat';

/** How a call ended: `done`, `tool_error` and `input_required` reached the tool, a refusal's code says why it did not. */
export interface Ended {
  readonly caller: Caller;
  readonly requestId: string;
  readonly door: Door;
  readonly callable: Callable;
  readonly level: string;
  readonly metered: Metered;
  readonly status: string;
  readonly durationMs: number;
}

/** Last stage: one line per call, with who and what, never an argument or a result. */
export const account = (ended: Ended, write: Account): void =>
  write({
    request_id: ended.requestId,
    door: ended.door,
    org_id: ended.caller.org_id,
    key_id: ended.caller.key_id,
    team_id: ended.caller.team_id,
    user_id: ended.caller.user_id,
    agent_id: ended.caller.agent_id,
    granted_by: ended.level,
    server: ended.callable.server.alias,
    tool: ended.callable.tool.name,
    price_usd: toUsd(ended.metered.price),
    status: ended.status,
    duration_ms: Math.round(ended.durationMs),
  });
