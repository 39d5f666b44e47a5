import type { McpEntry, ToolEntry } from '../../../contract/chat.ts';
import { isObject } from '../protocol/jsonrpc.ts';
import type { Refusal } from '../refusal.ts';
import { no, ok, type Result } from '../result.ts';

type Json = Readonly<Record<string, unknown>>;

/** An entry of `tools` that names servers. */
export interface SetEntry {
  readonly entry: McpEntry;
  /** Comma-separated, as `x-mcp-servers` has them; undefined: everything the caller may use. */
  readonly names: string | undefined;
  /** The field that names them. */
  readonly param: string;
}

/** The entries of `tools` by what they are. */
export interface Entries {
  readonly sets: readonly SetEntry[];
  /** Gateway tools by full name. */
  readonly named: readonly { readonly name: string; readonly param: string }[];
  /** Everything else is the caller's own, for the model as it is. */
  readonly own: readonly Json[];
}

const set = '([A-Za-z0-9_,-]+)';
/** `xct` and LiteLLM's word for the same. */
const shortForm = new RegExp(`^(?:xct|litellm_proxy)(?:/mcp(?:/${set})?)?/?$`);
/** The paths of the MCP doors. */
const doorPath = new RegExp(`^(?:/${set})?/mcp(?:/v1)?/?$`);

/** The set in a `server_url`: undefined for everything, null for what is not this gateway. */
function setIn(serverUrl: string, ownHosts: readonly string[]): string | undefined | null {
  const short = shortForm.exec(serverUrl);
  if (short) return short[1];
  const url = URL.parse(serverUrl);
  const door = doorPath.exec(url?.pathname ?? '');
  return url && door && ownHosts.includes(url.host) ? door[1] : null;
}

/** The name of a tool entry or of a tool call, of whichever type it is. */
export function nameIn(of: Json): string | undefined {
  for (const part of [of['function'], of['custom']])
    if (isObject(part) && typeof part['name'] === 'string') return part['name'];
  return undefined;
}

/**
 * Sorts `tools`. A function whose name has a dot is a gateway tool: no model takes such a name. A `server_url` is read
 * as a set of this gateway and never dialled; `ownHosts` are its hosts with their ports.
 */
export function readEntries(tools: readonly ToolEntry[], ownHosts: readonly string[]): Result<Entries, Refusal> {
  const sets: SetEntry[] = [];
  const named: Entries['named'][number][] = [];
  const own: Json[] = [];
  for (const [at, tool] of tools.entries()) {
    const name = tool.type === 'function' ? nameIn(tool) : undefined;
    if (tool.type === 'mcp') {
      const entry = tool as McpEntry;
      const given = entry.server_url ?? undefined;
      const param = `tools.${at}.${given === undefined ? 'server_label' : 'server_url'}`;
      const names = given === undefined ? entry.server_label : setIn(given, ownHosts);
      if (names === null) return no({ code: 'unknown_server', message: `${param}: ${notOurs}`, param });
      sets.push({ entry, names, param });
    } else if (name?.includes('.')) named.push({ name, param: `tools.${at}.function.name` });
    else {
      const { xct: _, ...rest } = tool as Json;
      own.push(rest);
    }
  }
  return ok({ sets, named, own });
}

const notOurs = 'is not this gateway. Give xct/mcp/{set}, or leave it out and let server_label name the set.';
