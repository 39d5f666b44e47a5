import type * as z from 'zod';
import { type CallBody, listTools, restCall, restList, setCall, setList } from '../../contract/tools.ts';
import { callPorts, clock, seal, snapshots, worlds } from '../compose.ts';
import { readIdempotencyKey } from '../domain/metering/idempotency.ts';
import { toUsd } from '../domain/money.ts';
import { splitFullName } from '../domain/names.ts';
import { passingMeta } from '../domain/protocol/meta.ts';
import { restResult } from '../domain/protocol/results.ts';
import { withItems } from '../domain/protocol/text.ts';
import type { ServerRecord } from '../domain/records.ts';
import { notFound, type Refusal, rateLimitHeaders } from '../domain/refusal.ts';
import { ok, type Result } from '../domain/result.ts';
import { fullNameOf, openAiTool, restTool } from '../domain/tool-view.ts';
import { call } from '../journey/call.ts';
import { type Listed, listTools as list } from '../journey/list.ts';
import { namesOf, targetOf } from '../journey/name.ts';
import type { PageOf } from '../journey/page.ts';
import { findServer, resolveScope, type Scope } from '../journey/resolve.ts';
import type { Answer } from '../middleware/answer.ts';
import { writeCall } from '../middleware/observe.ts';
import { type Incoming, on, serve } from '../middleware/serve.ts';

/** 25 s: what an upstream may take on a buffered route, which API Gateway ends at 29 s. */
const maxTimeoutMs = 25_000;

/** The caller's tools, narrowed by the path, by `x-mcp-servers` and by the names of a query parameter. */
function scopeOf(
  { caller, header, params }: Incoming<unknown, unknown>,
  queried: Readonly<Record<string, string | undefined>> = {},
): Promise<Result<Scope, Refusal>> {
  const listed = Object.entries({ 'x-mcp-servers': header('x-mcp-servers'), ...queried }).flatMap(([param, names]) =>
    names === undefined ? [] : [{ param, names }],
  );
  return resolveScope(caller, { path: params['set'], listed }, clock(), worlds());
}

async function callTool(
  { headers, header, requestId, body, after }: Incoming<Pick<z.infer<typeof CallBody>, 'arguments' | '_meta'>, unknown>,
  scope: Scope,
  server: ServerRecord | undefined,
  tool: string,
): Promise<Result<Answer, Refusal>> {
  const along = { meta: passingMeta(body._meta) };
  const key = readIdempotencyKey(header('idempotency-key'), 'Idempotency-Key');
  if (!key.ok) return key;
  const answer = await call(
    {
      scope,
      server,
      tool,
      arguments: body.arguments ?? {},
      along,
      headers,
      requestId,
      door: 'rest',
      maxTimeoutMs,
      idempotencyKey: key.value,
    },
    { ...callPorts(), account: writeCall, after },
  );
  if (!answer.ok) return answer;
  const { result, price, level, rateLimit, replayed } = answer.value;
  return ok({
    body: restResult(result),
    headers: {
      'x-xct-cost-usd': String(toUsd(price)),
      'x-xct-level': level,
      ...(rateLimit && rateLimitHeaders(rateLimit)),
      ...(replayed && { 'idempotent-replayed': 'true' }),
    },
  });
}

/** A page of the caller's tools: `write` makes the JSON of one, `field` is where they stand beside `more`. */
async function page(
  scope: Result<Scope, Refusal>,
  query: PageOf,
  write: (tool: Listed, scope: Scope) => string,
  field = 'tools',
  more = {},
): Promise<Result<Answer, Refusal>> {
  if (!scope.ok) return scope;
  const listed = await list(scope.value, query, { snapshots: snapshots(), seal: seal() });
  if (!listed.ok) return listed;
  const { tools, nextCursor } = listed.value;
  const texts = tools.map((one) => write(one, scope.value));
  return ok({ body: withItems({ ...more, next_cursor: nextCursor }, field, texts) });
}

const withFullName = (one: Listed) => restTool(one, fullNameOf(one));

/** The REST doors: lists and calls, also inside a namespace. */
export const handler = serve([
  on(listTools, async (request) =>
    page(
      await scopeOf(request, { servers: request.query.servers }),
      request.query,
      request.query.format === 'mcp' ? withFullName : openAiTool,
      'data',
      { object: 'list' },
    ),
  ),
  on(restList, async (request) => {
    const { server, server_id } = request.query;
    return page(await scopeOf(request, { server, server_id }), request.query, withFullName);
  }),
  on(setList, async (request) =>
    page(await scopeOf(request), request.query, (one, scope) =>
      restTool(one, namesOf(scope, 'rest').nameOf.get(one.callable) ?? fullNameOf(one)),
    ),
  ),
  on(restCall, async (request) => {
    const { name, server, server_id } = request.body;
    const reference = server ?? server_id;
    const target = reference === undefined ? splitFullName(name) : { alias: reference, tool: name };
    const scope = await scopeOf(request);
    if (!scope.ok) return scope;
    if (!target) return notFound(`Tool ${name}`);
    return callTool(request, scope.value, findServer(scope.value.world, target.alias), target.tool);
  }),
  on(setCall, async (request) => {
    const scope = await scopeOf(request);
    if (!scope.ok) return scope;
    const { server, tool } = targetOf(scope.value, 'rest', request.body.name);
    return callTool(request, scope.value, server, tool);
  }),
]);
