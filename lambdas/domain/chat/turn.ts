import { renderJson } from '../protocol/json.ts';
import { isObject } from '../protocol/jsonrpc.ts';
import { no, ok, type Result } from '../result.ts';
import { nameIn } from './entries.ts';

type Json = Readonly<Record<string, unknown>>;

/** A tool call as a model made it. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON text, if the model kept to the form. */
  readonly arguments: string;
  /** As it came, for the model and the caller. */
  readonly raw: Json;
}

/** What a model said in one go. */
export interface Turn {
  /** The assistant message, whole. */
  readonly message: Json;
  readonly calls: readonly ToolCall[];
  readonly finish: string;
  /** Its end may be missing: none of its calls is run. */
  readonly isCut: boolean;
  /** The completion that it was read from. */
  readonly completion: Json;
}

/** The text of a message that has one. */
export const contentOf = ({ content }: Json): string => (typeof content === 'string' ? content : '');

/** Reasons to finish before the end. */
const cutShort: readonly string[] = ['length', 'content_filter'];

function readCall(raw: unknown): ToolCall | undefined {
  if (!isObject(raw) || typeof raw['id'] !== 'string' || raw['id'] === '') return undefined;
  const { function: called } = raw;
  const given = isObject(called) ? called['arguments'] : undefined;
  // A few providers give the object itself; models leave the text out where a tool takes nothing.
  const text = typeof given === 'string' ? given : renderJson(given ?? {});
  return { id: raw['id'], name: nameIn(raw) ?? '', arguments: text.trim() === '' ? '{}' : text, raw };
}

/** The tool calls of an assistant message; the reason why they are none where an id is missing or there twice (CL-10). */
export function callsIn({ tool_calls: given }: Json): Result<readonly ToolCall[], string> {
  if (!Array.isArray(given)) return ok([]);
  const calls = given.map(readCall);
  if (!calls.every((call) => call !== undefined)) return no('a tool call has no id');
  if (new Set(calls.map(({ id }) => id)).size < calls.length) return no('two tool calls have one id');
  return ok(calls);
}

/** Reads a chat completion; the reason why it is none, such as an end in the middle of its tool calls (CL-08). */
export function readTurn(completion: Json): Result<Turn, string> {
  const { choices } = completion;
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  if (!isObject(choice) || !isObject(choice['message'])) return no('it has no message');
  const { message, finish_reason: finish } = choice;
  if (typeof finish !== 'string' || finish === '') return no('it ended before it was finished');
  const calls = callsIn(message);
  if (!calls.ok) return calls;
  return ok({ message, calls: calls.value, finish, isCut: cutShort.includes(finish), completion });
}
