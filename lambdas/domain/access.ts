import type { LevelName } from '../../contract/access.ts';
import { approvedTools, type Gate, gates, groundsOf, pinned, quarantine } from './cascade/gates.ts';
import type { Rules } from './cascade/rules.ts';
import { allowRule } from './cascade/words.ts';
import type { PinnedTool } from './definition.ts';
import { type Decider, type Holder, holderRule, holdersOf } from './holders.ts';
import type { Grant, ServerRecord } from './records.ts';
import { forbidden, notFound, type Refusal, unauthorized } from './refusal.ts';
import type { World } from './world.ts';

/** A tool that may be called, and the argument rules that a call must pass (`failedRule`). */
export interface Callable {
  readonly server: ServerRecord;
  readonly tool: PinnedTool;
  readonly rules: Rules;
}

/** The answer for one tool; a refused one fits `No<Refusal>`. */
export type Verdict =
  | (Callable & { readonly ok: true; readonly by: Decider })
  | { readonly ok: false; readonly refusal: Refusal; readonly by: Decider };

/** What a caller may do, decided by one world at one moment. */
export interface Access {
  /** The level that decides and its grant; both null where none speaks. */
  readonly level: LevelName | null;
  readonly grant: Grant | null;
  /** `server` is undefined where the name is unknown. */
  check(server: ServerRecord | undefined, tool: string): Verdict;
  /** All that `check` accepts, by alias, then in snapshot order. */
  tools(): readonly Callable[];
  /** `tools()` and what only the quarantine holds back. */
  granted(): readonly Pick<Callable, 'server' | 'tool'>[];
  /** The servers of `tools()`. */
  servers(): readonly ServerRecord[];
  /**
   * Whether a server has prompts, resources or completion for this caller: it is granted whole by every holder and passes
   * the same gates as its tools.
   */
  offers(server: ServerRecord): boolean;
}

/** The fields of a grant that give a server with all it has; a list of tools, also in a toolset, gives those tools. */
const wholly: ReadonlySet<string | undefined> = new Set(['mcp_servers', 'mcp_access_groups']);

/** Gates that are asked after the grant: before it, they would tell what exists to whom nothing of it is granted. */
const late: readonly Gate[] = [pinned, quarantine];

function refusalOf(by: Decider, server: ServerRecord | undefined, tool: string): Refusal {
  if (by.kind === 'gate' && by.name === 'principal') return unauthorized().refusal;
  if (by.kind === 'gate' && by.name === quarantine.name)
    return {
      code: 'tool_definition_changed',
      message: `${server?.alias}.${tool} was changed by its server; it comes back once an admin has approved the change.`,
    };
  // One text for all that is not there, so that a pending server, blocked or not, looks like none.
  if (server?.status !== 'active' || by.name === 'tenant' || by.name === pinned.name)
    return notFound(`Tool ${tool}`).refusal;
  const level = by.kind === 'minter' ? 'minter' : by.name;
  const why = by.kind === 'gate' ? 'blocked in this org' : 'not granted';
  return forbidden(`Tool ${server.alias}.${tool} is ${why}.`, level, by.rule).refusal;
}

/** Decides for a world at `now` (ms): gates, the level that speaks, every minter. */
export function accessOf(world: World, now: number): Access {
  const grounds = groundsOf(world, now);
  const holders = holdersOf(world);
  const { spoke, permit } = holders[0];
  const refuser = (server: ServerRecord, tool: string) => holders.find((holder) => !holder.permit(server, tool));

  /** The one place that decides: what may be called, or who refuses it. */
  function judge(server: ServerRecord, tool: string): Callable | Gate | Holder {
    const gate = gates.find((one) => !late.includes(one) && one.refuses(grounds, server, tool) !== undefined);
    if (gate !== undefined) return gate;
    const refusing = refuser(server, tool);
    const found = grounds.approved.get(server.id)?.get(tool);
    if (found === undefined) {
      // Who is granted nothing of a server hears the same of a tool that exists and of one that does not.
      const isGranted = refusing === undefined || approvedTools(server).some(({ name }) => !refuser(server, name));
      return isGranted ? pinned : refusing;
    }
    if (refusing !== undefined) return refusing;
    if (quarantine.refuses(grounds, server, tool) !== undefined) return quarantine;
    return { server, tool: found, rules: holders.flatMap((holder) => holder.permit(server, tool)!.rules) };
  }

  function check(server: ServerRecord | undefined, tool: string): Verdict {
    const ruling = server === undefined ? gates[0] : judge(server, tool);
    if ('rules' in ruling) {
      const { level } = spoke!;
      return {
        ok: true,
        ...ruling,
        by: { kind: 'level', name: level, rule: allowRule(level, permit(ruling.server, tool)!, tool) },
      };
    }
    const by: Decider =
      'refuses' in ruling
        ? { kind: 'gate', name: ruling.name, rule: ruling.refuses(grounds, server, tool)! }
        : holderRule(ruling, server!, tool);
    return { ok: false, refusal: refusalOf(by, server, tool), by };
  }

  const rulings = () =>
    [...world.servers]
      .sort((a, b) => (a.alias < b.alias ? -1 : 1))
      .flatMap((server) => approvedTools(server).map((tool) => ({ server, tool, ruling: judge(server, tool.name) })));
  const tools = (): readonly Callable[] => rulings().flatMap(({ ruling }) => ('rules' in ruling ? [ruling] : []));

  // Asks for a tool without a name, which no list holds: only what grants the server whole grants it.
  const offers = (server: ServerRecord): boolean =>
    Object.values(server.offers ?? {}).some(Boolean) &&
    gates.every((one) => late.includes(one) || one.refuses(grounds, server, '') === undefined) &&
    holders.every((holder) => wholly.has(holder.permit(server, '')?.field));

  return {
    level: spoke?.level ?? null,
    grant: spoke?.grant ?? null,
    check,
    tools,
    granted: () => rulings().filter(({ ruling }) => 'rules' in ruling || ruling === quarantine),
    servers: () => [...new Set(tools().map(({ server }) => server))],
    offers,
  };
}
