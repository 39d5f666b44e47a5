import { modelBody } from '../../domain/chat/body.ts';
import { readChunks } from '../../domain/chat/chunks.ts';
import { readTurn, type Turn } from '../../domain/chat/turn.ts';
import { genAi } from '../../domain/gen-ai.ts';
import { isObject } from '../../domain/protocol/jsonrpc.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { no, type Result } from '../../domain/result.ts';
import { leftMs, type Talk } from './talk.ts';

type Json = Readonly<Record<string, unknown>>;

/** Whether a tool call is for the caller to see: its own function, a call that waits for its word, or nothing of ours. */
export const isCallers =
  ({ offers: { of, own } }: Talk) =>
  (name: string): boolean =>
    of.size === 0 || own.has(name) || (of.get(name)?.approval ?? false);

/** What a model is asked with. */
export interface Question {
  readonly messages: readonly Json[];
  readonly choice: unknown;
}

/** One answer of the model, streamed to the caller where it streams; `last`: it may call nothing any more. */
export async function askModel(
  talk: Talk,
  { messages, choice }: Question,
  last = false,
): Promise<Result<Turn, Refusal>> {
  const { request, ports, model, offers, voice } = talk;
  const { body } = request;
  const asked = modelBody(body, { messages, tools: offers.tools, choice: last ? 'none' : choice });
  const patience = { timeoutMs: leftMs(talk), signal: voice.signal };
  const began = ports.clock();
  let firstAt: number | undefined;
  let answer: Result<Turn, Refusal>;
  if (body.stream) {
    const reading = readChunks(last ? () => false : isCallers(talk));
    const streamed = await model.stream(asked, patience, (chunk) => {
      firstAt ??= ports.clock();
      const kept = reading.take(chunk);
      if (kept) voice.chunk(kept);
    });
    answer = streamed.ok ? checked(reading.turn()) : streamed;
  } else {
    const completed = await model.complete(asked, patience);
    answer = completed.ok ? checked(readTurn(completed.value)) : completed;
  }
  log(talk, answer, ports.clock() - began, firstAt === undefined ? undefined : firstAt - began);
  return answer;
}

const checked = (turn: Result<Turn, string>): Result<Turn, Refusal> =>
  turn.ok ? turn : no({ code: 'model_error', message: `The model's answer cannot be used: ${turn.refusal}.` });

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const count = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** The line of one model answer: who, which model, how long, how many tokens; nothing that was said. */
function log({ request, model, ports }: Talk, answer: Result<Turn, Refusal>, tookMs: number, firstMs?: number): void {
  const { caller, requestId, body } = request;
  const completion = answer.ok ? answer.value.completion : {};
  const usage = isObject(completion['usage']) ? completion['usage'] : {};
  ports.accountModel({
    request_id: requestId,
    org_id: caller.org_id,
    key_id: caller.key_id,
    team_id: caller.team_id,
    user_id: caller.user_id,
    agent_id: caller.agent_id,
    setting: model.setting,
    [genAi.operation]: 'chat',
    [genAi.requestModel]: body.model,
    [genAi.responseModel]: text(completion['model']),
    [genAi.inputTokens]: count(usage['prompt_tokens']),
    [genAi.outputTokens]: count(usage['completion_tokens']),
    [genAi.duration]: tookMs / 1_000,
    [genAi.firstChunk]: firstMs === undefined ? undefined : firstMs / 1_000,
    [genAi.errorType]: answer.ok ? undefined : answer.refusal.code,
  });
}
