import type { Callable } from '../domain/access.ts';
import type { Caller } from '../domain/caller.ts';
import type { End } from '../domain/metering/ledger.ts';
import { toUsd } from '../domain/money.ts';
import type { Account } from '../ports/world.ts';
import type { Metered } from './meter.ts';

/** A call that ended. */
export interface Ended {
  readonly caller: Caller;
  readonly requestId: string;
  readonly door: string;
  readonly callable: Callable;
  readonly level: string;
  readonly metered: Metered;
  readonly ended: End;
}

/** Last stage: one line per call, with who and what, never an argument or a result. */
export const account = ({ caller, requestId, door, callable, level, metered, ended }: Ended, write: Account): void =>
  write({
    request_id: requestId,
    call_id: metered.id,
    door,
    org_id: caller.org_id,
    key_id: caller.key_id,
    team_id: caller.team_id,
    user_id: caller.user_id,
    agent_id: caller.agent_id,
    granted_by: level,
    server: callable.server.alias,
    tool: callable.tool.name,
    price_usd: toUsd(metered.price),
    state: ended.state,
    status: ended.status,
    duration_ms: Math.round(ended.duration_ms),
  });
