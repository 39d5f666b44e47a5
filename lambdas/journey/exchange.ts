import { capabilitiesKey } from '../domain/protocol/envelope.ts';
import { isObject, type Params } from '../domain/protocol/jsonrpc.ts';
import { passingMeta } from '../domain/protocol/meta.ts';
import { isHeard, logLevelKey } from '../domain/protocol/notices.ts';
import { isQuestion, questionText, stateBinding, stateLifeMs } from '../domain/protocol/questions.ts';
import { questionResult } from '../domain/protocol/results.ts';
import { exposeUri } from '../domain/protocol/uris.ts';
import type { ServerRecord } from '../domain/records.ts';
import { invalid, type Refusal, upstream } from '../domain/refusal.ts';
import { ok, type Result } from '../domain/result.ts';
import type { Along } from './invoke.ts';
import type { Paused } from './meter.ts';
import type { Asked } from './methods/method.ts';
import type { PageOf } from './page.ts';
import type { Scope } from './resolve.ts';

/** The part of a list that a request wants. */
export function cursorOf({ cursor }: Params): Result<PageOf, Refusal> {
  if (cursor !== undefined && typeof cursor !== 'string') return invalid('cursor must be a string.', 'cursor');
  return ok({ cursor });
}

/** How a server's own URIs read in a scope: as they are where it is alone. */
export const exposeIn =
  ({ single }: Scope, server: ServerRecord | undefined) =>
  (uri: string): string =>
    single === undefined && server ? exposeUri({ alias: server.alias, uri }) : uri;

/** What goes along to the server: what of `_meta` passes, what a modern client can be asked for, a way back for notifications. */
export function alongOf({ params, era, tell }: Asked): Along {
  const { _meta: meta } = params;
  const { [capabilitiesKey]: clientCapabilities, [logLevelKey]: level } = isObject(meta) ? meta : {};
  const modern = era === 'modern';
  return {
    meta: { ...passingMeta(meta), ...(modern && typeof level === 'string' ? { [logLevelKey]: level } : {}) },
    ...(modern && isObject(clientCapabilities) ? { clientCapabilities } : {}),
    onNotification: (notification) => {
      if (isHeard(notification, era, level)) tell(notification);
    },
  };
}

/** What a `requestState` belongs to beside its caller: the server and its own name or URI of what was asked for. */
export interface Stateful {
  readonly method: string;
  readonly server: ServerRecord | undefined;
  readonly name: string;
}

const bindingOf = ({ request }: Asked, { method, server, name }: Stateful): string =>
  stateBinding(request.caller, server?.id ?? '', method, name);

/** What a request goes on with: the parameters of the upstream's, and the metered call that it belongs to. */
export interface Continuation {
  readonly params: Params;
  readonly paused?: Paused | undefined;
}

/**
 * The parameters that make a request a continuation (MCP 2026-07-28, MRTR), with the upstream's own `requestState` taken
 * out of ours; -32602 for one that is not ours, not for this caller and request, or too old (MP-15, MP-17).
 */
export async function continuationOf(asked: Asked, of: Stateful): Promise<Result<Continuation, Refusal>> {
  const { era, params, ports } = asked;
  const { inputResponses, requestState } = params;
  if (era === 'legacy') return ok({ params: {} });
  const given = inputResponses === undefined ? {} : { inputResponses };
  if (requestState === undefined) return ok({ params: given });
  const sealed = typeof requestState === 'string' ? requestState : '';
  const opened = await ports.seal.open('requestState', bindingOf(asked, of), sealed);
  if (!isObject(opened) || Number(opened['expires']) <= ports.clock())
    return invalid('requestState: not one of this request, or too old.', 'requestState');
  // Sealed by `askOrAnswer`: what opens has its form.
  const { state, paused } = opened as { state?: string; paused?: Paused };
  return ok({ params: { ...given, ...(state === undefined ? {} : { requestState: state }) }, paused });
}

/**
 * An upstream's result for the client: its answer, or its questions with the `requestState` sealed in ours. A metered
 * call has a state of ours even where the upstream has none: the continuation is known by it.
 */
export async function askOrAnswer(
  asked: Asked,
  of: Stateful,
  result: Params,
  answer: (result: Params) => Params,
  paused?: Paused,
): Promise<Result<Params, Refusal>> {
  const { era, ports } = asked;
  if (!isQuestion(result)) return ok(answer(result));
  if (era === 'legacy')
    return of.method === 'tools/call' ? ok(answer(result)) : upstream('upstream_refused', questionText(result));
  const { requestState: state } = result;
  if (state === undefined && paused === undefined) return ok(questionResult(result, undefined));
  const value = { state, paused, expires: ports.clock() + stateLifeMs };
  return ok(questionResult(result, await ports.seal.seal('requestState', bindingOf(asked, of), value)));
}
