import { isObject } from '../protocol/jsonrpc.ts';
import { invalid, type Refusal } from '../refusal.ts';
import { ok, type Result } from '../result.ts';
import { nameIn } from './entries.ts';

type Json = Readonly<Record<string, unknown>>;
type NameOf = (full: string) => string | undefined;

/** A reference to a function with a gateway tool's full name turned into the one the model knows. */
function renamed(reference: unknown, nameOf: NameOf): Result<unknown, Refusal> {
  const full = isObject(reference) ? nameIn(reference) : undefined;
  if (full === undefined || !full.includes('.')) return ok(reference);
  const name = nameOf(full);
  if (name === undefined) return invalid(`tool_choice: ${full} is not among the tools.`, 'tool_choice');
  return ok({ ...(reference as Json), function: { name } });
}

/** OpenAI's `tool_choice` in the names that the model knows; 400 for a gateway tool that is not offered. */
export function namedChoice(choice: unknown, nameOf: NameOf): Result<unknown, Refusal> {
  const allowed = isObject(choice) ? choice['allowed_tools'] : undefined;
  if (!isObject(allowed) || !Array.isArray(allowed['tools'])) return renamed(choice, nameOf);
  const tools: unknown[] = [];
  for (const tool of allowed['tools']) {
    const found = renamed(tool, nameOf);
    if (!found.ok) return found;
    tools.push(found.value);
  }
  return ok({ ...(choice as Json), allowed_tools: { ...allowed, tools } });
}

/** The choice of the rounds after the first: a model that must call a tool each time never comes to an answer. */
export function laterChoice(choice: unknown): unknown {
  if (choice === 'required') return 'auto';
  if (!isObject(choice)) return choice;
  const { allowed_tools: allowed } = choice;
  return isObject(allowed) ? { ...choice, allowed_tools: { ...allowed, mode: 'auto' } } : 'auto';
}
