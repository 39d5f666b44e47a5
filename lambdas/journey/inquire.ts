import { exposeUris } from '../domain/protocol/contents.ts';
import type { Params } from '../domain/protocol/jsonrpc.ts';
import type { ServerRecord } from '../domain/records.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Result } from '../domain/result.ts';
import type { UpstreamRequest } from '../ports/upstream.ts';
import { alongOf, askOrAnswer, continuationOf, exposeIn } from './exchange.ts';
import { invoke } from './invoke.ts';
import type { Asked } from './methods/method.ts';

/** What a request was resolved to: its server, and what was asked for in the server's own words. */
export interface Inquiry {
  readonly server: ServerRecord;
  /** Own name or URI of what is asked for. */
  readonly name: string;
  readonly params: Params;
}

/**
 * The corridor of prompts, resources and completion: resolve (by the method, whose outcome comes in) → equip → invoke.
 * Only tool calls and agents are metered (product §7). `answer` makes the client's result of the server's.
 */
export async function inquire(
  asked: Asked,
  method: Exclude<UpstreamRequest['method'], 'tools/call'>,
  resolved: Result<Inquiry, Refusal>,
  answer: (result: Params) => Params,
): Promise<Result<Params, Refusal>> {
  if (!resolved.ok) return resolved;
  const { server, name, params } = resolved.value;
  const state = { method, server, name };
  const continuation = await continuationOf(asked, state);
  if (!continuation.ok) return continuation;
  const { scope, request, signal, ports } = asked;
  const { caller, headers, maxTimeoutMs } = request;
  const result = await invoke(
    server,
    { ...alongOf(asked), method, params: { ...params, ...continuation.value.params } },
    { caller, headers, maxTimeoutMs, signal },
    ports,
  );
  if (!result.ok) return result;
  return askOrAnswer(asked, state, exposeUris(method, result.value, exposeIn(scope, server)), answer);
}
