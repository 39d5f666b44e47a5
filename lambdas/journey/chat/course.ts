import type { ChatCall, ChatReport, Stop } from '../../../contract/chat.ts';
import { reportOf } from '../../domain/chat/answer.ts';
import { type Used, unused } from '../../domain/chat/plan.ts';
import { chatBinding, fitMessages } from '../../domain/chat/state.ts';
import { contentOf, type ToolCall, type Turn } from '../../domain/chat/turn.ts';
import { addUsage } from '../../domain/chat/usage.ts';
import type { Micros } from '../../domain/money.ts';
import { stateLifeMs } from '../../domain/protocol/questions.ts';
import { isCallers } from './ask.ts';
import type { Start } from './resume.ts';
import type { Done } from './run.ts';
import type { Talk } from './talk.ts';

type Json = Readonly<Record<string, unknown>>;

/** How a conversation ended: the model's last completion, and the message for the caller in its place. */
export interface End {
  readonly completion: Json;
  readonly message: Json;
  readonly finish: string;
  readonly usage: Json | undefined;
  readonly report: ChatReport;
}

/** What a conversation has come to so far. */
export interface Course {
  /** Messages since the caller's own, for the model. */
  readonly grown: Json[];
  /** Texts that the model said. */
  readonly said: string[];
  readonly calls: ChatCall[];
  used: Used;
  rounds: number;
  cost: Micros;
  usage: Json | undefined;
}

/** The beginning. */
export const begin = ({ grown }: Start): Course => ({
  grown: [...grown],
  said: [],
  calls: [],
  used: unused,
  rounds: 0,
  cost: 0,
  usage: undefined,
});

/** Takes in what the model said. */
export function hear(course: Course, { message, completion }: Turn): void {
  course.grown.push(message);
  course.usage = addUsage(course.usage, completion['usage']);
  const text = contentOf(message);
  if (text !== '') course.said.push(text);
}

/** Takes in what came of calls. */
export function record(course: Course, done: readonly Done[]): void {
  for (const { entry, price } of done) {
    course.calls.push(entry);
    course.cost += price;
  }
}

const end = (course: Course, { completion }: Turn, message: Json, finish: string, stopped?: Stop): End => ({
  completion,
  message,
  finish,
  usage: course.usage,
  report: reportOf(course.rounds, course.calls, course.cost, stopped),
});

/** The model's own end. Of its tool calls only the caller's are shown, and none where it was to make none. */
export function ownEnd(talk: Talk, course: Course, turn: Turn, stopped?: Stop): End {
  const { tool_calls: _, ...rest } = turn.message;
  const shown = stopped === undefined ? turn.calls.filter(({ name }) => isCallers(talk)(name)) : [];
  const message = shown.length === 0 ? rest : { ...rest, tool_calls: shown.map(({ raw }) => raw) };
  const finish = shown.length === 0 && turn.finish === 'tool_calls' ? 'stop' : turn.finish;
  return end(course, turn, message, finish, stopped);
}

/** The end where a limit was reached after the model had said something: that. */
export const saidSoFar = (course: Course, turn: Turn, stopped: Stop): End =>
  end(course, turn, { role: 'assistant', content: course.said.join('\n\n') }, 'stop', stopped);

/** The caller's part of a round; what there is already goes along sealed, so that nothing is done or charged twice. */
export async function pause(
  { request, ports }: Talk,
  { after }: Start,
  course: Course,
  turn: Turn,
  returned: readonly ToolCall[],
  stopped?: Stop,
): Promise<End> {
  const message = { ...turn.message, tool_calls: returned.map(({ raw }) => raw) };
  if (course.grown.length === 1) return end(course, turn, message, 'tool_calls', stopped);
  const state = { expires: ports.clock() + stateLifeMs, after, messages: fitMessages(course.grown) };
  const xct_state = await ports.seal.seal('xct_state', chatBinding(request.caller), state);
  return end(course, turn, { ...message, xct_state }, 'tool_calls', stopped);
}
