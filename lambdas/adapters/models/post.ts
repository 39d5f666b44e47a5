import { setTimeout as pause } from 'node:timers/promises';
import { renderJson } from '../../domain/protocol/json.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { Patience } from '../../ports/model.ts';
import type { Egress, Incoming } from '../egress/egress.ts';
import { refusedBy, unreachable } from './failures.ts';

/** Waits before the second and the third attempt, where the provider names none. */
const waitsMs = [300, 1_000];
/** A provider that wants a longer pause than this is not waited for. */
const maxWaitMs = 5_000;
/** An answer may be long, and is not kept whole where it streams. */
const maxBytes = 50_000_000;

/** A request to a provider. */
export interface Post {
  readonly url: string;
  /** Empty where the provider asks for none. */
  readonly key: string;
  readonly body: object;
}

/** Statuses after which the same request may succeed: too many, or trouble at the provider. */
const mayPass = (status: number): boolean => status === 429 || status >= 500;

/** How long a provider asks to wait (RFC 9110 §10.2.3 in seconds, OpenAI's in milliseconds); undefined where it does not. */
function askedMs({ headers }: Incoming): number | undefined {
  const [exact, seconds] = [Number(headers['retry-after-ms']), Number(headers['retry-after'])];
  if (exact > 0) return exact;
  return seconds > 0 ? seconds * 1_000 : undefined;
}

/**
 * Posts a request and answers with the provider's 200, its body unread. What may pass is tried again, up to three times
 * in all and only here: once an answer has begun, what it says may be with the caller (CL-19).
 */
export async function post(
  egress: Egress,
  { url, key, body }: Post,
  { timeoutMs, signal }: Patience,
): Promise<Result<Incoming, Refusal>> {
  const until = performance.now() + timeoutMs;
  const outgoing = {
    url,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key === '' ? {} : { authorization: `Bearer ${key}` }) },
    body: renderJson(body),
    signal,
    maxBytes,
  } as const;
  for (let attempt = 0; ; attempt++) {
    const left = Math.max(1, until - performance.now());
    const sent = await egress.send({ ...outgoing, timeoutMs: left });
    if (sent.ok && sent.value.status === 200) return sent;
    const again = sent.ok ? mayPass(sent.value.status) : sent.refusal.code === 'upstream_refused';
    const waitMs = (sent.ok ? askedMs(sent.value) : undefined) ?? waitsMs[attempt];
    const isLast = waitsMs[attempt] === undefined || !again || waitMs === undefined || waitMs > maxWaitMs;
    if (isLast && !sent.ok) return unreachable(sent.refusal);
    if (sent.ok) {
      const text = await sent.value.text();
      if (isLast) return refusedBy(sent.value.status, text.ok ? text.value : '', key);
    }
    // A caller who leaves meanwhile is told by the next attempt, which does not begin.
    await pause(waitMs);
  }
}

/** The body of an answer as text. */
export async function textOf(answer: Incoming): Promise<Result<string, Refusal>> {
  const text = await answer.text();
  return text.ok ? ok(text.value) : unreachable(text.refusal);
}
