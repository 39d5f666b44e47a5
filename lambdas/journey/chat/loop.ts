import { chatLimits, type Stop } from '../../../contract/chat.ts';
import { laterChoice, namedChoice } from '../../domain/chat/choice.ts';
import { planCalls } from '../../domain/chat/plan.ts';
import type { ToolCall, Turn } from '../../domain/chat/turn.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { no, ok, type Result } from '../../domain/result.ts';
import { askModel } from './ask.ts';
import { begin, type Course, type End, hear, ownEnd, pause, record, saidSoFar } from './course.ts';
import type { OpenRound, Start } from './resume.ts';
import { type Done, runSteps, stopOf } from './run.ts';
import type { Talk } from './talk.ts';

type Approvals = ReadonlyMap<string, boolean>;

/** What came of a round's calls. */
interface Settled {
  readonly done: readonly Done[];
  /** Calls that are the caller's to answer or to decide about. */
  readonly returned: readonly ToolCall[];
  readonly stopped: Stop | undefined;
}

/** Settles the calls of a round that have no answer yet; every call gets exactly one tool message, in the calls' order. */
async function settle(
  talk: Talk,
  course: Course,
  { calls, answers }: OpenRound,
  approvals: Approvals,
): Promise<Settled> {
  const { offers, request } = talk;
  const waiting = calls.filter(({ id }) => !answers.has(id));
  const rules = { offers, maxCalls: request.body.xct_max_tool_calls, approvals };
  const { steps, used, stopped } = planCalls(waiting, course.used, rules);
  const done = await runSteps(steps, talk);
  const made = done.flatMap(({ entry, message }) => (message ? [[entry.id, message] as const] : []));
  const all = new Map([...answers, ...made]);
  course.grown.push(...calls.map(({ id }) => all.get(id)).filter((message) => message !== undefined));
  course.used = used;
  record(course, done);
  return {
    done,
    returned: steps.flatMap((step) => (step.do === 'return' ? [step.call] : [])),
    stopped: stopped ?? done.map(stopOf).find((stop) => stop !== undefined),
  };
}

/** The refusal that ends a conversation: of the key itself, or of a quota before anything was produced. */
function endingRefusal({ done }: Settled, course: Course): Refusal | undefined {
  const revoked = done.find(({ refusal }) => refusal?.code === 'unauthorized');
  const limited = done.find((one) => stopOf(one) !== undefined);
  const produced = course.said.length > 0 || course.calls.some((entry) => entry.status !== limited?.refusal?.code);
  return revoked?.refusal ?? (produced ? undefined : limited?.refusal);
}

/** Rounds of model and tools until the model is done, the caller has its part to do, or a limit is reached. */
export async function talkOn(talk: Talk, start: Start): Promise<Result<End, Refusal>> {
  const { body } = talk.request;
  const first = namedChoice(body.tool_choice, talk.offers.nameOf);
  if (!first.ok) return first;
  const course = begin(start);
  const maxRounds = body.xct_max_rounds ?? chatLimits.rounds;
  let approvals: Approvals = new Map(body.xct_approvals?.map(({ tool_call_id, approve }) => [tool_call_id, approve]));
  let { open } = start;
  let choice = open ? laterChoice(first.value) : first.value;

  const ask = async (last = false): Promise<Result<Turn, Refusal>> => {
    const turn = await askModel(talk, { messages: [...start.base, ...course.grown], choice }, last);
    if (turn.ok) hear(course, turn.value);
    choice = laterChoice(choice);
    return turn;
  };

  for (;;) {
    let turn: Turn | undefined;
    if (!open) {
      const asked = await ask();
      if (!asked.ok) return asked;
      turn = asked.value;
      course.rounds++;
      if (turn.calls.length === 0 || turn.isCut) return ok(ownEnd(talk, course, turn));
      open = { calls: turn.calls, answers: new Map() };
    }
    const settled = await settle(talk, course, open, approvals);
    const refusal = endingRefusal(settled, course);
    if (refusal) return no(refusal);
    const { returned } = settled;
    if (turn && returned.length > 0) return ok(await pause(talk, start, course, turn, returned, settled.stopped));
    const stopped = settled.stopped ?? (course.rounds >= maxRounds ? 'max_rounds' : undefined);
    if (stopped !== undefined) {
      if (turn && course.said.length > 0) return ok(saidSoFar(course, turn, stopped));
      const asked = await ask(true);
      return asked.ok ? ok(ownEnd(talk, course, asked.value, stopped)) : asked;
    }
    // What the caller decided holds for the calls that it saw: another one may come under the same id.
    approvals = new Map();
    open = undefined;
  }
}
