import { parseJson, renderJson } from '../../domain/protocol/json.ts';
import { isObject } from '../../domain/protocol/jsonrpc.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { UpstreamRefusal, UpstreamTarget } from '../../ports/upstream.ts';
import type { Egress, Incoming } from '../egress/egress.ts';
import { findEvent } from '../egress/events.ts';
import { answers, malformed, outcome, type Reply } from './message.ts';
import { scrubber } from './scrub.ts';

/** One call's line to a server: where it goes, through what, and until when. */
export interface Line {
  readonly egress: Egress;
  readonly target: Pick<UpstreamTarget, 'url' | 'headers' | 'signal'>;
  readonly scrub: ReturnType<typeof scrubber>;
  /** On the scale of `performance.now()`; all requests of a call share it. */
  readonly until: number;
}

/** Opens the line of one call. */
export const lineTo = (egress: Egress, target: UpstreamTarget): Line => ({
  egress,
  target,
  scrub: scrubber(target.secrets),
  until: performance.now() + target.timeoutMs,
});

type Json = Readonly<Record<string, unknown>>;
/** Takes a message of the server's own, a notification or a request, that came before the answer. */
type Hear = (message: Json) => void;

let lastId = 0;
/** Ids count over the whole process, so that calls which share a legacy session never share an id. */
export const nextId = (): number => ++lastId;

const post = (line: Line, headers: Readonly<Record<string, string>>, message: Json) =>
  line.egress.send({
    url: line.target.url,
    method: 'POST',
    headers: {
      ...line.target.headers,
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      ...headers,
    },
    body: renderJson({ jsonrpc: '2.0', ...message }),
    timeoutMs: Math.max(1, line.until - performance.now()),
    ...(line.target.signal ? { signal: line.target.signal } : {}),
  });

const isStream = ({ headers }: Incoming): boolean => /^text\/event-stream\b/i.test(headers['content-type'] ?? '');

/** The message that answers `id` in a body; undefined where the body is not MCP, or answers something else. */
async function answerIn(
  body: Incoming,
  id: number,
  line: Line,
  hear: Hear,
): Promise<Result<Json | undefined, Refusal>> {
  const refused = body.status >= 400;
  const find = (text: string): Json | undefined => {
    const parsed = parseJson(text);
    if (!parsed.ok) return undefined;
    // 2025-03-26 allows a server to send batches.
    for (const message of Array.isArray(parsed.value) ? parsed.value : [parsed.value]) {
      if (answers(message, id, refused)) return line.scrub(message, text) as Json;
      if (isObject(message) && typeof message['method'] === 'string') hear(line.scrub(message, text) as Json);
    }
    return undefined;
  };
  if (isStream(body)) return findEvent(body, find);
  const text = await body.text();
  return text.ok ? ok(find(text.value)) : text;
}

/** Sends a request and reads its reply, as JSON or as server-sent events. A refusal by HTTP status is a reply. */
export async function ask(
  line: Line,
  request: { readonly id: number; readonly method: string; readonly params: Json },
  headers: Readonly<Record<string, string>>,
  hear: Hear = () => {},
): Promise<Result<Reply, UpstreamRefusal>> {
  const sent = await post(line, headers, request);
  if (!sent.ok) return sent;
  const reply = { status: sent.value.status, headers: sent.value.headers };
  const message = await answerIn(sent.value, request.id, line, hear);
  if (!message.ok) return message;
  const said = message.value === undefined ? malformed('sent no answer to the request') : outcome(message.value);
  if (said.ok) return ok({ ...reply, ...said.value });
  // A refusal by HTTP status needs no JSON-RPC body.
  return reply.status >= 400 ? ok(reply) : said;
}

/** Sends a notification or an answer of ours; what the server answers to it does not matter. */
export async function tell(
  line: Line,
  headers: Readonly<Record<string, string>>,
  message: Json,
): Promise<Result<undefined, UpstreamRefusal>> {
  const sent = await post(line, headers, message);
  if (!sent.ok) return sent;
  // A stream instead of the plain 202 would never end.
  if (isStream(sent.value)) sent.value.close();
  else await sent.value.text();
  return ok(undefined);
}
