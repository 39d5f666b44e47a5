import type { Caller } from '../caller.ts';
import { renderJson } from '../protocol/json.ts';
import { isObject } from '../protocol/jsonrpc.ts';
import { stateBinding } from '../protocol/questions.ts';
import { bytesIn, cutText } from './cut.ts';
import { contentOf } from './turn.ts';

type Json = Readonly<Record<string, unknown>>;

/** What a paused request has found out: it comes back with the caller's part, so that nothing runs or is charged twice. */
export interface ChatState {
  /** Milliseconds since the epoch. */
  readonly expires: number;
  /** How many messages after the last one of a user stand before `messages`. */
  readonly after: number;
  /** Assistant and tool messages since; the last assistant message is the one that waits. */
  readonly messages: readonly Json[];
}

/** 1 MB sealed (product §10): base64 makes four characters of three bytes, and the envelope is small. */
const maxStateBytes = 740_000;

/** Whose state it is: no other principal can use it (MP-15). */
export const chatBinding = (caller: Caller): string => stateBinding(caller, '', 'chat', '');

/** Messages that fit into a state: where they are too long, results are cut to equal shares, with a mark. */
export function fitMessages(messages: readonly Json[], maxBytes = maxStateBytes): readonly Json[] {
  const results = Math.max(1, messages.filter(({ role }) => role === 'tool').length);
  let fitting = messages;
  for (let share = maxBytes / results; bytesIn(renderJson(fitting)) > maxBytes && share > 1; share /= 2)
    fitting = messages.map((message) =>
      message['role'] === 'tool' ? { ...message, content: cutText(contentOf(message), Math.floor(share)) } : message,
    );
  return fitting;
}

/** Reads an opened state; undefined where it is none or too old. */
export function readState(opened: unknown, now: number): ChatState | undefined {
  return isObject(opened) && Number(opened['expires']) > now ? (opened as unknown as ChatState) : undefined;
}
