import { modelMessage } from './body.ts';
import { contentOf } from './turn.ts';

type Json = Readonly<Record<string, unknown>>;

/** The messages of a request, as the caller has them. */
export interface History {
  /** Up to the last message of a user, system or developer. */
  readonly before: readonly Json[];
  /** Assistant and tool messages after it. */
  readonly since: readonly Json[];
  /** Place in `since` of an assistant message that nothing but tool messages follow. */
  readonly open: number | undefined;
}

const isAnswer = ({ role }: Json): boolean => role === 'assistant' || role === 'tool';

/** Takes the messages of a request apart. */
export function readHistory(messages: readonly Json[]): History {
  const cut = messages.findLastIndex((message) => !isAnswer(message)) + 1;
  const since = messages.slice(cut);
  const open = since.findLastIndex(({ role }) => role === 'assistant');
  return { before: messages.slice(0, cut), since, open: open === -1 ? undefined : open };
}

/** The ids that the tool messages right behind a message answer. */
function answeredBehind(messages: readonly Json[], at: number): ReadonlySet<unknown> {
  const ids = new Set<unknown>();
  for (let next = at + 1; messages[next]?.['role'] === 'tool'; next++) ids.add(messages[next]?.['tool_call_id']);
  return ids;
}

/**
 * Messages that are over, for the model. A call that this gateway made on the caller's word has no tool message in the
 * caller's history: it goes, as no provider takes a call without an answer, and so does a message that said nothing else.
 */
export const closedMessages = (messages: readonly Json[]): readonly Json[] =>
  messages.flatMap((message, at): readonly Json[] => {
    const { tool_calls: calls, ...rest } = modelMessage(message);
    if (message['role'] !== 'assistant' || !Array.isArray(calls)) return [modelMessage(message)];
    const answered = answeredBehind(messages, at);
    const kept = calls.filter((call) => answered.has(call?.id));
    if (kept.length > 0) return [{ ...rest, tool_calls: kept }];
    return contentOf(rest) === '' ? [] : [rest];
  });
