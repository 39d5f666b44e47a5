import type { ToolDefinition } from '../definition.ts';
import { styles } from '../invocations/index.ts';
import { fullName } from '../names.ts';
import { withoutMirrors } from '../protocol/mirrors.ts';
import { invalid, type Refusal } from '../refusal.ts';
import { ok, type Result } from '../result.ts';
import { nameIn } from './entries.ts';

type Json = Readonly<Record<string, unknown>>;

/** A gateway tool that a model may call. */
export interface Offer {
  readonly alias: string;
  readonly tool: string;
  readonly definition: ToolDefinition;
  /** A call of it waits for the caller. */
  readonly approval: boolean;
  /** Position of the source it was found through, which says how far a call of it may reach. */
  readonly source: number;
}

/** What a model is offered: gateway tools under the names it knows them by, and the caller's own. */
export interface Offers {
  /** The exact way back from a name; it is never taken apart. */
  readonly of: ReadonlyMap<string, Offer>;
  readonly own: ReadonlySet<string>;
  /** `tools` of the request to the model. */
  readonly tools: readonly Json[];
  /** The name a model knows a gateway tool by. */
  nameOf(full: string): string | undefined;
}

/** Joins what several entries offer: the first one counts, and one that asks for approval is enough. */
function joined(found: readonly Offer[]): readonly Offer[] {
  const byName = new Map<string, Offer>();
  for (const offer of found) {
    const first = byName.get(fullName(offer));
    byName.set(fullName(offer), first ? { ...first, approval: first.approval || offer.approval } : offer);
  }
  return [...byName.values()];
}

/** The offers of a request; 400 where a function of the caller's has the name of a gateway tool (CL-12). */
export function makeOffers(found: readonly Offer[], ownTools: readonly Json[]): Result<Offers, Refusal> {
  const of = styles.chat.name(joined(found), false);
  const own = new Set(ownTools.flatMap((tool) => nameIn(tool) ?? []));
  const clash = [...own].find((name) => of.has(name));
  if (clash !== undefined) return invalid(`tools: ${clash} is also a tool of this gateway: rename yours.`, 'tools');
  const names = new Map([...of].map(([name, offer]) => [fullName(offer), name]));
  const tools = [...of].map(([name, { definition }]) => ({
    type: 'function',
    function: {
      name,
      description: definition.description ?? '',
      parameters: withoutMirrors(definition.inputSchema),
    },
  }));
  return ok({ of, own, tools: [...tools, ...ownTools], nameOf: (full) => names.get(full) });
}
