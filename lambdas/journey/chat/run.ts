import type { ChatCall, Stop } from '../../../contract/chat.ts';
import { canonical } from '../../domain/canonical.ts';
import type { Step } from '../../domain/chat/plan.ts';
import { refusalText, toolMessage, toolText } from '../../domain/chat/tool-text.ts';
import { statusOf } from '../../domain/metering/end.ts';
import { type Micros, toUsd } from '../../domain/money.ts';
import { fullName } from '../../domain/names.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { no, type Result } from '../../domain/result.ts';
import { type Called, call } from '../call.ts';
import { findServer, resolveScope } from '../resolve.ts';
import { leftMs, type Talk } from './talk.ts';

type Json = Readonly<Record<string, unknown>>;
type Running = Extract<Step, { do: 'run' }>;

/** Calls under way at once (product §10). */
const atOnce = 5;

/** What came of a call: what it was, and its one tool message where it is not for the caller to decide about. */
export interface Done {
  readonly entry: ChatCall;
  readonly message?: Json;
  readonly price: Micros;
  readonly refusal?: Refusal;
}

/** The refusals that say that no further call will be let through. */
export const stopOf = ({ refusal }: Done): Stop | undefined => {
  if (refusal?.code === 'quota_exceeded' || refusal?.code === 'rate_limited') return 'quota';
  return refusal?.code === 'budget_exceeded' ? 'budget' : undefined;
};

/**
 * The key of one call under the request's `Idempotency-Key`: a repeated request whose model makes the same calls in the
 * same order is charged once. Ids of calls cannot be used, a model makes them anew each time.
 */
function idempotencyKeyOf(offer: Running['offer'], args: Json, { request, ports, repeats }: Talk): string | undefined {
  if (request.idempotencyKey === undefined) return undefined;
  const what = ports.sha256(canonical([request.idempotencyKey, fullName(offer), args]));
  const nth = (repeats.get(what) ?? 0) + 1;
  repeats.set(what, nth);
  return `${what}-${nth}`;
}

/** Walks the corridor once. The scope is resolved anew: a key that was revoked meanwhile calls nothing (CL-14). */
async function walk({ offer, arguments: args }: Running, talk: Talk): Promise<Result<Called, Refusal>> {
  const { request, ports, sources, voice } = talk;
  const { caller, requestId } = request;
  const { narrowing, headers } = sources[offer.source]!;
  const scope = await resolveScope(caller, narrowing, ports.clock(), ports.worlds);
  if (!scope.ok) return scope;
  return call(
    {
      scope: scope.value,
      server: findServer(scope.value.world, offer.alias),
      tool: offer.tool,
      arguments: args,
      headers,
      requestId,
      maxTimeoutMs: leftMs(talk),
      signal: voice.signal,
      door: 'chat',
      idempotencyKey: idempotencyKeyOf(offer, args, talk),
    },
    ports,
  );
}

async function runOne(step: Running, talk: Talk): Promise<Done> {
  const { request, ports, voice } = talk;
  const { id } = step.call;
  const name = fullName(step.offer);
  voice.event({ event: 'tool_call.started', id, name });
  const began = ports.clock();
  // A store that does not answer refuses this call; what the others did is charged and stays.
  const answer = await walk(step, talk).catch((fault: unknown) => no(request.refuse(fault)));
  const price = answer.ok && !answer.value.replayed ? answer.value.price : 0;
  const outcome = {
    status: answer.ok ? statusOf(answer.value.result) : answer.refusal.code,
    duration_ms: Math.round(ports.clock() - began),
    cost_usd: toUsd(price),
  };
  voice.event({ event: 'tool_call.completed', id, name, ...outcome });
  return {
    message: toolMessage(id, answer.ok ? toolText(answer.value.result) : refusalText(answer.refusal)),
    entry: { id, name, arguments_hash: ports.sha256(canonical(step.arguments)), ...outcome },
    price,
    ...(answer.ok ? {} : { refusal: answer.refusal }),
  };
}

/** The entry of a call that is not made. */
const notMade = ({ call: made, offer }: Step, status: string, { ports }: Talk): ChatCall => ({
  id: made.id,
  name: offer ? fullName(offer) : made.name,
  arguments_hash: ports.sha256(made.arguments),
  status,
  duration_ms: 0,
  cost_usd: 0,
});

/** The gateway's calls of a plan, five at a time or one where the caller wants no more, in their order. */
export async function runSteps(steps: readonly Step[], talk: Talk): Promise<readonly Done[]> {
  const done = new Map<Step, Done>();
  const waiting: Running[] = [];
  for (const step of steps)
    if (step.do === 'run') waiting.push(step);
    else if (step.do === 'tell')
      done.set(step, {
        entry: notMade(step, step.status, talk),
        message: toolMessage(step.call.id, step.text),
        price: 0,
      });
    else if (step.offer) done.set(step, { entry: notMade(step, 'approval_required', talk), price: 0 });
  const lane = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) done.set(step, await runOne(step, talk));
  };
  const lanes = talk.request.body.parallel_tool_calls === false ? 1 : atOnce;
  await Promise.all(Array.from({ length: lanes }, lane));
  return steps.flatMap((step) => done.get(step) ?? []);
}
