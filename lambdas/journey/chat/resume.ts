import { modelMessage } from '../../domain/chat/body.ts';
import { closedMessages, type History, readHistory } from '../../domain/chat/history.ts';
import type { Offers } from '../../domain/chat/offer.ts';
import { chatBinding, readState } from '../../domain/chat/state.ts';
import { callsIn, type ToolCall } from '../../domain/chat/turn.ts';
import { invalid, type Refusal } from '../../domain/refusal.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { ChatPorts, ChatRequest } from './talk.ts';

type Json = Readonly<Record<string, unknown>>;

/** The calls of the last assistant message, with the answers that are there. */
export interface OpenRound {
  readonly calls: readonly ToolCall[];
  /** Tool messages by the id of their call. */
  readonly answers: ReadonlyMap<string, Json>;
}

/** Where a conversation is taken up. */
export interface Start {
  /** What the caller's history has, for the model. */
  readonly base: readonly Json[];
  /** What this gateway and the model said since; the waiting message is its last. */
  readonly grown: readonly Json[];
  /** How many messages of the caller's history after the last one of a user `base` ends behind. */
  readonly after: number;
  readonly open?: OpenRound;
}

interface Opened extends Omit<Start, 'open'> {
  readonly answers: readonly Json[];
}

/** What a sealed state holds; 400 for one that is not this caller's, was changed or is too old (MP-15). */
async function openState(
  sealed: unknown,
  { before, since }: History,
  { caller }: ChatRequest,
  ports: ChatPorts,
): Promise<Result<Opened, Refusal>> {
  const text = typeof sealed === 'string' ? sealed : '';
  const state = readState(await ports.seal.open('xct_state', chatBinding(caller), text), ports.clock());
  if (!state) return invalid('xct_state: not one of this key, or too old.', 'xct_state');
  const { messages, after } = state;
  const last = messages.findLastIndex(({ role }) => role === 'assistant');
  const base = closedMessages([...before, ...since.slice(0, after)]);
  return ok({ base, after, grown: messages.slice(0, last + 1), answers: messages.slice(last + 1) });
}

/** Every call that waits must be ours and have the caller's word; the first that has not is 400. */
function undecided(
  waiting: readonly ToolCall[],
  offers: Offers,
  { body }: ChatRequest,
): Result<never, Refusal> | undefined {
  const decided = new Set((body.xct_approvals ?? []).map(({ tool_call_id }) => tool_call_id));
  const call = waiting.find(({ id, name }) => !offers.of.has(name) || !decided.has(id));
  if (call === undefined) return undefined;
  return offers.of.has(call.name)
    ? invalid(`xct_approvals: the call ${call.id} waits for a decision.`, 'xct_approvals')
    : invalid(`messages: no tool message answers the call ${call.id}.`, 'messages');
}

/**
 * Takes a conversation up where it stands: from its last message, or in the middle of a round whose other half the
 * caller brings, as tool messages, as approvals, or both.
 */
export async function startFrom(
  request: ChatRequest,
  offers: Offers,
  ports: ChatPorts,
): Promise<Result<Start, Refusal>> {
  const { messages } = request.body;
  const history = readHistory(messages);
  const { before, since, open } = history;
  const plain = { base: closedMessages(messages), grown: [], after: since.length };
  if (open === undefined) return ok(plain);
  const message = since[open]!;
  const given = since.slice(open + 1).map(modelMessage);
  const sealed = message['xct_state'];
  const opened =
    sealed === undefined
      ? ok({
          base: closedMessages([...before, ...since.slice(0, open)]),
          after: open,
          grown: [modelMessage(message)],
          answers: [],
        })
      : await openState(sealed, history, request, ports);
  if (!opened.ok) return opened;
  const { answers: found, ...start } = opened.value;
  const calls = callsIn(start.grown.at(-1)!);
  const ours = (call: ToolCall) => offers.of.has(call.name);
  // A round with nothing of ours in it is between the caller and the model.
  if (!calls.ok || (sealed === undefined && !calls.value.some(ours)))
    return ok({ ...plain, base: [...start.base, ...start.grown, ...given] });
  const answers = new Map([...given, ...found].map((answer) => [String(answer['tool_call_id']), answer]));
  const waiting = calls.value.filter(({ id }) => !answers.has(id));
  return undecided(waiting, offers, request) ?? ok({ ...start, open: { calls: calls.value, answers } });
}
