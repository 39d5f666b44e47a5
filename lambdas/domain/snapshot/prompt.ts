import type { PromptDefinition } from '../definition.ts';
import { isObject } from '../protocol/jsonrpc.ts';
import { no, ok, type Result } from '../result.ts';
import { commonFault, sizeFault, textFault } from './text.ts';

/** What a person can read and tell apart: visible characters and spaces between them (TD-05). */
const readable = /^(?! )[^\p{C}\p{Zl}\p{Zp}]{1,128}(?<! )$/u;

const isReadable = (name: unknown): boolean => typeof name === 'string' && readable.test(name);

/** Why the arguments of a prompt are refused. */
function argumentsFault(given: unknown): string | undefined {
  if (given === undefined) return undefined;
  if (!Array.isArray(given)) return 'arguments is not a list';
  for (const argument of given) {
    if (!isObject(argument) || !isReadable(argument['name'])) return 'an argument has no valid name';
    const fault =
      textFault('title of an argument', argument['title']) ??
      textFault('description of an argument', argument['description']);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** Checks a prompt as an upstream sent it; the refusal says in one phrase what is wrong with it. */
export function checkPrompt(definition: unknown): Result<PromptDefinition, string> {
  if (!isObject(definition) || !isReadable(definition['name'])) return no('its name is not valid');
  const fault =
    commonFault(definition) ?? argumentsFault(definition['arguments']) ?? sizeFault('the definition', definition);
  return fault === undefined ? ok(definition as unknown as PromptDefinition) : no(fault);
}
