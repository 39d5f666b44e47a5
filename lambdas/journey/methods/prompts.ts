import { isObject } from '../../domain/protocol/jsonrpc.ts';
import { listResult, relayedResult } from '../../domain/protocol/results.ts';
import { promptView } from '../../domain/protocol/views.ts';
import { invalid } from '../../domain/refusal.ts';
import { ok } from '../../domain/result.ts';
import { cursorOf } from '../exchange.ts';
import { inquire } from '../inquire.ts';
import { listOffers, promptNames, resolvePrompt } from '../offers.ts';
import type { Method } from './method.ts';

const list: Method = async ({ params, era, scope, ports }) => {
  const cursor = cursorOf(params);
  if (!cursor.ok) return cursor;
  const page = await listOffers('prompts', scope, cursor.value, ports);
  if (!page.ok) return page;
  const prompts = page.value.shown.map(({ server, snapshot, definition }) =>
    promptView(promptNames(scope, server, snapshot).exposedOf.get(definition.name)!, definition),
  );
  return ok({ prompts, ...listResult(era, page.value) });
};

const get: Method = async (asked) => {
  const { name, arguments: args } = asked.params;
  if (typeof name !== 'string') return invalid('name must be a string.', 'name');
  if (args !== undefined && !isObject(args)) return invalid('arguments must be an object.', 'arguments');
  const found = await resolvePrompt(asked.scope, name, asked.ports.snapshots);
  if (!found.ok) return found;
  const { server, prompt } = found.value;
  const params = { name: prompt, ...(args === undefined ? {} : { arguments: args }) };
  return inquire(asked, 'prompts/get', ok({ server, name: prompt, params }), (result) =>
    relayedResult(asked.era, result),
  );
};

/** Prompts (MCP 2026-07-28, server/prompts). */
export const prompts = { 'prompts/list': list, 'prompts/get': get } satisfies Record<string, Method>;
