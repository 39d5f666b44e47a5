import { idempotencyMeta, readIdempotencyKey } from '../../domain/metering/idempotency.ts';
import { toUsd } from '../../domain/money.ts';
import { exposeUris } from '../../domain/protocol/contents.ts';
import { isObject } from '../../domain/protocol/jsonrpc.ts';
import { callResult, listResult } from '../../domain/protocol/results.ts';
import { withItems } from '../../domain/protocol/text.ts';
import { toolText } from '../../domain/protocol/views.ts';
import { invalid } from '../../domain/refusal.ts';
import { ok } from '../../domain/result.ts';
import { type Called, call } from '../call.ts';
import { alongOf, askOrAnswer, continuationOf, cursorOf, exposeIn } from '../exchange.ts';
import { listTools } from '../list.ts';
import { namesOf, targetOf } from '../name.ts';
import type { Method } from './method.ts';

const list: Method = async ({ params, era, scope, ports }) => {
  const cursor = cursorOf(params);
  if (!cursor.ok) return cursor;
  const page = await listTools(scope, cursor.value, ports);
  if (!page.ok) return page;
  const { nameOf } = namesOf(scope, 'mcp');
  const tools = page.value.tools.map(({ callable, definition }) => toolText(era, nameOf.get(callable)!, definition));
  return ok(withItems(listResult(era, page.value), 'tools', tools));
};

const run: Method = async (asked) => {
  const { params, era, scope, request, ports, signal } = asked;
  const { name, arguments: args = {} } = params;
  if (typeof name !== 'string') return invalid('name must be a string.', 'name');
  if (!isObject(args)) return invalid('arguments must be an object.', 'arguments');
  const target = targetOf(scope, 'mcp', name);
  const state = { method: 'tools/call', server: target.server, name: target.tool };
  const continuation = await continuationOf(asked, state);
  if (!continuation.ok) return continuation;
  const idempotencyKey = readIdempotencyKey(
    isObject(params['_meta']) ? params['_meta'][idempotencyMeta] : undefined,
    idempotencyMeta,
  );
  if (!idempotencyKey.ok) return idempotencyKey;
  const { headers, requestId, maxTimeoutMs } = request;
  const called = await call(
    {
      scope,
      ...target,
      arguments: args,
      continuation: continuation.value.params,
      paused: continuation.value.paused,
      idempotencyKey: idempotencyKey.value,
      along: alongOf(asked),
      headers,
      requestId,
      maxTimeoutMs,
      signal,
      door: 'mcp',
    },
    ports,
  );
  if (!called.ok) return called;
  const { result, paused } = called.value;
  const exposed = exposeUris('tools/call', result, exposeIn(scope, target.server));
  return askOrAnswer(
    asked,
    state,
    exposed,
    (answer) => callResult(era, answer, { cost: costOf(called.value) }),
    paused,
  );
};

/** What a call cost and how the org's calls of the day stand: the figures of the REST headers. */
const costOf = ({ price, rateLimit, replayed }: Called) => ({
  usd: toUsd(price),
  ...(rateLimit === undefined
    ? {}
    : { limit: rateLimit.limit, remaining: rateLimit.remaining, reset_seconds: rateLimit.resetSeconds }),
  ...(replayed === undefined ? {} : { replayed }),
});

/** Tools (MCP 2026-07-28, server/tools). */
export const tools = { 'tools/list': list, 'tools/call': run } satisfies Record<string, Method>;
