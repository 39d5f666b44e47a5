import type { Callable } from '../domain/access.ts';
import type { Unanswered } from '../domain/metering/end.ts';
import type { Micros } from '../domain/money.ts';
import type { ServerRecord } from '../domain/records.ts';
import type { RateLimit, Refusal } from '../domain/refusal.ts';
import { ok, type Result } from '../domain/result.ts';
import type { Attempts } from '../ports/meter.ts';
import type { Account } from '../ports/world.ts';
import { account, accountRefused } from './account.ts';
import { type Attempted, once } from './attempt.ts';
import { type Along, type InvokePorts, invoke, type Sending } from './invoke.ts';
import { type MeterPorts, meter, type Paused, pausedOf, settle } from './meter.ts';
import { resolveTool, type Scope } from './resolve.ts';

type Json = Readonly<Record<string, unknown>>;

/** One tool call, from any door: who and within what, which tool, with what. */
export interface Call extends Omit<Sending, 'caller'> {
  readonly scope: Scope;
  /** undefined where the name is nobody's. */
  readonly server: ServerRecord | undefined;
  readonly tool: string;
  readonly arguments: Json;
  /** Parameters of a continuation (MCP 2026-07-28, MRTR), in the upstream's own words, and the call it goes on with. */
  readonly continuation?: Json;
  readonly paused?: Paused | undefined;
  readonly along?: Along;
  readonly door: 'rest' | 'mcp';
  readonly requestId: string;
  /** Carried out and charged once in 24 hours (product §7). */
  readonly idempotencyKey?: string | undefined;
}

/** What a call asks of the world. */
export interface CallPorts extends InvokePorts, MeterPorts {
  readonly account: Account;
  readonly attempts: Attempts;
}

/** MCP CallToolResult as the upstream gave it, or its questions; what it cost and the level that allowed it. */
export interface Called {
  readonly result: Json;
  readonly price: Micros;
  readonly level: string;
  /** How the org's calls of the day stand. */
  readonly rateLimit?: RateLimit;
  /** Where a call that asked for input may go on. */
  readonly paused?: Paused;
  /** The stored result of an earlier request by the same idempotency key; nothing ran and nothing was charged. */
  readonly replayed?: true;
}

/**
 * The corridor: every tool call, whichever door it came in by, walks resolve → meter → equip → invoke → account in this
 * order; the authorizer has authenticated the caller before any door opened. Nothing else knows this order, but
 * `inquire`, which walks it without the counters.
 */
export async function call(request: Call, ports: CallPorts): Promise<Result<Called, Refusal>> {
  const { scope, idempotencyKey, arguments: args, continuation } = request;
  const resolved = resolveTool(scope, request.server, request.tool, args);
  if (!resolved.ok) return resolved;
  const walk = (sending: () => void) => walkOn(request, resolved.value, ports, sending);
  if (idempotencyKey === undefined) return (await walk(() => {})).outcome;
  const { server, tool } = resolved.value;
  const { org_id, key_id } = scope.caller;
  const named = {
    org_id,
    key_id,
    server_id: server.id,
    tool: tool.name,
    idempotencyKey,
    arguments: args,
    continuation,
  };
  return once(named, ports, walk);
}

async function walkOn(
  request: Call,
  callable: Callable,
  ports: CallPorts,
  sending: () => void,
): Promise<Attempted<Called>> {
  const { scope, door, requestId } = request;
  const { server, tool } = callable;
  const level = scope.access.level ?? 'none';
  const asked = { caller: scope.caller, requestId, door, callable, level };
  const metered = await meter(request, callable, ports);
  if (!metered.ok) {
    accountRefused(asked, metered.refusal.code, ports.account);
    return { outcome: metered, sent: false };
  }
  const started = ports.clock();
  let dialled = false;
  const ask: typeof ports.upstream.ask = (target, wanted) => {
    dialled = true;
    sending();
    return ports.upstream.ask(target, wanted);
  };
  const end = (answer: Result<Json, Unanswered>) => settle(metered.value, answer, ports.clock() - started, ports);
  const params = { name: tool.name, arguments: request.arguments, ...request.continuation };
  const mirrored = tool.mirrored === undefined ? {} : { mirrored: tool.mirrored };
  const answer = await invoke(
    server,
    { ...request.along, method: 'tools/call', params, ...mirrored },
    { ...request, caller: scope.caller },
    { ...ports, upstream: { ...ports.upstream, ask } },
  ).catch((fault: unknown) => {
    // A store behind the credential that does not answer: nothing was sent, nothing is charged.
    end({ ok: false, refusal: { code: 'internal_error', ...(dialled ? {} : { sent: false }) } });
    throw fault;
  });
  const ended = end(answer);
  account(asked, metered.value, ended, ports.account);
  const sent = ended.state !== 'RELEASED';
  if (!answer.ok) return { outcome: answer, sent };
  const { price, rateLimit } = metered.value;
  const paused = pausedOf(metered.value, answer.value);
  return {
    sent,
    outcome: ok({
      result: answer.value,
      price,
      level,
      ...(rateLimit === undefined ? {} : { rateLimit }),
      ...(paused === undefined ? {} : { paused }),
    }),
  };
}
