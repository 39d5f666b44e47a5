import { expect, test } from '@jest/globals';
import { claimsOf } from '../../../lambdas/domain/metering/claim.ts';
import { rateLimitOf, refusalOf } from '../../../lambdas/domain/metering/short.ts';
import type { Tier } from '../../../lambdas/domain/metering/tier.ts';
import { aBound, anAgent, anOrg, aTeam, aUser, aWorld, noon, type WorldParts } from '../../support/records.ts';

const free: Tier = { calls_per_day: 100, servers: 3, keys: 20, rpm: 600, burst: 100, retention_days: 90 };
const asking = (parts: WorldParts = {}, more: { price?: number; rpm?: number; tier?: Tier } = {}) =>
  claimsOf({
    world: aWorld(parts),
    server: { id: 'srv_docs', ...(more.rpm === undefined ? {} : { rpm: more.rpm }) },
    tier: more.tier ?? free,
    price: more.price ?? 0,
    now: noon,
  });
const names = (...given: Parameters<typeof asking>) => asking(...given).map(({ counter }) => counter.join('#'));

test('a call without limits of anybody takes one of the org’s calls of the UTC day, booked under its hour', () => {
  expect(asking()).toEqual([
    expect.objectContaining({ kind: 'calls', counter: ['CALLS', '2026-06-01'], slot: 'h12', take: 1, limit: 100 }),
  ]);
});

test('every principal of the key, the org and the server have a rate of their own, in one-minute windows', () => {
  const parts = {
    key: { rpm: 1 },
    team: aTeam({ rpm: 2 }),
    user: aUser({ rpm: 3 }),
    agent: anAgent({ rpm: 4 }),
    org: anOrg({ rpm: 5 }),
  };
  expect(names(parts, { rpm: 6 }).slice(1)).toEqual([
    'RATE#key#Key000000001#2026-06-01T12-00',
    'RATE#team#team_web#2026-06-01T12-00',
    'RATE#user#usr_ann#2026-06-01T12-00',
    'RATE#agent#agt_bot#2026-06-01T12-00',
    'RATE#org#default#2026-06-01T12-00',
    'RATE#server#srv_docs#2026-06-01T12-00',
  ]);
});

test('a budget is claimed in the window of its period, in micro-dollars, and only where the call costs anything', () => {
  const parts = {
    key: { max_budget_usd: 1 },
    team: aTeam({ max_budget_usd: 0.000003, budget_period: 'day' as const }),
    org: anOrg({ max_budget_usd: 2, budget_period: 'month' as const }),
  };
  expect(asking(parts, { price: 300_000 }).slice(1)).toEqual([
    expect.objectContaining({ counter: ['SPEND', 'key', 'Key000000001', 'total'], limit: 1_000_000, take: 300_000 }),
    expect.objectContaining({ counter: ['SPEND', 'team', 'team_web', '2026-06-01'], limit: 3, slot: 'd2026-06-01' }),
    expect.objectContaining({ counter: ['SPEND', 'org', 'default', '2026-06'], limit: 2_000_000 }),
  ]);
  expect(names(parts)).toEqual(['CALLS#2026-06-01']);
});

test('a minted key is charged to the whole lineage, a shared team once, and a minter that is gone to nobody', () => {
  const team = aTeam({ max_budget_usd: 1 });
  const minter = aBound({ key: { id: 'Minter000001', max_budget_usd: 5, rpm: 9 }, team });
  const claimed = names({ team, minters: [minter, undefined] }, { price: 1 });
  expect(claimed).toEqual([
    'CALLS#2026-06-01',
    'RATE#key#Minter000001#2026-06-01T12-00',
    'SPEND#team#team_web#total',
    'SPEND#key#Minter000001#total',
  ]);
});

test('from 500 calls a second on an environment takes blocks: a thousandth of the limit, at most 100, at least one', () => {
  const blocks = (calls_per_day: number, rpm: number) => asking({}, { tier: { ...free, calls_per_day, rpm } })[0];
  expect(blocks(1_000_000, 30_000)).not.toHaveProperty('block');
  expect(blocks(1_000_000, 30_000)).toHaveProperty('slot', 'h12');
  expect(blocks(1_000_000, 30_001)).toMatchObject({ block: 100, slot: 'leased' });
  expect(blocks(50_000, 30_001)).toMatchObject({ block: 50 });
  expect(blocks(10, 30_001)).toMatchObject({ block: 1 });
  expect(asking({ key: { rpm: 60_000 } })[1]).toMatchObject({ block: 60 });
});

test('a refusal says whose limit it is and when it begins anew; a budget what is left of it', () => {
  const [calls, rate, spend] = asking({ team: aTeam({ rpm: 2, max_budget_usd: 1 }) }, { price: 300_000 });
  const later = noon + 30_001;
  expect(refusalOf({ claim: calls!, used: 100 }, later)).toEqual({
    code: 'quota_exceeded',
    message: 'All 100 tool calls a day (UTC) of the org’s team tier are used.',
    retryAfterSeconds: 43_170,
    rateLimit: { limit: 100, remaining: 0, resetSeconds: 43_170 },
  });
  expect(refusalOf({ claim: rate!, used: 2 }, later)).toEqual({
    code: 'rate_limited',
    message: 'All 2 calls a minute of team team_web are used.',
    retryAfterSeconds: 30,
    rateLimit: { limit: 2, remaining: 0, resetSeconds: 30 },
  });
  expect(refusalOf({ claim: spend!, used: 900_000 }, later)).toEqual({
    code: 'budget_exceeded',
    message: 'The budget of team team_web has 0.1 of 1 US dollars left; this call costs 0.3.',
  });
  expect(refusalOf({ claim: spend!, used: 1_100_000 }, later)).toMatchObject({
    message: expect.stringContaining('has 0 of 1'),
  });
});

test('an admitted call learns how many of the day are left, and never less than none', () => {
  const [calls] = asking();
  expect(rateLimitOf(calls!, 1, noon)).toEqual({ limit: 100, remaining: 99, resetSeconds: 43_200 });
  expect(rateLimitOf(calls!, 101, noon).remaining).toBe(0);
  const [, total] = asking({ key: { max_budget_usd: 1 } }, { price: 1 });
  expect(rateLimitOf(total!, 1, noon).resetSeconds).toBe(1);
});
