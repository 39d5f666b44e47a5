import type { UsageAnswer, UsageQuery, UsageRow } from '../../../contract/metering.ts';
import { addSums, noSums, type Rollup, type Sums } from '../../domain/metering/rollup.ts';
import { daysFrom } from '../../domain/metering/sweep.ts';
import { dimensionOf, type Group, type Grouping, openGroups } from '../../domain/metering/usage.ts';
import { toUsd } from '../../domain/money.ts';
import { forbidden, invalid, type Refusal } from '../../domain/refusal.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { Page } from '../../ports/table.ts';
import { pageOf } from '../page.ts';
import type { UsageActing } from './acting.ts';
import { rangeOf } from './range.ts';

/** Roll-ups that one answer adds up: some seconds of reading. */
const mostRollups = 100_000;

/**
 * Usage from a day to a day by group: of the caller's org for its admins, of its own key for a member, who asks by key or
 * day.
 */
export async function summarize(
  acting: UsageActing,
  { from, to, group_by: by = 'day', ...page }: UsageQuery & { readonly limit: number },
): Promise<Result<UsageAnswer, Refusal>> {
  const { caller, now } = acting;
  const range = rangeOf({ from, to }, now);
  if (!range.ok) return range;
  if (caller.role === 'member' && by !== 'key' && by !== 'day')
    return forbidden('A member sees the usage of its own key, by key or day.', 'role', 'group_by');
  const sums = openGroups(by);
  let read = 0;
  for await (const rollup of rollupsFor(acting, by, range.value)) {
    read += 1;
    if (read > mostRollups) return invalid(`from: over ${mostRollups} roll-ups to add up; ask for fewer days.`, 'from');
    sums.add(rollup);
  }
  const groups = sums.groups();
  const listed = await pageOf(
    acting,
    `usage:${by}`,
    page,
    async (asked) => slice(groups, asked),
    (group) => group,
  );
  if (!listed.ok) return listed;
  const data = await Promise.all(listed.value.data.map((group) => view(acting, by, group)));
  return ok({ ...listed.value, data, ...range.value, group_by: by, total: inUsd(groups.reduce(addSums, noSums)) });
}

async function* rollupsFor(
  { caller, usage }: UsageActing,
  by: Grouping,
  { from, to }: { readonly from: string; readonly to: string },
): AsyncGenerator<Rollup> {
  const { org_id, key_id } = caller;
  if (caller.role !== 'member') yield* usage.rollups(org_id, dimensionOf(by), from, to);
  else yield* await usage.rollupsNamed(daysFrom(from, to).map((day) => ({ org_id, by: 'key', day, of: [key_id] })));
}

function slice(groups: readonly Group[], { limit, after }: { limit: number; after?: string }): Page<Group> {
  const rest = after === undefined ? groups : groups.filter(({ id }) => id > after);
  const rows = rest.slice(0, limit);
  return rest.length > limit ? { rows, next: rows.at(-1)!.id } : { rows };
}

async function view({ records, caller }: UsageActing, by: Grouping, group: Group): Promise<UsageRow> {
  const { id } = group;
  const isRecord = by === 'key' || by === 'team' || by === 'user' || by === 'agent' || by === 'org';
  const name = isRecord ? (await records.get(by, caller.org_id, id))?.name : group.name;
  return { id, ...(name === undefined ? {} : { name }), ...inUsd(group) };
}

const inUsd = ({ calls, done, failed, unknown, price }: Sums) => ({
  calls,
  done,
  failed,
  unknown,
  price_usd: toUsd(price),
});
