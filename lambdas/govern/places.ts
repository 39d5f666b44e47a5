import type { AuditEntry } from '../domain/audit.ts';
import { type PlaceKind, placesIn, type Tiers, tierOf } from '../domain/metering/tier.ts';
import type { OrgRecord } from '../domain/records.ts';
import type { Change, CommitConflict, Records } from '../ports/table.ts';
import { hasEnded } from './keys/ended.ts';

/** Keys of one read of the index. */
const pageKeys = 1_000;

type Take = Extract<Change, { readonly do: 'take_place' }>;

/** Takes a place of an org's tier; one that the settings no longer have counts as the default tier. */
export const placeIn = (tiers: Tiers, { id, tier }: Pick<OrgRecord, 'id' | 'tier'>, what: PlaceKind): Take => ({
  do: 'take_place',
  what,
  org_id: id,
  tier,
  limit: placesIn(tierOf(tiers, tier), what),
});

/** Takes a place of the tier that an org has now: a change of the tier holds at once. */
export async function takePlace(
  { records, tiers }: { readonly records: Pick<Records, 'get'>; readonly tiers: Tiers },
  orgId: string,
  what: PlaceKind,
): Promise<Take> {
  const org = await records.get('org', orgId, orgId);
  return placeIn(tiers, { id: orgId, tier: org?.tier ?? tiers.default }, what);
}

/** What is in use of a kind, counted: active servers as they stand, live keys as the index shows them within a second. */
export async function countPlaces(
  records: Pick<Records, 'directory' | 'list'>,
  orgId: string,
  what: PlaceKind,
  now: number,
): Promise<number> {
  if (what === 'server')
    return (await records.directory(orgId)).servers.filter(({ status }) => status === 'active').length;
  let live = 0;
  let after: string | undefined;
  do {
    const page = await records.list('key', orgId, { limit: pageKeys, ...(after === undefined ? {} : { after }) });
    live += page.rows.filter((key) => !hasEnded(key, now)).length;
    after = page.next;
  } while (after !== undefined);
  return live;
}

/**
 * Commits changes of which one may take or free a place. A counter that nobody has made yet, or that stands in the way,
 * is first set to what there really is, once: a key that expires frees its place without a word.
 */
export async function commitPlaced(
  { records, now }: { readonly records: Records; readonly now: number },
  audit: readonly AuditEntry[],
  changes: readonly Change[],
): Promise<CommitConflict | undefined> {
  const met = await records.commit(audit, changes);
  if (met?.change.do !== 'take_place' && met?.change.do !== 'free_place') return met;
  const { org_id, what } = met.change;
  const seen = await records.places(org_id, what);
  const used = await countPlaces(records, org_id, what, now);
  if (used !== seen?.used) await records.recount(org_id, what, seen, used);
  return met.change.do === 'take_place' && used >= met.change.limit
    ? { ...met, met: { used } }
    : records.commit(audit, changes);
}
