/** What a tier allows an org; the settings of `gateway.config.ts`. */
export interface Tier {
  /** Tool calls and agent invocations a UTC day, exact. */
  readonly calls_per_day: number;
  /** Active servers, exact. */
  readonly servers: number;
  /** Live keys. */
  readonly keys: number;
  /** HTTP requests a minute of the org's usage-plan key: the coarse valve, best effort. */
  readonly rpm: number;
  /** Requests the valve lets through at once. */
  readonly burst: number;
  /** Days that ledger rows are kept. */
  readonly retention_days: number;
}

/** What a tier allows so many of at a time: active servers, live keys. */
export type PlaceKind = 'server' | 'key';

/** How many places of a kind a tier has. */
export const placesIn = ({ servers, keys }: Tier, what: PlaceKind): number => (what === 'server' ? servers : keys);

/** Every tier by name, and the one of an org that was given none, or one that the settings no longer have. */
export interface Tiers {
  readonly byName: Readonly<Record<string, Tier>>;
  readonly default: string;
}

/** The tier of an org. Throws where the settings have none at all: without limits nothing is admitted. */
export function tierOf(tiers: Tiers, name: string): Tier {
  const tier = tiers.byName[tierNameOf(tiers, name)];
  if (!tier) throw new Error('The settings have no tier.');
  return tier;
}

/** The name of an org's tier among those that there are. */
export const tierNameOf = ({ byName, default: fallback }: Tiers, name: string): string =>
  Object.hasOwn(byName, name) ? name : fallback;
