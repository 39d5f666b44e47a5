import { isObject } from '../../domain/protocol/jsonrpc.ts';
import { relayedResult } from '../../domain/protocol/results.ts';
import { invalid, notFound, type Refusal } from '../../domain/refusal.ts';
import { ok, type Result } from '../../domain/result.ts';
import { type Inquiry, inquire } from '../inquire.ts';
import { resolvePrompt, resolveUri } from '../offers.ts';
import type { Asked, Method } from './method.ts';

/** The server of the prompt or resource template that a reference names, and the reference in the server's own words. */
async function resolve({ params, scope, ports }: Asked): Promise<Result<Inquiry, Refusal>> {
  const { ref, argument, context } = params;
  if (!isObject(ref)) return invalid('ref must be an object.', 'ref');
  if (!isObject(argument)) return invalid('argument must be an object.', 'argument');
  const { type, name, uri } = ref;
  const rest = { argument, ...(context === undefined ? {} : { context }) };
  if (type === 'ref/prompt' && typeof name === 'string') {
    const found = await resolvePrompt(scope, name, ports.snapshots);
    if (!found.ok) return found;
    const { server, prompt } = found.value;
    return ok({ server, name: prompt, params: { ref: { ...ref, name: prompt }, ...rest } });
  }
  if (type === 'ref/resource' && typeof uri === 'string') {
    const found = resolveUri(scope, uri);
    if (!found.ok) return found;
    const { server, uri: own } = found.value;
    return ok({ server, name: own, params: { ref: { ...ref, uri: own }, ...rest } });
  }
  return invalid('ref must name a prompt or a resource.', 'ref');
}

const complete: Method = async (asked) => {
  const resolved = await resolve(asked);
  if (resolved.ok && !resolved.value.server.offers?.completions)
    return notFound(`Completion of ${resolved.value.server.alias}`);
  return inquire(asked, 'completion/complete', resolved, (result) => relayedResult(asked.era, result));
};

/** Completion of arguments (MCP 2026-07-28, server/utilities/completion). */
export const completion = { 'completion/complete': complete } satisfies Record<string, Method>;
