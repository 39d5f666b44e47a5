import type { Callable } from '../domain/access.ts';
import { type Claim, claimsOf } from '../domain/metering/claim.ts';
import { endOf, type Unanswered } from '../domain/metering/end.ts';
import type { End, LedgerRow, RowName } from '../domain/metering/ledger.ts';
import { rateLimitOf, refusalOf } from '../domain/metering/short.ts';
import { type Tiers, tierOf } from '../domain/metering/tier.ts';
import { type Micros, priceOf } from '../domain/money.ts';
import { isQuestion } from '../domain/protocol/questions.ts';
import type { RateLimit, Refusal } from '../domain/refusal.ts';
import { no, ok, type Result } from '../domain/result.ts';
import type { After, Meter } from '../ports/meter.ts';
import type { Clock } from '../ports/world.ts';
import type { Scope } from './resolve.ts';

type Json = Readonly<Record<string, unknown>>;

/** A metered call that asked its caller for input: its row, and which continuation may go on with it. */
export interface Paused extends RowName {
  readonly round: number;
  readonly price: Micros;
}

/** What metering asks of the world. */
export interface MeterPorts {
  readonly clock: Clock;
  readonly meter: Meter;
  readonly tiers: Tiers;
  readonly newCallId: () => string;
  readonly after: After;
}

/** A call with its place in the ledger. */
export interface Metered extends RowName {
  readonly price: Micros;
  /** How the org's calls of the day stand; absent for a continuation, which takes none. */
  readonly rateLimit?: RateLimit;
  /** What is to be given back if the call is not sent. */
  readonly claims: readonly Claim[];
  readonly round: number;
}

/** What the ledger says of a call beside its target. */
export interface Metering {
  readonly scope: Scope;
  readonly door: string;
  readonly requestId: string;
  readonly paused?: Paused | undefined;
}

/** A server that asks for input more often than this begins a new call each time. */
const maxRounds = 10;
const daySeconds = 86_400;

/**
 * Third stage: reserves the call before a byte leaves, or refuses it: 429 past a quota or rate, 402 past a budget. The
 * continuation of a call that asked for input belongs to the reservation of its first request, once.
 */
export async function meter(
  { scope, door, requestId, paused }: Metering,
  { server, tool }: Callable,
  ports: MeterPorts,
): Promise<Result<Metered, Refusal>> {
  if (paused && paused.round < maxRounds && (await ports.meter.resume(paused, paused.round)))
    return ok({ ...paused, round: paused.round + 1, claims: [] });
  const { caller, world, access } = scope;
  const now = ports.clock();
  const tier = tierOf(ports.tiers, world.org.tier);
  const price = priceOf(server, tool.name);
  const claims = claimsOf({ world, server, tier, price, now });
  const { key_id, team_id, user_id, agent_id, org_id } = caller;
  const row: LedgerRow = {
    id: ports.newCallId(),
    org_id,
    at: new Date(now).toISOString(),
    request_id: requestId,
    door,
    key_id,
    ...(team_id === undefined ? {} : { team_id }),
    ...(user_id === undefined ? {} : { user_id }),
    ...(agent_id === undefined ? {} : { agent_id }),
    granted_by: access.level ?? 'none',
    server_id: server.id,
    server: server.alias,
    tool: tool.name,
    slot: claims[0]!.slot!,
    price,
    price_version: server.version,
    charged: claims.filter(({ kind }) => kind === 'spend').map(({ counter }) => counter.join('#')),
    ttl: Math.floor(now / 1000) + tier.retention_days * daySeconds,
  };
  const reserved = await ports.meter.reserve(row, claims);
  if (!reserved.ok) return no(refusalOf(reserved.refusal, now));
  const rateLimit = rateLimitOf(claims[0]!, reserved.value[0]!, now);
  return ok({ id: row.id, org_id, at: row.at, price, rateLimit, claims, round: 0 });
}

/** Writes how a metered call ended, after the answer where the platform allows, and gives back what was not sent. */
export function settle(metered: Metered, answer: Result<Json, Unanswered>, durationMs: number, ports: MeterPorts): End {
  const end = endOf(answer, durationMs);
  // A continuation's row is DONE since its first answer, and stays so.
  const settled = metered.round > 0 ? { ...end, state: 'DONE' as const } : end;
  ports.after(
    settled.state === 'RELEASED'
      ? ports.meter.release(metered, metered.claims, settled)
      : ports.meter.settle(metered, settled),
  );
  return end;
}

/** Where a call that asked for input may go on. */
export const pausedOf = ({ id, org_id, at, round, price }: Metered, result: Json): Paused | undefined =>
  isQuestion(result) ? { id, org_id, at, round, price } : undefined;
