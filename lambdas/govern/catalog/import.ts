import { PresetAdd } from '../../../contract/catalog.ts';
import { checkHeaders } from '../../domain/credentials/index.ts';
import { messageOf } from '../../domain/refusal.ts';
import { no, ok, type Result } from '../../domain/result.ts';
import type { Records } from '../../ports/table.ts';
import type { CheckUrl } from '../../ports/upstream.ts';
import type { Acting } from '../acting.ts';
import { freeAlias, takenNames } from '../servers/alias.ts';
import { guessAuth } from './import-headers.ts';
import { placeholdersIn, secretInUrl } from './import-secrets.ts';

type Entry = Readonly<Record<string, unknown>>;
/** The shape of `mcp.json`: Claude and Cursor say `mcpServers`, VS Code says `servers`. */
interface McpFile {
  readonly mcpServers?: Readonly<Record<string, Entry>>;
  readonly servers?: Readonly<Record<string, Entry>>;
}
interface Draft {
  readonly server: Record<string, unknown>;
  readonly needs: readonly string[];
}

const stdio = 'it runs a local command (stdio); this gateway never starts one: give the URL of a remote server';
const sse = 'it uses the HTTP+SSE transport, which MCP replaced in 2025-03-26; give its Streamable HTTP URL';
const streamable = new Set(['http', 'streamable-http', 'streamable_http', 'streamablehttp']);

/**
 * Drafts for `POST /v1/mcp/server` from an `mcp.json` of Claude, Cursor or VS Code. Nothing is stored or called; secrets
 * in the file are not repeated, `needs` names the fields they belong in.
 */
export async function importServers(
  acting: Acting & { readonly records: Pick<Records, 'directory'>; readonly checkUrl: CheckUrl },
  file: McpFile,
): Promise<{ drafts: readonly Draft[]; refused: readonly { name: string; reason: string }[] }> {
  const taken = await takenNames(acting.records, acting.caller.org_id);
  const drafts: Draft[] = [];
  const refused: { name: string; reason: string }[] = [];
  for (const [name, entry] of [...Object.entries(file.mcpServers ?? {}), ...Object.entries(file.servers ?? {})]) {
    const draft = draftOf(entry, acting.checkUrl);
    if (!draft.ok) {
      refused.push({ name, reason: draft.refusal });
      continue;
    }
    const alias = freeAlias(name, taken);
    taken.add(alias);
    const label = name.replace(/[\p{Cc}\p{Cf}]/gu, '');
    drafts.push({
      server: { alias, ...(label === '' ? {} : { name: label }), ...draft.value.server },
      needs: draft.value.needs,
    });
  }
  return { drafts, refused };
}

/** A draft without its alias, or the reason in words. */
function draftOf(entry: Entry, checkUrl: CheckUrl): Result<Draft, string> {
  const transport = String(entry['type'] ?? entry['transport'] ?? 'http').toLowerCase();
  if ('command' in entry || 'args' in entry || transport === 'stdio') return no(stdio);
  if (transport === 'sse') return no(sse);
  if (!streamable.has(transport)) return no('its transport is not Streamable HTTP, the only one this gateway speaks');
  const url = urlOf(entry['url'], checkUrl);
  if (!url.ok) return url;
  const headers = entry['headers'] ?? {};
  if (!isTextByName(headers)) return no('its headers are not an object of texts');
  const guess = guessAuth(headersToKeep(headers));
  const oauth = guess.server.auth_type === 'none' && ('auth' in entry || 'oauth' in entry);
  const server = { ...url.value.server, ...guess.server, ...(oauth ? { auth_type: 'oauth2' } : {}) };
  const fits = PresetAdd.safeParse(server);
  if (!fits.success) return no(`its ${fits.error.issues[0]?.path.join('.') ?? 'entry'} is not what a server takes`);
  const { auth_type, auth = {}, static_headers = {} } = guess.server;
  const header = checkHeaders({ auth_type, auth, static_headers, extra_headers: [] });
  if (header) return no(messageOf(header));
  return ok({ server, needs: [...url.value.needs, ...guess.needs] });
}

/** A URL with placeholders is left out and needed: their defaults may be secrets. */
function urlOf(url: unknown, checkUrl: CheckUrl): Result<Draft, string> {
  if (typeof url !== 'string') return no('it has no URL');
  if (url.includes('${')) return ok({ server: {}, needs: [`url (${placeholdersIn(url).join(', ')})`] });
  const parsed = URL.parse(url);
  const secret = parsed ? secretInUrl(parsed) : 'its URL cannot be read';
  if (secret !== undefined) return no(secret);
  const checked = checkUrl(url);
  return checked.ok ? ok({ server: { url }, needs: [] }) : no(messageOf(checked.refusal));
}

/** Without what the gateway sets at every call itself. */
const headersToKeep = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !/^(?:accept|content-type)$/i.test(name)));

const isTextByName = (value: unknown): value is Readonly<Record<string, string>> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((one) => typeof one === 'string');
