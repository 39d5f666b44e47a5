import * as contract from '../../contract/metering.ts';
import type { Route } from '../../contract/route.ts';
import { clock, records, seal, usage } from '../compose.ts';
import { renderCsv } from '../domain/csv.ts';
import type { Refusal } from '../domain/refusal.ts';
import { ok, type Result } from '../domain/result.ts';
import type { Listed } from '../govern/page.ts';
import type { UsageActing } from '../govern/usage/acting.ts';
import { listLedger } from '../govern/usage/ledger.ts';
import { summarize } from '../govern/usage/summary.ts';
import { listUnpriced } from '../govern/usage/unpriced.ts';
import { type Incoming, on, type Served, serve } from '../middleware/serve.ts';

/** Whether the caller would rather have CSV than JSON. */
const wantsCsv = (accept: string | undefined): boolean =>
  (accept ?? '').split(',').some((type) => /^text\/csv\b/i.test(type.trim()));

/** Binds a list to its route: JSON, or as CSV its rows alone, the next page's cursor in a header. */
const list = <Q extends { readonly limit?: number }>(
  route: Route<undefined, Q>,
  columns: object,
  read: (acting: UsageActing, query: Q & { readonly limit: number }) => Promise<Result<Listed<object>, Refusal>>,
): Served =>
  on(route, async ({ caller, requestId, query, header }: Incoming<undefined, Q>) => {
    const csv = wantsCsv(header('accept'));
    const limit = query.limit ?? (csv ? contract.usagePage.csv : contract.usagePage.json);
    const acting = { caller, requestId, now: clock(), records: records(), usage: usage(), seal: seal() };
    const listed = await read(acting, { ...query, limit });
    if (!listed.ok) return listed;
    const { data, next_cursor } = listed.value;
    if (!csv) return ok({ body: listed.value });
    return ok({
      body: renderCsv(Object.keys(columns), data as readonly Readonly<Record<string, unknown>>[]),
      headers: {
        'content-type': 'text/csv; charset=utf-8; header=present',
        'content-disposition': `attachment; filename="${route.path.split('/').at(-1)}.csv"`,
        ...(next_cursor === undefined ? {} : { 'x-xct-next-cursor': next_cursor }),
      },
    });
  });

/** Usage, ledger and tools without a price: reads the table and nothing else. */
export const handler = serve([
  list(contract.usage, contract.UsageRow.shape, summarize),
  list(contract.ledger, contract.LedgerEntry.shape, listLedger),
  list(contract.unpriced, contract.UnpricedTool.shape, listUnpriced),
]);
