import type { UnpricedQuery, UnpricedTool } from '../../../contract/metering.ts';
import { approvedTools } from '../../domain/cascade/gates.ts';
import { fullName } from '../../domain/names.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Result } from '../../domain/result.ts';
import { type Listed, pageOf } from '../page.ts';
import type { UsageActing } from './acting.ts';

/** Tools of active servers that were given no price, by alias; a price of nothing is a price. */
export async function listUnpriced(
  acting: UsageActing,
  query: UnpricedQuery & { readonly limit: number },
): Promise<Result<Listed<UnpricedTool>, Refusal>> {
  const { servers } = await acting.records.directory(acting.caller.org_id);
  const tools = servers
    .filter(({ status, cost }) => status === 'active' && cost === undefined)
    .sort((one, other) => (one.alias < other.alias ? -1 : 1))
    .flatMap((server) =>
      approvedTools(server).map(({ name }) => ({
        server_id: server.id,
        server: server.alias,
        tool: fullName({ alias: server.alias, tool: name }),
      })),
    );
  return pageOf(
    acting,
    'unpriced',
    query,
    async ({ limit, after = '0' }) => {
      const [start, end] = [Number(after), Number(after) + limit];
      return { rows: tools.slice(start, end), ...(end < tools.length ? { next: String(end) } : {}) };
    },
    (tool) => tool,
  );
}
