import type { OrgRecord } from '../records.ts';
import { type Tiers, tierNameOf } from './tier.ts';

/** Orgs that get a usage-plan key of their own: of the 10,000 keys of a region the tiers and the account need some. */
export const mostUsageKeys = 9_000;

/** What the record says of an org that stays on its tier's shared key; no tier can be called so. */
export const keptShared = '-';

type Valved = Pick<OrgRecord, 'tier' | 'usage_key'>;

/** Whether the org's requests are counted by its own key: it is in the plan of the tier that the org has now. */
export const ownsUsageKey = ({ tier, usage_key }: Valved): boolean => usage_key === tier;

/** Whether something is left to do for the org's own key. */
export const isUnsettled = (org: Valved): boolean => !ownsUsageKey(org) && org.usage_key !== keptShared;

/** What an org's item says about its usage-plan key while it is moved. */
export interface ValveState extends Pick<OrgRecord, 'tier' | 'deleted_at'> {
  /** The run that has the key in hand: the last that claimed it. */
  readonly run?: string;
  /** The org has one of the places for keys. */
  readonly placed: boolean;
}

/** What a run does with the key. `tier` is the org's; `plan` the tier whose plan that is, where the settings have lost it. */
export interface Turn {
  readonly act: 'move' | 'remove' | 'nothing';
  readonly tier: string;
  readonly plan: string;
}

/** What is to be done by a run: nothing once a later one has the key in hand. */
export function turnOf(state: ValveState | undefined, run: string, tiers: Tiers): Turn {
  if (state?.run !== run) return { act: 'nothing', tier: '', plan: '' };
  const { tier, deleted_at, placed } = state;
  const act = deleted_at === undefined ? 'move' : placed ? 'remove' : 'nothing';
  return { act, tier, plan: tierNameOf(tiers, tier) };
}
