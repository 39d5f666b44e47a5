import type { ChatBody } from '../../../contract/chat.ts';

type Json = Readonly<Record<string, unknown>>;

/** An object without the fields that are between caller and gateway. */
const withoutOurs = (of: Json): Json =>
  Object.fromEntries(Object.entries(of).filter(([key]) => !key.startsWith('xct') && key !== 'extra_headers'));

/** A message as the model gets it. */
export const modelMessage = (message: Json): Json => withoutOurs(message);

/** What differs between the requests of one conversation. */
export interface Round {
  readonly messages: readonly Json[];
  readonly tools: readonly Json[];
  readonly choice: unknown;
}

/**
 * The request for the model: every field of the caller's as it is, but ours; `tools` are those offered. Without a tool
 * there is nothing to choose from, and OpenAI refuses a choice then. A stream is asked for its usage, which is logged.
 */
export function modelBody(body: ChatBody, { messages, tools, choice }: Round): Json {
  const { messages: _m, tools: _t, tool_choice: _c, parallel_tool_calls: parallel, ...rest } = body;
  return {
    ...withoutOurs(rest),
    messages,
    ...(tools.length === 0
      ? {}
      : {
          tools,
          ...(choice === undefined ? {} : { tool_choice: choice }),
          ...(parallel === undefined ? {} : { parallel_tool_calls: parallel }),
        }),
    ...(body.stream ? { stream_options: { ...body.stream_options, include_usage: true } } : {}),
  };
}
