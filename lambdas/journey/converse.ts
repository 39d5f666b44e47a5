import { chunkOf, dataEvent, doneEvent, type Heading, headed } from '../domain/chat/answer.ts';
import type { Pieces } from '../domain/protocol/sse.ts';
import type { Refusal } from '../domain/refusal.ts';
import { no, ok, type Result } from '../domain/result.ts';
import type { Signal } from '../ports/upstream.ts';
import type { End } from './chat/course.ts';
import { talkOn } from './chat/loop.ts';
import { offerTools } from './chat/offer.ts';
import { startFrom } from './chat/resume.ts';
import type { ChatPorts, ChatRequest, Talk, Voice } from './chat/talk.ts';
import { endOrStream } from './stream.ts';

type Json = Readonly<Record<string, unknown>>;

/** A chat completion with what it cost, or a stream of one. */
export type ChatAnswer = { readonly body: Json; readonly costUsd: number } | { readonly stream: Pieces };

/** The completion for the caller: the model's last one, under our heading, with the usage of all rounds. */
function completionOf({ completion, message, finish, usage, report }: End, heading: Heading): Json {
  const [first, ...others] = completion['choices'] as readonly Json[];
  return {
    ...headed(heading, completion),
    object: 'chat.completion',
    choices: [{ ...first, message, finish_reason: finish }, ...others],
    ...(usage === undefined ? {} : { usage }),
    xct: report,
  };
}

/** Speaks in chunks under one heading: one role at the beginning, then what comes. */
function speaking(heading: Heading, write: (piece: string) => void, signal: Signal): Voice {
  let known: Heading | undefined;
  const chunk = (said: Json): void => {
    if (!known) write(dataEvent(headed(heading, chunkOf({ role: 'assistant', content: '' }))));
    const whole = headed(known ?? heading, said);
    known = { ...heading, model: whole.model };
    write(dataEvent(whole));
  };
  return { chunk, event: (xct) => chunk(chunkOf({}, null, { xct })), signal };
}

/** The last chunks: one finish with the report and a state where there is one, the usage where it was asked for. */
function finishIn({ chunk }: Voice, { message, finish, usage, report }: End, { body }: ChatRequest): void {
  const { xct_state } = message;
  chunk(chunkOf(xct_state === undefined ? {} : { xct_state }, finish, { xct: report }));
  if (body.stream_options?.include_usage && usage) chunk({ object: 'chat.completion.chunk', choices: [], usage });
}

/**
 * The chat door: offers the model the caller's tools, runs what it calls by the corridor of every tool call, and answers
 * with what it says in the end. A refusal before the first byte is returned, a later one is the stream's last event.
 */
export async function converse(request: ChatRequest, ports: ChatPorts): Promise<Result<ChatAnswer, Refusal>> {
  const { body, requestId, limitMs, refuse, renderError } = request;
  const began = ports.clock();
  const model = ports.models.find(body.model);
  if (!model) return no({ code: 'not_found', message: `The model ${body.model} does not exist.`, param: 'model' });
  const offered = await offerTools(request, ports);
  if (!offered.ok) return offered;
  const start = await startFrom(request, offered.value.offers, ports);
  if (!start.ok) return start;
  const heading = { id: `chatcmpl-${requestId}`, created: Math.floor(began / 1_000), model: body.model };
  const talk = (voice: Voice): Talk => ({
    request,
    ports,
    model,
    ...offered.value,
    voice,
    repeats: new Map(),
    until: began + limitMs,
  });

  if (!body.stream) {
    const silent = { chunk: () => {}, event: () => {}, signal: new AbortController().signal };
    const end = await talkOn(talk(silent), start.value);
    return end.ok ? ok({ body: completionOf(end.value, heading), costUsd: end.value.report.cost_usd }) : end;
  }

  const answer = await endOrStream(
    async ({ write, signal }): Promise<Refusal | undefined> => {
      const voice = speaking(heading, write, signal);
      const end = await talkOn(talk(voice), start.value);
      if (!end.ok) return end.refusal;
      finishIn(voice, end.value, request);
      write(doneEvent);
      return undefined;
    },
    async (end) => {
      const refusal = await end.catch(refuse);
      return refusal === undefined ? [] : [dataEvent(renderError(refusal))];
    },
  );
  // What ends before it has written anything was refused.
  return 'stream' in answer ? ok(answer) : no(answer.end!);
}
