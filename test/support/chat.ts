import type { ToolEntry } from '../../contract/chat.ts';
import { makeOffers, type Offer, type Offers } from '../../lambdas/domain/chat/offer.ts';
import type { ToolCall } from '../../lambdas/domain/chat/turn.ts';
import type { ListedTool } from '../../lambdas/domain/tool-view.ts';
import type { Json } from './gateway.ts';
import { aServer } from './records.ts';

/** A listed tool of the server `wiki`. */
export const aListed = (name = 'echo', annotations?: Json): ListedTool => ({
  server: aServer({ alias: 'wiki' }),
  tool: { name },
  definition: { name, inputSchema: { type: 'object' }, ...(annotations ? { annotations } : {}) },
  priceUsd: 0,
});

/** The tool `echo` of the server `wiki`, offered without a condition. */
export const anOffer = (given: Partial<Offer> = {}): Offer => ({
  alias: 'wiki',
  tool: 'echo',
  definition: { name: given.tool ?? 'echo', inputSchema: { type: 'object' } },
  approval: false,
  source: 0,
  ...given,
});

/** A function of the caller's own, as `tools` has it. */
export const aFunction = (name: string, more: Json = {}): ToolEntry => ({
  type: 'function',
  function: { name },
  ...more,
});

/** What these make a model be offered; throws where they clash. */
export function theOffers(found: readonly Offer[] = [anOffer()], own: readonly string[] = ['mine']): Offers {
  const made = makeOffers(
    found,
    own.map((name) => aFunction(name)),
  );
  if (!made.ok) throw new Error('these clash');
  return made.value;
}

/** A tool call as a model makes it. */
export const aCall = (id: string, name = 'wiki__echo', args: unknown = {}): ToolCall => {
  const text = typeof args === 'string' ? args : JSON.stringify(args);
  return { id, name, arguments: text, raw: { id, type: 'function', function: { name, arguments: text } } };
};
