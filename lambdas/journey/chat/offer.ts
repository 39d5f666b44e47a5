import type { ToolEntry } from '../../../contract/chat.ts';
import { type Entries, readEntries } from '../../domain/chat/entries.ts';
import { isAllowed, needsApproval } from '../../domain/chat/filter.ts';
import { withEntryHeaders, withExtraHeaders } from '../../domain/chat/headers.ts';
import { makeOffers, type Offer, type Offers } from '../../domain/chat/offer.ts';
import { splitFullName } from '../../domain/names.ts';
import { invalid, notFound, type Refusal } from '../../domain/refusal.ts';
import { ok, type Result } from '../../domain/result.ts';
import { describe } from '../list.ts';
import { maxListed } from '../page.ts';
import { findServer, type Narrowing, resolveScope, resolveTool } from '../resolve.ts';
import type { ChatPorts, ChatRequest, Source } from './talk.ts';

/** What a request offers the model, and where from. */
export interface Offered {
  readonly offers: Offers;
  readonly sources: readonly Source[];
}

const narrowedBy = (headers: ChatRequest['headers']): NonNullable<Narrowing['listed']> =>
  (headers['x-mcp-servers'] ?? []).map((names) => ({ param: 'x-mcp-servers', names }));

/** The tools of one MCP entry: those of its set that the caller may use, as far as the entry allows them. */
async function ofSet(
  { entry, names, param }: Entries['sets'][number],
  headers: ChatRequest['headers'],
  { caller }: ChatRequest,
  ports: ChatPorts,
  at: number,
): Promise<Result<{ readonly source: Source; readonly found: readonly Offer[] }, Refusal>> {
  const own = entry.headers ?? {};
  const set = names === undefined ? [] : [{ param, names }];
  const ownNarrowing = narrowedBy(withEntryHeaders({}, own));
  const narrowing = { listed: [...narrowedBy(headers), ...ownNarrowing, ...set] };
  const scope = await resolveScope(caller, narrowing, ports.clock(), ports.worlds);
  if (!scope.ok) return scope;
  if (scope.value.tools.length > maxListed)
    return invalid(`${param}: more than ${maxListed} tools; name fewer servers.`, param);
  const { tools } = await describe(scope.value.tools, ports.snapshots);
  const found = tools
    .filter((listed) => isAllowed(entry, listed))
    .map((listed) => ({
      alias: listed.server.alias,
      tool: listed.tool.name,
      definition: listed.definition,
      approval: needsApproval(entry, listed),
      source: at,
    }));
  return ok({ source: { narrowing, headers: withEntryHeaders(headers, own) }, found });
}

/** Gateway tools by full name; the first that is not the caller's is 404 or 403, as the target of a call is. */
async function ofNames(
  named: Entries['named'],
  { narrowing }: Source,
  { caller }: ChatRequest,
  ports: ChatPorts,
  at: number,
): Promise<Result<readonly Offer[], Refusal>> {
  const scope = await resolveScope(caller, narrowing, ports.clock(), ports.worlds);
  if (!scope.ok) return scope;
  const chosen: (typeof scope.value.tools)[number][] = [];
  for (const { name } of named) {
    const target = splitFullName(name);
    if (!target) return notFound(`Tool ${name}`);
    const { alias, tool } = target;
    const callable = scope.value.tools.find((one) => one.server.alias === alias && one.tool.name === tool);
    const refused = callable ? undefined : resolveTool(scope.value, findServer(scope.value.world, alias), tool, {});
    if (refused && !refused.ok) return refused;
    if (callable) chosen.push(callable);
  }
  const { tools } = await describe(chosen, ports.snapshots);
  return ok(
    tools.map(({ server: { alias }, tool, definition }) => ({
      alias,
      tool: tool.name,
      definition,
      approval: false,
      source: at,
    })),
  );
}

/** What a model is offered: exactly the caller's tools, as far as `tools` and the headers name them, and its own functions. */
export async function offerTools(request: ChatRequest, ports: ChatPorts): Promise<Result<Offered, Refusal>> {
  const { body, ownHosts } = request;
  const entries = readEntries((body.tools ?? []) as readonly ToolEntry[], ownHosts);
  if (!entries.ok) return entries;
  const { sets, named, own } = entries.value;
  if (sets.length + named.length > 0 && (body.n ?? 1) > 1)
    return invalid('n: with tools of the gateway there is one answer.', 'n');
  const headers = withExtraHeaders(request.headers, body.extra_headers ?? {});
  const sources: Source[] = [];
  const found: Offer[] = [];
  for (const set of sets) {
    const offered = await ofSet(set, headers, request, ports, sources.length);
    if (!offered.ok) return offered;
    sources.push(offered.value.source);
    found.push(...offered.value.found);
  }
  if (named.length > 0) {
    const source = { narrowing: { listed: narrowedBy(headers) }, headers };
    const offered = await ofNames(named, source, request, ports, sources.length);
    if (!offered.ok) return offered;
    sources.push(source);
    found.push(...offered.value);
  }
  const offers = makeOffers(found, own);
  return offers.ok ? ok({ offers: offers.value, sources }) : offers;
}
