import { type Micros, toMicros } from '../money.ts';
import type { Limits } from '../records.ts';
import type { World } from '../world.ts';
import type { Tier } from './tier.ts';
import { dayOf, hourOf, type Window, windowOf } from './window.ts';

/** What a call takes of one counter; it is admitted only where `used + take` stays within the limit. */
export interface Claim {
  readonly kind: 'calls' | 'rate' | 'spend';
  /** Parts of the counter's name within the org: `CALLS 2026-11-24`, `SPEND team team_x 2026-11`, `RATE key 4fT9 2026-11-24T10-31`. */
  readonly counter: readonly string[];
  /** The part of the window that the take is booked under too, so that a part which is over can be compared with the ledger. */
  readonly slot?: string;
  readonly take: number;
  readonly limit: number;
  readonly window: Window;
  /** Whose limit it is, as a caller may read it. */
  readonly of: string;
  /** Units that an environment takes at once where one write a call would be too many for one item. */
  readonly block?: number;
}

/** A claim that did not fit, and what was used when it was refused. */
export interface Short {
  readonly claim: Claim;
  readonly used: number;
}

/** Writes a second that one DynamoDB item takes are about 1,000; from half of that on an environment takes blocks. */
const leasedPerSecond = 500;
/** An environment holds at most a thousandth of a limit, and at most 100 units: what may lie unused in each. */
const blockOf = (limit: number): number => Math.max(1, Math.min(100, Math.floor(limit / 1000)));

/** A principal or server that may have limits, by the words of the ledger. */
interface Holder {
  readonly kind: 'key' | 'team' | 'user' | 'agent' | 'org' | 'server';
  readonly id: string;
  readonly limits: Limits;
}

/**
 * Everyone whose limits a call of this world counts against: its key, team, user, agent and org, and those of every key
 * that it was minted by, so that minting is no way around a budget.
 */
export function holdersOf(world: World): readonly Holder[] {
  const bound = [world, ...world.minters].flatMap((one) =>
    one === undefined
      ? []
      : (['key', 'team', 'user', 'agent'] as const).flatMap((kind) => {
          const record = one[kind];
          return record === undefined ? [] : [{ kind, id: record.id, limits: record }];
        }),
  );
  const all: readonly Holder[] = [...bound, { kind: 'org', id: world.org.id, limits: world.org }];
  return [...new Map(all.map((holder) => [`${holder.kind} ${holder.id}`, holder])).values()];
}

/** What is claimed for one call. */
export interface Asking {
  readonly world: World;
  readonly server: { readonly id: string; readonly rpm?: number };
  readonly tier: Tier;
  readonly price: Micros;
  readonly now: number;
}

/** Every counter that a call takes from: the org's calls of the day, rates, and budgets where the call costs anything. */
export function claimsOf({ world, server, tier, price, now }: Asking): readonly Claim[] {
  const holders = holdersOf(world);
  return [
    callsClaim(world, tier, now),
    ...[...holders, { kind: 'server', id: server.id, limits: server } as const].flatMap((one) => rateClaim(one, now)),
    ...(price === 0 ? [] : holders.flatMap((one) => spendClaim(one, price, now))),
  ];
}

/** A call's take of its org's calls of the day. */
export function callsClaim({ org }: World, tier: Tier, now: number): Claim {
  const leased = tier.rpm / 60 > leasedPerSecond;
  return {
    kind: 'calls',
    counter: ['CALLS', dayOf(now)],
    // A block is taken in another hour than its last unit is used in: only whole days can be compared.
    ...(leased ? { block: blockOf(tier.calls_per_day), slot: 'leased' } : { slot: `h${hourOf(now)}` }),
    take: 1,
    limit: tier.calls_per_day,
    window: windowOf('day', now),
    of: `the org’s ${org.tier} tier`,
  };
}

function rateClaim({ kind, id, limits: { rpm } }: Holder, now: number): readonly Claim[] {
  if (rpm === undefined) return [];
  const window = windowOf('minute', now);
  const block = rpm / 60 > leasedPerSecond ? { block: blockOf(rpm) } : {};
  return [
    {
      kind: 'rate',
      counter: ['RATE', kind, id, window.name],
      take: 1,
      limit: rpm,
      window,
      of: nameOf(kind, id),
      ...block,
    },
  ];
}

/** A price's take of a holder's budget; empty where it has none. */
export function spendClaim({ kind, id, limits }: Holder, price: Micros, now: number): readonly Claim[] {
  const { max_budget_usd: budget, budget_period: period = 'total' } = limits;
  if (budget === undefined) return [];
  const window = windowOf(period, now);
  return [
    {
      kind: 'spend',
      counter: ['SPEND', kind, id, window.name],
      slot: `d${dayOf(now)}`,
      take: price,
      limit: toMicros(budget),
      window,
      of: nameOf(kind, id),
    },
  ];
}

const nameOf = (kind: Holder['kind'], id: string): string => (kind === 'org' ? 'the org' : `${kind} ${id}`);
