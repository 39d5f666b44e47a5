import type { Narrowing } from '../../../contract/submission.ts';
import { approvedTools } from '../cascade/gates.ts';
import type { ServerRecord } from '../records.ts';
import { invalid, type Refusal } from '../refusal.ts';
import { ok, type Result } from '../result.ts';

/** A server with less than what was proposed; 400 for a tool that was not: an approval never widens. */
export function narrowed(server: ServerRecord, narrow: Narrowing = {}): Result<ServerRecord, Refusal> {
  const { tools, access_groups, cost } = narrow;
  const proposed = new Set(approvedTools(server).map(({ name }) => name));
  const unknown = tools?.find((name) => !proposed.has(name));
  if (unknown !== undefined) return invalid(`${unknown} is not among the proposed tools.`, 'narrow.tools');
  return ok({
    ...server,
    ...(tools === undefined ? {} : { allowed_tools: tools }),
    ...(access_groups === undefined ? {} : { access_groups: [...new Set(access_groups)] }),
    ...(cost === undefined ? {} : { cost }),
  });
}
