import type { Micros } from '../domain/money.ts';
import type { ServerRecord } from '../domain/records.ts';
import type { Refusal } from '../domain/refusal.ts';
import { ok, type Result } from '../domain/result.ts';
import type { Account, Clock } from '../ports/world.ts';
import { account } from './account.ts';
import { type InvokePorts, invoke, type Sent } from './invoke.ts';
import { meter } from './meter.ts';
import { resolveTool, type Scope } from './resolve.ts';

/** One tool call, from any door: who and within what, which tool, with what. */
export interface Call extends Omit<Sent, 'caller'> {
  readonly scope: Scope;
  /** undefined where the name is nobody's. */
  readonly server: ServerRecord | undefined;
  readonly tool: string;
  readonly door: 'rest' | 'mcp';
  readonly requestId: string;
}

export interface CallPorts extends InvokePorts {
  readonly clock: Clock;
  readonly account: Account;
}

/** MCP CallToolResult as the upstream gave it, what it cost and the level that allowed it. */
export interface Called {
  readonly result: Readonly<Record<string, unknown>>;
  readonly price: Micros;
  readonly level: string;
}

/**
 * The corridor: every tool call, whichever door it came in by, walks resolve → meter → equip → invoke → account in this
 * order; the authorizer has authenticated the caller before any door opened. Nothing else knows this order.
 */
export async function call(request: Call, ports: CallPorts): Promise<Result<Called, Refusal>> {
  const resolved = resolveTool(request.scope, request.server, request.tool, request.arguments);
  if (!resolved.ok) return resolved;
  const metered = meter(resolved.value);
  const started = ports.clock();
  const answer = await invoke(resolved.value, { ...request, caller: request.scope.caller }, ports);
  const level = request.scope.access.level ?? 'none';
  account(
    {
      caller: request.scope.caller,
      requestId: request.requestId,
      door: request.door,
      callable: resolved.value,
      level,
      metered,
      status: answer.ok ? (answer.value['isError'] === true ? 'tool_error' : 'done') : answer.refusal.code,
      durationMs: ports.clock() - started,
    },
    ports.account,
  );
  return answer.ok ? ok({ result: answer.value, price: metered.price, level }) : answer;
}
