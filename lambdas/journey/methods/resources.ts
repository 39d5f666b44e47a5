import { emptyResult, listResult, readResult } from '../../domain/protocol/results.ts';
import { resourceView, templateView } from '../../domain/protocol/views.ts';
import { invalid, type Refusal } from '../../domain/refusal.ts';
import { ok, type Result } from '../../domain/result.ts';
import { cursorOf, exposeIn } from '../exchange.ts';
import { type Inquiry, inquire } from '../inquire.ts';
import { listOffers, resolveUri } from '../offers.ts';
import type { Asked, Method } from './method.ts';

const list: Method = async ({ params, era, scope, ports }) => {
  const cursor = cursorOf(params);
  if (!cursor.ok) return cursor;
  const page = await listOffers('resources', scope, cursor.value, ports);
  if (!page.ok) return page;
  const resources = page.value.shown.map(({ server, definition }) =>
    resourceView(exposeIn(scope, server)(definition.uri), definition),
  );
  return ok({ resources, ...listResult(era, page.value) });
};

const listTemplates: Method = async ({ params, era, scope, ports }) => {
  const cursor = cursorOf(params);
  if (!cursor.ok) return cursor;
  const page = await listOffers('resource_templates', scope, cursor.value, ports);
  if (!page.ok) return page;
  const resourceTemplates = page.value.shown.map(({ server, definition }) =>
    templateView(exposeIn(scope, server)(definition.uriTemplate), definition),
  );
  return ok({ resourceTemplates, ...listResult(era, page.value) });
};

/** The resource that a request names: any URI of a server that offers resources, also one that no list shows. */
function resolve({ params: { uri }, scope }: Asked): Result<Inquiry, Refusal> {
  if (typeof uri !== 'string') return invalid('uri must be a string.', 'uri');
  const found = resolveUri(scope, uri);
  return found.ok ? ok({ server: found.value.server, name: found.value.uri, params: { uri: found.value.uri } }) : found;
}

const read: Method = (asked) =>
  inquire(asked, 'resources/read', resolve(asked), (result) => readResult(asked.era, result));

// Not advertised, and there is no stream on which an update could come. For clients that ask all the same it is no error.
const subscribe: Method = async (asked) => {
  const found = resolve(asked);
  return found.ok ? ok(emptyResult) : found;
};

/** Resources and templates (MCP 2026-07-28, server/resources), and what only the legacy era has. */
export const resources = {
  both: { 'resources/list': list, 'resources/templates/list': listTemplates, 'resources/read': read },
  legacy: { 'resources/subscribe': subscribe, 'resources/unsubscribe': subscribe },
} satisfies Record<string, Record<string, Method>>;
