import type { Micros } from '../domain/money.ts';
import { isQuestion } from '../domain/protocol/questions.ts';
import type { ServerRecord } from '../domain/records.ts';
import type { Refusal } from '../domain/refusal.ts';
import { ok, type Result } from '../domain/result.ts';
import type { Account, Clock } from '../ports/world.ts';
import { account, type Door } from './account.ts';
import { type Along, type InvokePorts, invoke, type Sending } from './invoke.ts';
import { meter } from './meter.ts';
import { resolveTool, type Scope } from './resolve.ts';

type Json = Readonly<Record<string, unknown>>;

/** One tool call, from any door: who and within what, which tool, with what. */
export interface Call extends Omit<Sending, 'caller'> {
  readonly scope: Scope;
  /** undefined where the name is nobody's. */
  readonly server: ServerRecord | undefined;
  readonly tool: string;
  readonly arguments: Json;
  /** Parameters of a continuation (MCP 2026-07-28, MRTR), in the upstream's own words. */
  readonly continuation?: Json;
  readonly along?: Along;
  readonly door: Door;
  readonly requestId: string;
}

/** What a call asks of the world. */
export interface CallPorts extends InvokePorts {
  readonly clock: Clock;
  readonly account: Account;
}

/** MCP CallToolResult as the upstream gave it, or its questions; what it cost and the level that allowed it. */
export interface Called {
  readonly result: Json;
  readonly price: Micros;
  readonly level: string;
}

/**
 * The corridor: every tool call, whichever door it came in by, walks resolve → meter → equip → invoke → account in this
 * order; the authorizer has authenticated the caller before any door opened. Nothing else knows this order, but
 * `inquire`, which walks it without the counters.
 */
export async function call(request: Call, ports: CallPorts): Promise<Result<Called, Refusal>> {
  const { scope, door, requestId } = request;
  const resolved = resolveTool(scope, request.server, request.tool, request.arguments);
  if (!resolved.ok) return resolved;
  const { server, tool } = resolved.value;
  const metered = meter(resolved.value);
  const started = ports.clock();
  const answer = await invoke(
    server,
    {
      ...request.along,
      method: 'tools/call',
      params: { name: tool.name, arguments: request.arguments, ...request.continuation },
      ...(tool.mirrored === undefined ? {} : { mirrored: tool.mirrored }),
    },
    { ...request, caller: scope.caller },
    ports,
  );
  const level = scope.access.level ?? 'none';
  const durationMs = ports.clock() - started;
  const status = answer.ok ? statusOf(answer.value) : answer.refusal.code;
  account(
    { caller: scope.caller, requestId, door, callable: resolved.value, level, metered, status, durationMs },
    ports.account,
  );
  return answer.ok ? ok({ result: answer.value, price: metered.price, level }) : answer;
}

/** How a result that came from the tool ended, in a word. */
export function statusOf(result: Json): string {
  if (isQuestion(result)) return 'input_required';
  return result['isError'] === true ? 'tool_error' : 'done';
}
