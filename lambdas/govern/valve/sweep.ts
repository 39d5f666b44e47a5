import { isUnsettled } from '../../domain/metering/valve.ts';
import { dayOf } from '../../domain/metering/window.ts';
import type { Records } from '../../ports/table.ts';
import type { StartValve } from '../../ports/valve.ts';

/** Orgs of one read of the index. */
const pageOrgs = 200;
/** Runs that one sweep starts: API Gateway makes five keys a second for a whole account. */
const mostRuns = 500;

/** Starts what a crash left unstarted, and once a day what failed; answers how many runs it started. */
export async function sweepValves({
  records,
  startValve,
  now,
}: {
  readonly records: Pick<Records, 'list'>;
  readonly startValve: StartValve;
  readonly now: number;
}): Promise<number> {
  let started = 0;
  let after: string | undefined;
  do {
    const page = await records.list('org', '', { limit: pageOrgs, ...(after === undefined ? {} : { after }) });
    for (const { id, version } of page.rows.filter(isUnsettled))
      if (started < mostRuns && (await startValve(id, `${id}-${version}-${dayOf(now)}`))) started += 1;
    after = page.next;
  } while (after !== undefined);
  return started;
}
