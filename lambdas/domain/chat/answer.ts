import type { ChatCall, ChatReport, Stop } from '../../../contract/chat.ts';
import { type Micros, toUsd } from '../money.ts';
import { renderJson } from '../protocol/json.ts';

type Json = Readonly<Record<string, unknown>>;

/** What one completion is known by, in whatever number of chunks and rounds it comes. */
export interface Heading {
  readonly id: string;
  /** Seconds since the epoch. */
  readonly created: number;
  readonly model: string;
}

/** The sentence that goes with a stop. */
const notes: Readonly<Record<Stop, string>> = {
  max_rounds: 'The limit of rounds was reached: the model got no further tools.',
  max_tool_calls: 'The limit of tool calls was reached: the model got no further tools.',
  repeated_call: 'The model kept making the same call: it got no further tools.',
  quota: 'The quota of tool calls is used up: the model got no further tools.',
  budget: 'The budget for tool calls is used up: the model got no further tools.',
};

/** What the gateway did for an answer. */
export const reportOf = (
  rounds: number,
  calls: readonly ChatCall[],
  cost: Micros,
  stopped: Stop | undefined,
): ChatReport => ({
  rounds,
  tool_calls: [...calls],
  cost_usd: toUsd(cost),
  ...(stopped === undefined ? {} : { stopped, note: notes[stopped] }),
});

/** One server-sent event of a stream (OpenAI: `data:` alone). */
export const dataEvent = (data: object): string => `data: ${renderJson(data)}\n\n`;
/** The end of a stream. */
export const doneEvent = 'data: [DONE]\n\n';

/** A chunk of ours with one choice, without its heading. */
export const chunkOf = (delta: Json, finish: string | null = null, more: Json = {}): Json => ({
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta, finish_reason: finish }],
  ...more,
});

/** A chunk or completion under the one heading of its answer; the model's own name for itself stays. */
export function headed(heading: Heading, { id: _, created: __, model, ...rest }: Json): Json & Heading {
  const name = typeof model === 'string' && model !== '' ? model : heading.model;
  return { ...heading, model: name, ...rest };
}
