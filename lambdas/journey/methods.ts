import { toUsd } from '../domain/money.ts';
import { isObject } from '../domain/protocol/jsonrpc.ts';
import { passingMeta } from '../domain/protocol/meta.ts';
import {
  callResult,
  discoverResult,
  initializeResult,
  pingResult,
  toolsResult,
  toolView,
} from '../domain/protocol/results.ts';
import type { Era } from '../domain/protocol/revision.ts';
import { invalid } from '../domain/refusal.ts';
import { ok } from '../domain/result.ts';
import { call } from './call.ts';
import { listTools } from './list.ts';
import type { Method, RelayPorts } from './method.ts';
import { namesOf, targetOf } from './name.ts';
import { findServer, type Scope } from './resolve.ts';

const toolsList: Method = async ({ params, era, scope, ports }) => {
  const { cursor } = params;
  if (cursor !== undefined && typeof cursor !== 'string') return invalid('cursor must be a string.', 'cursor');
  const page = await listTools(scope, { cursor }, ports);
  if (!page.ok) return page;
  const { nameOf } = namesOf(scope, 'mcp');
  const tools = page.value.tools.map(({ callable, definition }) => toolView(era, nameOf.get(callable)!, definition));
  return ok(toolsResult(era, tools, page.value.nextCursor));
};

const toolsCall: Method = async ({ params, era, scope, request, ports }) => {
  const { name, arguments: args = {} } = params;
  if (typeof name !== 'string') return invalid('name must be a string.', 'name');
  if (!isObject(args)) return invalid('arguments must be an object.', 'arguments');
  const called = await call(
    {
      scope,
      ...targetOf(scope, 'mcp', name),
      arguments: args,
      meta: passingMeta(params['_meta']),
      headers: request.headers,
      requestId: request.requestId,
      door: 'mcp',
    },
    ports,
  );
  if (!called.ok) return called;
  const { result, price, level } = called.value;
  return ok(callResult(era, result, { cost: { usd: toUsd(price) }, level }));
};

/** The instructions of a server, as pinned; a set of several servers has none of its own. */
async function instructionsOf({ single, world }: Scope, { snapshots }: RelayPorts): Promise<string | undefined> {
  const hash = single === undefined ? undefined : findServer(world, single)?.snapshot_hash;
  return hash === undefined ? undefined : (await snapshots.get(world.org.id, hash))?.instructions;
}

const tools = { 'tools/list': toolsList, 'tools/call': toolsCall };

/** Every method served, by era; prompts, resources and completion join here. */
export const methods: Readonly<Record<Era, Readonly<Record<string, Method>>>> = {
  legacy: {
    ...tools,
    initialize: async ({ version, scope, ports }) => ok(initializeResult(version, await instructionsOf(scope, ports))),
    ping: async () => ok(pingResult),
  },
  modern: {
    ...tools,
    'server/discover': async ({ scope, ports }) => ok(discoverResult(await instructionsOf(scope, ports))),
  },
};
