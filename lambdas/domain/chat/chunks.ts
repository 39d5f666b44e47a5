import { isObject } from '../protocol/jsonrpc.ts';
import type { Result } from '../result.ts';
import { nameIn } from './entries.ts';
import { readTurn, type Turn } from './turn.ts';

type Json = Readonly<Record<string, unknown>>;
type Draft = Record<string, unknown>;

/** Fields of a delta whose texts follow one another (OpenAI's, and what others have for reasoning). */
const texts: ReadonlySet<string> = new Set(['content', 'refusal', 'reasoning', 'reasoning_content']);

/** A stream of one model answer, on its way to one message. */
export interface Reading {
  /** Takes a chunk; answers what of it is for the caller, undefined for nothing. */
  take(chunk: Json): Json | undefined;
  /** The whole, after the last chunk. */
  turn(): Result<Turn, string>;
}

/** A tool call under way; `at` is its place among those that the caller sees. */
interface Calling {
  readonly raw: Draft;
  at?: number;
}

function mergePart(into: Draft, key: 'function' | 'custom', part: unknown): void {
  if (!isObject(part)) return;
  const known: Draft = { ...(into[key] as Json | undefined) };
  for (const [field, value] of Object.entries(part))
    if (field === 'name') known[field] = value || known[field];
    else known[field] = typeof value === 'string' ? `${known[field] ?? ''}${value}` : value;
  into[key] = known;
}

function mergeCall({ raw }: Calling, { index: _, function: called, custom, ...rest }: Json): void {
  for (const [field, value] of Object.entries(rest)) raw[field] = value || raw[field];
  mergePart(raw, 'function', called);
  mergePart(raw, 'custom', custom);
}

/**
 * Reads the chunks of one answer (OpenAI, chat.completion.chunk). `isCallers` says by its name whether a tool call is for
 * the caller: such calls are handed on as they come, counted anew; others, roles, usage and finish reasons are kept back.
 */
export function readChunks(isCallers: (name: string) => boolean): Reading {
  const message: Draft = { role: 'assistant', content: null };
  const calls = new Map<number, Calling>();
  let shown = 0;
  let envelope: Json = {};
  let finish: unknown;
  let usage: unknown;

  /** What of a tool call's delta the caller sees: all so far at first, later what is new. */
  function takeCall(delta: Json): readonly Json[] {
    const { index } = delta;
    const last = calls.size - 1;
    const at = typeof index === 'number' ? index : delta['id'] ? last + 1 : last;
    const calling = calls.get(at) ?? { raw: {} };
    calls.set(at, calling);
    mergeCall(calling, delta);
    if (calling.at !== undefined) return [{ ...delta, index: calling.at }];
    const name = nameIn(calling.raw);
    if (!name || !isCallers(name)) return [];
    calling.at = shown++;
    return [{ index: calling.at, ...calling.raw }];
  }

  function takeDelta({ role: _, tool_calls: made, ...rest }: Json): Json {
    for (const [field, value] of Object.entries(rest))
      if (texts.has(field) && typeof value === 'string') message[field] = `${message[field] ?? ''}${value}`;
      else if (value !== null) message[field] = value;
    const seen = Array.isArray(made) ? made.filter(isObject).flatMap(takeCall) : [];
    return { ...rest, ...(seen.length === 0 ? {} : { tool_calls: seen }) };
  }

  return {
    take(chunk) {
      const { choices, usage: counted, ...rest } = chunk;
      envelope = { ...envelope, ...rest };
      usage = counted ?? usage;
      const kept = (Array.isArray(choices) ? choices : []).filter(isObject).flatMap((choice): readonly Json[] => {
        if (choice['index'] !== 0 && choice['index'] !== undefined) return [choice];
        finish = choice['finish_reason'] ?? finish;
        const delta = isObject(choice['delta']) ? takeDelta(choice['delta']) : {};
        const says = Object.values(delta).some((value) => value !== null && value !== '');
        return says ? [{ ...choice, index: 0, delta, finish_reason: null }] : [];
      });
      return kept.length === 0 ? undefined : { ...rest, choices: kept };
    },

    turn() {
      const made = [...calls].sort(([a], [b]) => a - b).map(([, { raw }]) => raw);
      const whole = made.length === 0 ? message : { ...message, tool_calls: made };
      return readTurn({
        ...envelope,
        object: 'chat.completion',
        choices: [{ index: 0, message: whole, finish_reason: finish }],
        ...(usage === undefined ? {} : { usage }),
      });
    },
  };
}
