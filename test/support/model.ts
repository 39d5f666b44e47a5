import type { ServerResponse } from 'node:http';
import type { Json } from './gateway.ts';
import { type RunningUpstream, startRecording } from './upstreams/record.ts';

/** What a scripted model does with one request: a message, or whatever it writes itself. */
export type Reply = Json | ((response: ServerResponse, body: Json) => unknown);

/** A model that does what a test says, over OpenAI's API, streaming where it is asked to. */
export interface ScriptedModel extends RunningUpstream {
  /** The setting that makes it the models `test`, `other/…` and `wild…` of a gateway. */
  readonly env: { readonly MODELS: string };
  /** Every request's body, in order. */
  readonly asked: Json[];
  /** Starts anew: the next requests are answered by these, the last one for good. */
  play(...script: readonly Reply[]): void;
}

/** A message with text only. */
export const says = (content: string, more: Json = {}): Json => ({ content, ...more });

/** A message that calls tools: `[id, name, arguments]`, arguments as they are where they are text. */
export const calls = (
  made: readonly (readonly [id: string, name: string, args?: unknown])[],
  more: Json = {},
): Json => ({
  content: null,
  tool_calls: made.map(([id, name, args = {}]) => ({
    id,
    type: 'function',
    function: { name, arguments: typeof args === 'string' ? args : JSON.stringify(args) },
  })),
  ...more,
});

/** What each answer counts. */
export const usage = {
  prompt_tokens: 10,
  completion_tokens: 5,
  total_tokens: 15,
  prompt_tokens_details: { cached_tokens: 1 },
};

/** Cut in two, so that a reader has to put it together. */
const halves = (text: string): readonly string[] => [text.slice(0, text.length / 2), text.slice(text.length / 2)];

/** The chunks of a reply, without their heads. */
export function chunksOf({ content, tool_calls = [], finish_reason, ...rest }: Json): Json[] {
  const deltas: Json[] = [{ role: 'assistant', content: '', ...rest }];
  if (content) deltas.push(...halves(content).map((half) => ({ content: half })));
  for (const [index, { id, type, function: fn }] of tool_calls.entries()) {
    deltas.push({ tool_calls: [{ index, id, type, function: { name: fn.name, arguments: '' } }] });
    deltas.push(...halves(fn.arguments).map((half) => ({ tool_calls: [{ index, function: { arguments: half } }] })));
  }
  const finish = finish_reason ?? (tool_calls.length > 0 ? 'tool_calls' : 'stop');
  return [...deltas.map((delta) => [delta, null]), [{}, finish]].map(([delta, finish_reason]) => ({
    choices: [{ index: 0, delta, finish_reason }],
  }));
}

/** The choices of a whole completion. */
export function choicesOf({ finish_reason, ...message }: Json): Json[] {
  const finish = finish_reason ?? (message['tool_calls'] ? 'tool_calls' : 'stop');
  return [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: finish, logprobs: null }];
}

/** The head of every completion and chunk of it. */
const head = (body: Json, object: string) => ({
  id: 'chatcmpl-model',
  object,
  created: 1,
  model: `${body['model']}-2026`,
});

/** Writes a reply as OpenAI does: a completion, or chunks. */
export function write(response: ServerResponse, body: Json, reply: Json): void {
  if (!body['stream']) {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ ...head(body, 'chat.completion'), choices: choicesOf(reply), usage }));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const event = (data: unknown) => response.write(`data: ${JSON.stringify(data)}\n\n`);
  for (const chunk of chunksOf(reply)) event({ ...head(body, 'chat.completion.chunk'), ...chunk });
  if (body['stream_options']?.include_usage) event({ ...head(body, 'chat.completion.chunk'), choices: [], usage });
  response.end('data: [DONE]\n\n');
}

/** Starts it on a free port; until it is told what to play it says "done". */
export async function scriptedModel(): Promise<ScriptedModel> {
  const asked: Json[] = [];
  let script: readonly Reply[] = [says('done')];
  let count = 0;
  const running = await startRecording((_request, response, { body: text }) => {
    const body = JSON.parse(text);
    asked.push(body);
    const reply = script[Math.min(count++, script.length - 1)]!;
    return typeof reply === 'function' ? reply(response, body) : write(response, body, reply);
  }, '/v1');
  return {
    ...running,
    asked,
    env: {
      MODELS: JSON.stringify([
        { model: 'test', base_url: running.url },
        { model: 'other/', base_url: `${running.url}/` },
        { model: 'wild*', base_url: running.url },
      ]),
    },
    play(...given) {
      count = 0;
      asked.length = 0;
      script = given;
    },
  };
}
