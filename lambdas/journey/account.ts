import type { Callable } from '../domain/access.ts';
import type { Caller } from '../domain/caller.ts';
import type { End } from '../domain/metering/ledger.ts';
import { toUsd } from '../domain/money.ts';
import type { Account } from '../ports/world.ts';
import type { Metered } from './meter.ts';

/** A call that was allowed, in a request. */
export interface Asked {
  readonly caller: Caller;
  readonly requestId: string;
  readonly door: string;
  readonly callable: Callable;
  readonly level: string;
}

const lineOf = ({ caller, requestId, door, callable, level }: Asked) => ({
  request_id: requestId,
  door,
  org_id: caller.org_id,
  key_id: caller.key_id,
  team_id: caller.team_id,
  user_id: caller.user_id,
  agent_id: caller.agent_id,
  granted_by: level,
  server: callable.server.alias,
  tool: callable.tool.name,
});

/** Last stage: one line per call, with who and what, never an argument or a result. */
export const account = (asked: Asked, metered: Metered, ended: End, write: Account): void =>
  write({
    ...lineOf(asked),
    call_id: metered.id,
    price_usd: toUsd(metered.price),
    state: ended.state,
    status: ended.status,
    duration_ms: Math.round(ended.duration_ms),
  });

/** The line of a call that a limit refused. */
export const accountRefused = (asked: Asked, code: string, write: Account): void =>
  write({ ...lineOf(asked), status: code });
